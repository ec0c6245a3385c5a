"""Where frames come from: cameras, video files, streams and pictures."""

from webcam_app.capture.cameras import Camera, Mode, list_cameras
from webcam_app.capture.frame import Frame, Image, Picture
from webcam_app.capture.listing import list_pictures
from webcam_app.capture.opening import open_source
from webcam_app.capture.pictures import load_picture, read_picture
from webcam_app.capture.source import Source, SourceInfo, SourceKind

__all__ = [
    "Camera",
    "Frame",
    "Image",
    "Mode",
    "Picture",
    "Source",
    "SourceInfo",
    "SourceKind",
    "list_cameras",
    "list_pictures",
    "load_picture",
    "open_source",
    "read_picture",
]
