"""What is said about a recording."""

from __future__ import annotations

from webcam_app.live import RecordingStatus, RecordingSummary, Shortage
from webcam_app.window.translation import number, tr

# One picture in five hundred is missed by nobody.
LEAST_SHARE_TOLD = 0.002
UNITS = (("TB", 1e12), ("GB", 1e9), ("MB", 1e6))


def clock(seconds: float) -> str:
    """A duration as people read it: ``0:07``, ``12:34``, ``1:02:03``."""
    whole = max(0, int(seconds))
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"


def amount(size: float) -> str:
    """Bytes as disks are labelled: ``0.4 MB``, ``45 MB``, ``1.2 GB``."""
    name, unit = next((entry for entry in UNITS if size >= entry[1]), UNITS[-1])
    value = size / unit
    return f"{number(value, 1 if value < 9.95 else 0)} {name}"


def figures(status: RecordingStatus) -> str:
    """Size and free space, and that pictures are left out where that is so: ``45 MB · 120 GB free``."""
    parts = [tr("%n picture(s)", count=status.frames)] if status.lapse else []
    parts.append(amount(status.size))
    if status.free is not None:
        parts.append(tr("{size} free").format(size=amount(status.free)))
    if status.dropped and status.shortage is not None:
        parts.append(tr("%n left out", count=status.dropped))
    return " · ".join(parts)


def shortage_text(summary: RecordingSummary) -> str:
    """What a recording lacks and why, in a few words; empty where nobody sees that it lacks anything."""
    if summary.shortage is Shortage.CAMERA:
        text = tr("The camera gave {rate} pictures a second, not {promised}: more light often helps")
        return text.format(rate=number(summary.rate), promised=number(summary.promised_rate))
    if summary.shortage is None or summary.dropped < LEAST_SHARE_TOLD * summary.frames:
        return ""
    if summary.shortage is Shortage.DISK:
        return tr("%n picture(s) left out, the disk was too slow", count=summary.dropped)
    return tr("%n picture(s) left out, the processor was too slow", count=summary.dropped)
