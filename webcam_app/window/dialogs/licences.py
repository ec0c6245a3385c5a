"""Under which licences the application and what it is built on may be passed on."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from webcam_app import __version__


@dataclass(frozen=True, slots=True)
class Component:
    """Something that is shipped with the application, or installed with it.

    Attributes:
        name: what it is called.
        licence: under which it may be passed on.
        purpose: what it does here.
        package: the Python package that brings it and knows its version; empty for what the application ships.
        optional: whether it is left out where that package is not installed, as another takes its place.
    """

    name: str
    licence: str
    purpose: str
    package: str = ""
    optional: bool = False


SHIPPED = (
    Component("Webcam App", "MIT", "the program, its icons and its networks"),
    Component("FairFace", "CC BY 4.0, Kärkkäinen and Joo 2021", "pictures that both networks learned from"),
    Component("Photographs of streets", "CC0", "pictures that both networks learned from"),
    Component("Demo clip", "public domain; portraits by NASA and the United States Navy", "shown without a camera"),
)
# The licences are those of the projects' own licence files; those of FFmpeg as it is built for the av package.
INSTALLED = (
    Component("PyQt5", "GPL v3", "the window", "PyQt5"),
    Component("Qt", "LGPL v3", "the window", "PyQt5-Qt5"),
    Component("sip", "BSD 2-Clause", "connects the two", "PyQt5-sip"),
    Component("PyAV", "BSD 3-Clause", "videos and streams", "av"),
    Component("FFmpeg", "LGPL v3 or later; with x264 and x265 GPL", "videos and streams", "av"),
    Component("x264 and x265", "GPL v2 or later", "H.264 of the recordings", "av"),
    Component(
        "OpenCV", "Apache 2.0; the FFmpeg in it LGPL v2.1 or later", "cameras, cascades", "opencv-python-headless"
    ),
    Component("OpenCV", "Apache 2.0; the FFmpeg in it LGPL v2.1 or later", "cameras, cascades", "opencv-python", True),
    Component("NumPy", "BSD 3-Clause; parts 0BSD, MIT, Zlib, CC0", "arrays", "numpy"),
    Component("LiteRT", "Apache 2.0", "runs the networks", "ai-edge-litert", True),
    Component("TensorFlow Lite", "Apache 2.0", "runs the networks", "tflite-runtime", True),
    Component("Pillow", "MIT-CMU", "photographs", "Pillow"),
    Component("pillow-heif", "BSD 3-Clause", "HEIC photographs", "pillow-heif", True),
    Component("libheif and libde265", "LGPL v3 or later; x265 in the same package GPL", "HEIC", "pillow-heif", True),
    Component("pillow-jxl-plugin", "GPL v3 or later", "JPEG XL photographs", "pillow-jxl-plugin", True),
    Component("libjxl", "BSD 3-Clause", "JPEG XL photographs", "pillow-jxl-plugin", True),
    Component("rawpy", "MIT", "previews of camera raw files", "rawpy", True),
    Component("LibRaw", "LGPL v2.1 or CDDL 1.0", "previews of camera raw files", "rawpy", True),
    Component("threadpoolctl", "BSD 3-Clause", "keeps NumPy to one thread", "threadpoolctl"),
    Component("imutils", "MIT", "resizes photographs", "imutils"),
    Component("sounddevice", "MIT", "microphones", "sounddevice"),
    Component("PortAudio", "MIT", "microphones", "sounddevice"),
    Component("CFFI", "MIT", "used by sounddevice", "cffi", True),
    Component("pycparser", "BSD 3-Clause", "used by CFFI", "pycparser", True),
    Component("cv2-enumerate-cameras", "MIT", "names of cameras", "cv2-enumerate-cameras", True),
    Component("FlatBuffers", "Apache 2.0", "used by LiteRT", "flatbuffers", True),
    Component("Protocol Buffers", "BSD 3-Clause", "used by LiteRT", "protobuf", True),
    Component("ml_dtypes", "Apache 2.0", "used by LiteRT", "ml_dtypes", True),
    Component("tqdm", "MPL 2.0 and MIT", "used by LiteRT", "tqdm", True),
    Component("typing_extensions", "PSF 2.0", "used by LiteRT", "typing-extensions", True),
    Component("backports.strenum", "MIT", "used by LiteRT", "backports.strenum", True),
)
MEANING = """
<p>The program itself is free software under the MIT licence and may be passed on alone by its terms. <b>Together with
PyQt5</b>, as in an installer, an image or a container, it may be passed on by the terms of the <b>GNU General Public
License, version 3</b>, only, unless a licence of PyQt5 was bought: with the source of the whole, under the same
licence. FFmpeg with x264 and x265 asks for the same. Whoever only uses the application has nothing to do. In some
countries H.264 is covered by patents, about which these licences say nothing.</p>
<p>OpenCV, NumPy, PyAV and Pillow bring further libraries, which their own licence files list.</p>
"""


def components() -> Iterator[tuple[Component, str]]:
    """What is shipped and installed, each with its version; that is empty where it is not known."""
    for component in SHIPPED:
        yield component, __version__ if component is SHIPPED[0] else ""
    for component in INSTALLED:
        version = _version(component.package)
        if version or not component.optional:
            yield component, f"in {component.package} {version}" if _is_part(component) and version else version


def licences_html() -> str:
    """The section of the help that lists them."""
    rows = "".join(
        f"<tr><td style='padding: 2px 12px 2px 0'>{escape(component.name)} {escape(version)}</td>"
        f"<td style='padding: 2px 12px 2px 0'>{escape(component.licence)}</td>"
        f"<td style='padding: 2px 0'>{escape(component.purpose)}</td></tr>"
        for component, version in components()
    )
    return f"<h3>Licences</h3>{MEANING}<table>{rows}</table>"


def _is_part(component: Component) -> bool:
    """Whether it lies inside a package of another name, whose version is not its own."""
    return component.package == "av" and component.name != "PyAV"


def _version(package: str) -> str:
    """Empty where the package is not installed, or lies in a bundle that does not tell."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""
