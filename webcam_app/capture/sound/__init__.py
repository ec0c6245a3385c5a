"""Where sound comes from: microphones."""

from webcam_app.capture.sound.source import SoundBlock, SoundSource

__all__ = ["SoundBlock", "SoundSource"]
