"""Names and modes of files in the data folder. Nothing here knows what is in them."""

import os
from pathlib import Path
from urllib.parse import quote


def desk_file(folder: Path, desk: str, suffix: str) -> Path:
    """Where a desk keeps something; any desk name makes one safe file name."""
    return folder / f"{quote(desk, safe='')}.{suffix}"


def make_private_file(path: Path) -> None:
    """Make an empty file that only its owner may read, and make its name durable."""
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        return
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Make names in the folder durable; a synced file without a name is lost in a power cut."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
