"""What makes a file stay when the power fails."""

import os
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """The folder's entries are on the disk."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
