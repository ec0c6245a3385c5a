"""What is said about a recording."""

from __future__ import annotations

from webcam_app.live import RecordingStatus, RecordingSummary, Shortage

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
    return f"{value:.1f} {name}" if value < 9.95 else f"{value:.0f} {name}"


def figures(status: RecordingStatus) -> str:
    """Size and free space, and that pictures are left out where that is so: ``45 MB · 120 GB free``."""
    parts = [f"{status.frames} picture{'s' * (status.frames != 1)}"] if status.lapse else []
    parts.append(amount(status.size))
    if status.free is not None:
        parts.append(f"{amount(status.free)} free")
    if status.dropped and status.shortage is not None:
        parts.append(f"{status.dropped} left out")
    return " · ".join(parts)


def shortage_text(summary: RecordingSummary) -> str:
    """What a recording lacks and why, in a few words; empty where nobody sees that it lacks anything."""
    if summary.shortage is Shortage.CAMERA:
        rates = f"{summary.rate:.0f} pictures a second, not {summary.promised_rate:.0f}"
        return f"The camera gave {rates}: more light often helps"
    if summary.shortage is None or summary.dropped < LEAST_SHARE_TOLD * summary.frames:
        return ""
    left_out = f"{summary.dropped} picture{'s' * (summary.dropped != 1)} left out"
    return f"{left_out}, the {summary.shortage.value} was too slow"
