"""``python -m webcam_app``."""

import sys

from webcam_app.cli import main

if __name__ == "__main__":
    sys.exit(main())
