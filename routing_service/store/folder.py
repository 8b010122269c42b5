"""The data folder: one process at a time, one master key for all its files.

Only the folder itself and its lock file are touched here, never a database.
"""

import fcntl
import hmac
import os
from pathlib import Path

from routing_service.store.errors import FolderUnusable, KeyWrong, StoreLocked
from routing_service.store.files import sync_folder
from routing_service.store.master_key import derive_key

LOCK_FILE = "folder.lock"


class DataFolder:
    """An exclusive hold on the folder for as long as the process lives or until `release`.

    The lock file also keeps a fingerprint of the master key, so that a wrong key is refused
    before any file is made with it.
    """

    def __init__(self, path: Path, master_key: bytes) -> None:
        self.path = path
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock = os.open(path / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise FolderUnusable from error
        try:
            self._take()
            self._require_same_key(derive_key(master_key, "folder", "").hex().encode())
        except BaseException:
            os.close(self._lock)
            raise

    def release(self) -> None:
        """Let another process in."""
        os.close(self._lock)

    def _take(self) -> None:
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StoreLocked from error

    def _require_same_key(self, fingerprint: bytes) -> None:
        known = os.pread(self._lock, len(fingerprint), 0)
        if len(known) < len(fingerprint):  # first use, or the first use was cut short
            os.pwrite(self._lock, fingerprint, 0)
            os.fsync(self._lock)
            sync_folder(self.path)
        elif not hmac.compare_digest(known, fingerprint):
            raise KeyWrong
