"""Notices that the rule files of a folder have changed and stand still. Reads; decides nothing.

Polling, because it works wherever files come from: editors, git, network disks, mounted ConfigMaps.
"""

import hashlib
import time
from collections.abc import Callable
from pathlib import Path

from routing_service.rulebook.files import read_bytes, rule_files
from routing_service.rulebook.findings import Findings

YOUNG_SECONDS = 2.0
"""A file touched so recently may change again within the same instant of its file system."""

Stamp = tuple[tuple[str, int, int, int], ...]


class PackFolder:
    """One pack's folder. All calls read the disk: make them from a thread."""

    def __init__(self, folder: Path, now: Callable[[], float] = time.time) -> None:
        self._folder = folder
        self._now = now
        self._stamp: Stamp | None = None
        self._digest = b""
        self._seen = b""
        self._dealt_with = b""

    def settle(self) -> None:
        """What lies there now is dealt with."""
        self._seen = self._dealt_with = self._look()

    def changed(self) -> bool:
        """Whether its files are others than those dealt with, and the same as at the last call.

        True once for each change: so a file still being written is left alone, and a broken pack is
        not tried again and again.
        """
        before, self._seen = self._seen, self._look()
        if self._seen == self._dealt_with or self._seen != before:
            return False
        self._dealt_with = self._seen
        return True

    def forget(self) -> None:
        """It could not be dealt with after all: let `changed` tell of it again."""
        self._dealt_with = b""

    def _look(self) -> bytes:
        """Digest of all rule files; read only when a file's stamp says that it may have changed."""
        try:
            stamp = self._stamped()
        except OSError as error:  # no folder, no right to look: also something to tell
            return repr(error.errno).encode()
        young = any(self._now() - changed_at / 1e9 < YOUNG_SECONDS for _, changed_at, _, _ in stamp)
        if young or stamp != self._stamp:
            self._digest = self._digested(stamp)
        self._stamp = stamp
        return self._digest

    def _stamped(self) -> Stamp:
        stats = [(path.name, path.stat()) for path in rule_files(self._folder)]
        return tuple((name, stat.st_mtime_ns, stat.st_size, stat.st_ino) for name, stat in stats)

    def _digested(self, stamp: Stamp) -> bytes:
        whole = hashlib.sha256()
        for name, *_ in stamp:
            whole.update(repr((name, read_bytes(self._folder / name, Findings()))).encode())
        return whole.digest()
