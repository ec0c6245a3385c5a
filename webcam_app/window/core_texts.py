"""What the other rooms say, in the language of the window: messages, labels, names of a camera's controls.

Those rooms know no Qt, and their messages are English on the command line, in files and in the log. Here the frequent
ones stand once more, as templates: a message that fits one is written anew in another language, any other stays as it
is. ``tests/window/test_core_texts.py`` fails where a template is no longer what its room says.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable

from webcam_app.faces.face import Face
from webcam_app.output.overlay import describe
from webcam_app.window.translation import mark, percent, translated

LABELS = (
    mark("female", "label"),
    mark("male", "label"),
    mark("unsure", "label"),
    mark("mask", "label"),
    mark("no mask", "label"),
    mark("no face", "label"),
    mark("true label", "label"),
    mark("all", "label"),
    mark("bare", "label"),
    mark("masked", "label"),
)
"""Of the model that comes with the application, and what stands beside them in tables."""

CONTROLS = (
    mark("Brightness"),
    mark("Contrast"),
    mark("Saturation"),
    mark("Hue"),
    mark("Gamma"),
    mark("Sharpness"),
    mark("Backlight compensation"),
    mark("Exposure control"),
    mark("Exposure time"),
    mark("Exposure"),
    mark("Lower the rate in the dark"),
    mark("Automatic gain"),
    mark("Gain"),
    mark("Automatic white balance"),
    mark("White balance"),
    mark("Red balance"),
    mark("Blue balance"),
    mark("Automatic focus"),
    mark("Focus"),
    mark("Zoom of the lens"),
    mark("Pan"),
    mark("Tilt"),
    mark("Flicker of lamps"),
    mark("Automatic"),
    mark("By hand"),
    mark("Time by hand"),
    mark("Automatic, with a fixed aperture"),
    mark("Disabled"),
)
"""What ``capture.controls`` and drivers call what can be set on a camera."""

MESSAGES = (
    # capture: cameras
    mark("The camera {camera} could not be started. Plug it in again, or choose another."),
    mark("The camera {camera} was unplugged or switched off. Plug it in again."),
    mark("The camera {camera} delivers only damaged pictures. Plug it in again, or choose another."),
    mark("The camera {camera} stopped delivering. Plug it in again if it stays so."),
    mark("No camera was found. Plug one in and try again, or open a video file, a folder of pictures or a stream."),
    mark("Add yourself to its group (sudo usermod -aG video $USER) and log in again."),
    mark("Close the program that shows its picture (a browser, a meeting), then try again."),
    mark("The camera {camera} is in use by another program. {help}"),
    mark("You are not allowed to use the camera {camera}. {help}"),
    mark("There is no camera '{camera}'. Cameras here: {cameras}."),
    mark(
        "There is no camera, file or folder '{name}'. Give the path of a file or folder, an address such as "
        "rtsp://192.168.1.20/stream, or plug a camera in."
    ),
    mark("The camera {camera} is not there any more. Plug it in again."),
    mark("The camera {camera} cannot be opened: {reason}. Plug it in again."),
    mark("{camera} delivers no pictures now. Choose another camera."),
    mark("{name} is no camera ({reason})."),
    mark("The camera {camera} did not take {controls}. Choose another value, or plug it in again."),
    mark("The camera {camera} cannot be asked what can be set: {reason}."),
    mark("The camera {camera} does not answer: {reason}. Plug it in again."),
    mark(
        "The camera {camera} is the virtual one that shows this very picture. Choose another camera, or turn the "
        "virtual camera off."
    ),
    # capture: files
    mark("{name} is damaged after {count} pictures: {reason}."),
    mark("truncated: its last bytes are missing"),
    mark("truncated: detail is missing"),
    mark("truncated: the {side} {share} % are missing"),
    mark("damaged: its last bytes are missing"),
    mark("damaged: detail is missing"),
    mark("damaged: the {side} {share} % are missing"),
    mark("{name} is a {kind} picture, and what reads those is not installed: {install}"),
    mark("{name} is a {kind} of a kind that is not read. {help}"),
    mark("{name} is a {kind} picture of a form that is not read ({form}). {help}"),
    mark("Save it as a JPEG or PNG picture."),
    mark("{name} is not a picture, or of a kind that cannot be read."),
    mark("{name} is empty."),
    mark("{name} begins like a {kind} picture, but is damaged or cut off. Copy it again."),
    mark("{name} is a video with the name of a picture. Give it a video's ending, such as .mp4."),
    mark("{name} is too large{size}: at most {count} million pixels are decoded. Make it smaller."),
    mark("{name} needs more memory than there is. Make it smaller."),
    mark("{name} is damaged: {reason}."),
    mark("{name} is damaged: it is truncated before its picture begins."),
    mark("{name} is too large: at most {count} MB are read. Make it smaller."),
    mark("{name} is {kind}, not a picture."),
    mark("{name} is {kind}, not a video or picture."),
    mark("{name} does not exist."),
    mark("{name} may not be read by this user. Change its permissions."),
    mark("{name} may not be read by this user."),
    mark("{name} cannot be read: {reason}."),
    mark("Opening was cancelled."),
    mark("The folder {folder} may not be read by this user."),
    mark("The file {file} does not exist."),
    mark("The folder {folder} holds no pictures."),
    mark("None of the {count} pictures in {folder} can be read: {problem}"),
    mark("{name} is {remark}."),
    mark("{name} cannot be played: {reason}. Choose another file."),
    mark("no video, or damaged ({reason})"),
    mark("has sound but no pictures"),
    mark("is damaged or holds no pictures"),
    mark("{name} {what}. Choose a file with video."),
    mark("{name} cannot be played from elsewhere ({reason})."),
    mark("{name} holds no picture that can be decoded. Choose another file."),
    mark("{name} is damaged or cut off: it ends after {seconds} of {whole} seconds."),
    mark("{name} cannot be read any further ({reason})."),
    # capture: addresses
    mark("{name} is no address: after :// come the host and perhaps a port, a number."),
    mark("{name} is no address. In the name and the password, {help}."),
    mark("{name} leads to what is no address."),
    mark("{name} sends you on to {target}. Give that address if you trust it."),
    mark("{name} leads to {target}. Open that instead, if you trust it."),
    mark("There is nothing at {name} ({status}). Check the address."),
    mark("There is nothing at {name} (404). Check the address."),
    mark("{name} reports a fault of its own ({status}). Try again later."),
    mark("{name} refuses this name and password. Check both; in them, {help}."),
    mark("write / as %2F, # as %23, ? as %3F, @ as %40, : as %3A and % as %25"),
    mark("Nothing answers at {name}. Is the camera on, and the address right?"),
    mark("Nothing answers at {name}. Is the camera on, and the port right?"),
    mark("{name} did not answer. Is the camera on?"),
    mark("{name} did not answer within {seconds} seconds. Is the camera on?"),
    mark("{name} cannot be opened ({reason}). Check the address."),
    mark("{name} cannot be opened ({reason}). Check the address.{hint}"),
    mark("{name} cannot be opened: addresses begin with one of {schemes}."),
    mark("{name} delivers no picture that can be decoded."),
    mark("{name} delivers no pictures. Give the address of a video stream."),
    mark("{name} delivers damaged pictures."),
    mark("{name} delivers damaged pictures ({reason})."),
    mark("{name} cannot be read ({reason}). Try again."),
    mark("{name} stopped delivering pictures."),
    mark("{name} ended the stream."),
    mark("The connection to {name} broke ({reason})."),
    mark("{name} is encrypted in a way that cannot be played."),
    mark("{name} names no videos."),
    # capture: sound
    mark(
        "Sound needs PortAudio, which is not installed. On Debian or Ubuntu: sudo apt-get install libportaudio2. The "
        "picture is recorded without sound."
    ),
    mark("The system's sound does not work. The picture is recorded without sound"),
    mark("The microphone {name} is not plugged in. Plug it in, or choose another."),
    mark("The microphone {name} cannot be opened ({reason}). Is another program using it?"),
    mark("The microphone {name} stopped delivering sound."),
    # faces
    mark("model '{path}' is refused by the TFLite runtime: {reason}"),
    mark("no TFLite runtime is installed: pip install ai-edge-litert"),
    mark("model '{path}' answered with numbers that are no probabilities"),
    mark("model '{path}' failed on a face: {reason}"),
    mark(
        "model '{path}' was taught with another version of the network '{network}': teach it again with webcam-app "
        "teach"
    ),
    # live
    mark("Faces are not looked for: {reason}."),
    mark("Faces are not found: {reason}."),
    mark("A recording is running already. Stop it first."),
    mark("There is no picture to record. Start a camera or open a file first."),
    mark("There is no recording to pause."),
    mark("There is no recording to stop."),
    mark("The microphone failed: {reason}. It is heard again once it is back."),
    mark("The source failed: {reason}. Try again, or choose another."),
    mark("The program is closing; nothing was recorded."),
    mark("The recording stopped: {reason}."),
    mark("Opening {name} …"),
    mark("{problem} It goes on by itself once it is back."),
    mark("{problem} It is heard again once it is back."),
    mark("{name} cannot be read at the moment. It goes on when it can be."),
    mark("{name} has ended."),
    mark("There is no picture to keep yet. Start a camera or open a file first."),
    # output
    mark("the disk is full: free some space or choose another folder"),
    mark("your disk quota is used up: free some space or choose another folder"),
    mark("the file reached the largest size that this disk takes: choose another disk or start another file"),
    mark("the disk is read-only: choose another folder"),
    mark("this user may not write there: choose another folder"),
    mark("the folder is not there: choose another one"),
    mark("there is a file where the folder should be: choose another folder"),
    mark("it is a folder: name a file in it"),
    mark("the name is too long for this disk: choose a shorter name or folder"),
    mark("the disk reports an error: was it taken out?"),
    mark("the disk is gone: was it taken out?"),
    mark("there is such a file already"),
    mark("Cannot write '{path}': {reason}"),
    mark("Cannot write '{path}': name it with the ending .jpg or .png"),
    mark("Cannot record to '{path}': {reason}"),
    mark("Recording stopped: {reason}. What was recorded until then is in '{path}'"),
    mark("Recording to '{path}' stopped: {reason}. It is lost"),
    mark("Cannot write '{path}': name it with the ending .mp4 (or .mov, .mkv)"),
    # output: the virtual camera
    mark("The virtual camera needs the package pyvirtualcam: {command}"),
    mark("{package} cannot be loaded: {reason}. Install it anew."),
    mark(
        "There is no virtual camera on this computer. Install v4l2loopback (Debian and Ubuntu: sudo apt install "
        "v4l2loopback-dkms), then: {command}"
    ),
    mark("There is no virtual camera on this computer. Install OBS, and start its virtual camera once"),
    mark("There is no virtual camera on this computer. Install OBS, and start its virtual camera once ({reason})."),
    mark("You are not allowed to use the virtual camera {camera}. {help}"),
    mark(
        "The virtual camera {camera} is in use by another program. Close that program, or turn its virtual camera off."
    ),
    mark("The virtual camera {camera} ({device}) cannot be opened: {reason}."),
    mark("The virtual camera {camera} ({device}) is gone. {command}"),
    mark("The virtual camera {camera} takes no more pictures: {reason}. Start it again."),
    mark("The virtual camera has stopped: {reason}. Start it again."),
    # output: the annotated copy of a video
    mark("'{path}' is the video that is read: choose another name for the copy."),
    mark("'{name}' has no pictures"),
    mark("The copy was stopped before its first picture."),
    mark("The copy could not be written: {reason}."),
    mark("There is not enough memory for the copy: close other programs."),
    mark("{count} damaged picture was left out"),
    mark("{count} damaged pictures were left out"),
    mark("sound and subtitles could not be taken over: {reason}"),
    mark("faces stayed unlabelled in {count} pictures: {reason}"),
    mark("the pictures are so large that faces are covered from less than half a second before"),
    # photographs
    mark("'{folder}' is no empty folder: name a new one for the labelled pictures"),
    mark("'{folder}' cannot be used: {reason}: name another folder"),
    mark("there is not enough memory for it"),
    mark("there is not enough memory: close other programs, or lower --jobs"),
    mark("{name} ended the process that read it, {count} times: it is damaged, or there is too little memory for it."),
    mark("'{path}' has no column 'path': rename the file, and label again"),
    mark("'{path}' cannot be read: {reason}"),
    mark("'{path}' is no table with a header ({reason}): rename it"),
    mark("{group}: {count} picture"),
    mark("{group}: {count} pictures"),
    mark("right: {share} of the {labelled} that got a label, {all_share} of all {count}"),
    # teaching
    mark("This class was removed meanwhile."),
    mark("A class needs a name."),
    mark("There is a class '{name}' already: give this one another name."),
    mark("'{name}' is what faces unlike all examples are called: give the class another name."),
    mark("without pictures that can be read, so not taught: {classes}"),
    mark("The pictures in {folder} cannot be read: {reason}"),
    mark("The folder {folder} is not empty. Choose a new one."),
    mark("The pictures cannot be copied to {folder}: {reason}."),
    mark("The folder {folder} cannot be made: {reason}."),
    mark("The examples in {folder} cannot be read: {reason}."),
    mark("The pictures are deleted, but something else is in {folder}, which stays: {reason}."),
    mark("{name} cannot be deleted: {reason}."),
    mark("'{folder}' has no pictures in sub-folders and no {table}: make a sub-folder for each class"),
    mark("there is no picture: make a folder with a sub-folder of pictures for each class"),
    mark("a class cannot be called '{name}', which faces unlike all examples are: rename it"),
    mark("there is only one class, '{name}': a model tells classes apart, so give it another one too"),
    mark("there are {count} classes: at most {most} can be taught"),
    mark("{count} could not be read; the first: {reason}"),
    mark("no face was found in {pictures}: taken whole, as if cut around a face"),
    mark("{pictures} with several faces: the largest was taken"),
    mark("{count} picture"),
    mark("{count} pictures"),
    mark(
        "too few different pictures to say how well these will do: {classes}; {count} a class and more, in other "
        "light and pose, help most"
    ),
    mark("not tested at all, because there is only one picture or near-duplicates of one: {classes}"),
    mark(
        "all pictures are of one take, so that tests say little: {classes}; take more in another light, at another "
        "place, on another day"
    ),
    mark(
        "classes are heavily out of balance, from {most} {larger} to {least} {smaller}: each counts the same in "
        "teaching, so that the small ones are found, at the cost of the large ones; more pictures of the small ones "
        "help most"
    ),
    mark("{count} of {total} {name} are called {other}: pictures that show the difference help"),
    mark(
        "'{path}' has labels of another model ({classes}): move it away to begin a table of this model's, and label "
        "again"
    ),
)
"""Each as a string, or an f-string, of the other rooms has it; what those put in has a name here, but for an ``s``."""

# What may itself be a message.
_SAID = ("help", "reason", "problem", "hint", "what", "remark", "pictures")
_NAME = re.compile(r"\{(\w+)\}")
_SHARE = re.compile(r"\d+\.\d%")
# A template with fewer letters of its own fits too much: what is put in must be known then.
_FEW_LETTERS = 12


def told(message: str) -> str:
    """A message of another room, in the language of the window where it is known, else as it is."""
    if not message or translated(MESSAGES[0]) == MESSAGES[0]:
        return message
    for template, pattern in _patterns():
        found = pattern.fullmatch(message)
        if found is not None:
            parts = found.groupdict()
            parts = {name: _figure(part) for name, part in parts.items()}
            said = {name: told(part) for name, part in parts.items() if name in _SAID}
            if _own(template) >= _FEW_LETTERS or all(said[name] != parts[name] for name in said):
                return translated(template).format(**{**parts, **said})
    return message


def label_text(label: str, note: str = "label") -> str:
    """A label as people read it in the window; those of a person's own model, and any in a file, stay as they are."""
    return translated(label, note)


def face_text(face: Face, *, show_mask: bool = True, show_no_mask: bool = False, show_track: bool = False) -> str:
    """What is written at a face, as ``describe`` says it, in the language of the window."""
    word: Callable[[str], str] = label_text
    return describe(face, show_mask=show_mask, show_no_mask=show_no_mask, show_track=show_track, word=word)


@functools.cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The templates, those with the most letters of their own first."""
    return tuple((template, _pattern(template)) for template in sorted(MESSAGES, key=_own, reverse=True))


def _figure(part: str) -> str:
    """A share as the language writes it; anything else as it is."""
    return percent(float(part[:-1]) / 100, 1) if _SHARE.fullmatch(part) else part


def _own(template: str) -> int:
    return len(_NAME.sub("", template))


def _pattern(template: str) -> re.Pattern[str]:
    parts = _NAME.split(template)  # words and names, in turn
    written = [re.escape(part) if at % 2 == 0 else f"(?P<{part}>.*?)" for at, part in enumerate(parts)]
    return re.compile("".join(written), re.DOTALL)
