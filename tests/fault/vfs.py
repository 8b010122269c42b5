"""A disk that forgets and fails: an SQLite VFS below the encryption, under the store's own code.

It knows what a real disk would still have after a power cut: all that was synced, and of the rest
any part, torn at sectors and out of order. And it can let the n-th call of a kind fail; what a
failed sync should have saved stays readable but never becomes durable, as on Linux. There each open
file hears of it once: a second connection to the same file at its own next sync.
"""

import random
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import apsw

SECTOR = 512
Write = tuple[int, bytes]


class DiskImage:
    """One file: the bytes that are safe, and the writes (or a truncation, b"") since."""

    def __init__(self, durable: bytes) -> None:
        self.durable = bytearray(durable)
        self.pending: list[Write] = []

    def sync(self) -> None:
        for write in self.pending:
            _apply(self.durable, write)
        self.pending.clear()

    def after_cut(self, rng: random.Random) -> bytes:
        """Any part of the pending sectors reaches the disk; each version of one may be the last."""
        image, survival = bytearray(self.durable), rng.choice([0.0, 0.1, 0.5, 0.9, 1.0])
        for offset, body in self.pending:
            if not body and rng.random() < survival:
                _apply(image, (offset, b""))
            start = offset
            while start < offset + len(body):
                end = min((start // SECTOR + 1) * SECTOR, offset + len(body))
                if rng.random() < survival:
                    _apply(image, (start, body[start - offset : end - offset]))
                start = end
        return bytes(image)


class FaultyFile(apsw.VFSFile):
    """Tells the disk about every call, then does it on the real file so that reads just work."""

    def __init__(self, disk: "FaultyDisk", name: str | apsw.URIFilename, flags: list[int]) -> None:
        super().__init__("unix", name, flags)
        self._disk = disk
        self._path = Path(name if isinstance(name, str) else name.filename())
        self._heard = disk.opened(self._path)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802 - SQLite's name
        self._disk.about_to("write", self._path)
        super().xWrite(data, offset)
        self._disk.written(self._path, (offset, bytes(data)))

    def xTruncate(self, newsize: int) -> None:  # noqa: N802 - SQLite's name
        self._disk.about_to("truncate", self._path)
        super().xTruncate(newsize)
        self._disk.written(self._path, (newsize, b""))

    def xSync(self, flags: int) -> None:  # noqa: N802 - SQLite's name; the image is the sync
        before = self._heard
        try:
            self._disk.about_to("sync", self._path)
        finally:
            self._heard = self._disk.failed_syncs(self._path)
        if self._heard > before:
            raise unheard()
        self._disk.synced(self._path)


def unheard() -> apsw.Error:
    """What a sync answers when one through another open file had failed."""
    error = apsw.IOError("an earlier sync failed")
    error.extendedresult = apsw.SQLITE_IOERR_FSYNC  # type: ignore[attr-defined] # documented, not in the stubs
    return error


class FaultyDisk(apsw.VFS):
    """All files of one trial; `reset` before the next."""

    def __init__(self, name: str) -> None:
        super().__init__(name, "unix")
        self.name = name
        self._guard = threading.RLock()
        self.reset()

    def reset(self) -> None:
        """Forget files, counts and plans."""
        with self._guard:
            self.images: dict[Path, DiskImage] = {}
            self.calls: dict[str, int] = {}
            self._failed: Counter[Path] = Counter()
            self._before: Callable[[str, Path], None] = _nothing

    def plan(self, before: Callable[[str, Path], None]) -> None:
        """Run this before every call; it may raise what the disk should answer."""
        self._before = before

    def cut(self, rng: random.Random) -> dict[str, bytes]:
        """What a power cut at this instant would leave, by file name."""
        with self._guard:
            return {path.name: image.after_cut(rng) for path, image in self.images.items()}

    def safe(self) -> dict[str, bytes]:
        """What the worst power cut would leave: only what was synced."""
        with self._guard:
            return {path.name: bytes(image.durable) for path, image in self.images.items()}

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> FaultyFile:  # noqa: N802 - SQLite's name
        assert name is not None, "a spill file would not be encrypted"
        self.about_to("open", Path(name if isinstance(name, str) else name.filename()))
        return FaultyFile(self, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802 - SQLite's name
        # Only the journal of the first header: the log's first sync makes its end durable too.
        super().xDelete(filename, syncdir)
        with self._guard:
            del self.images[Path(filename)]

    def about_to(self, kind: str, path: Path) -> None:
        with self._guard:
            self.calls[kind] = self.calls.get(kind, 0) + 1
            try:
                self._before(kind, path)
            except apsw.Error:
                if kind == "sync":  # the kernel gives up these pages and calls them clean
                    self.images[path].pending.clear()
                    self._failed[path] += 1
                raise

    def opened(self, path: Path) -> int:
        """Note the file; how many of its syncs had failed before."""
        with self._guard:
            self.images.setdefault(path, DiskImage(path.read_bytes()))
            return self._failed[path]

    def failed_syncs(self, path: Path) -> int:
        """How many syncs of the file failed so far."""
        with self._guard:
            return self._failed[path]

    def written(self, path: Path, write: Write) -> None:
        with self._guard:
            self.images[path].pending.append(write)

    def synced(self, path: Path) -> None:
        with self._guard:
            self.images[path].sync()


def _apply(image: bytearray, write: Write) -> None:
    offset, body = write
    if not body:
        del image[offset:]
        return
    image.extend(bytes(max(0, offset - len(image))))
    image[offset : offset + len(body)] = body


def _nothing(_kind: str, _path: Path) -> None:
    return
