"""Messages about single pictures of a source: damaged ones, and those that are not read."""

from __future__ import annotations

from webcam_app.window.core_texts import told
from webcam_app.window.translation import tr
from webcam_app.window.widgets.banner import Banner, Severity

REMARK = "remark"


class Remarks:
    """Shows the last in the banner, and how many there were."""

    def __init__(self, banner: Banner) -> None:
        """Make it.

        Args:
            banner: shows them.
        """
        self._banner = banner
        self._count = 0

    def show(self, remark: str) -> None:
        """Show one more."""
        self._count += 1
        text = told(remark)
        if self._count > 1:
            many = tr("%n picture(s) are damaged or not read. The last: {remark}", count=self._count)
            text = many.format(remark=text)
        self._banner.show_message(REMARK, text, Severity.WARNING)

    def clear(self) -> None:
        """Another source: those of the one before are gone."""
        self._count = 0
        self._banner.clear_message(REMARK)
