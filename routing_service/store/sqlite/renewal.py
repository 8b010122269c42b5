"""Making sure that a log which can be read is also on the disk.

After a failed sync the kernel gives up the pages and calls them clean: the log reads well from
memory while the disk has a hole in it, and no later sync closes it. A power cut amid copying such
a log leaves newer pages in the file under an older log that ends at the hole, which is damage. So
the log is written over itself and synced before anything is copied from it. That the failure may
lie before this process (a kill right after it) is why every first opening does it too.

Callers close every connection to the file first. SQLite then forgets which pages it had counted as
copied, and copies all again: it counts those of a copy that ends short of the log before they are
synced (`walCheckpoint` in its wal.c).
"""

from pathlib import Path

import apsw

from routing_service.store.sqlite.database import Disk, plain_errors

PIECE = 1 << 16  # bytes; unixWrite takes less than 128 KiB at once


def renew_log(path: Path, disk: Disk) -> None:
    """Write the log of the file at `path` over itself and sync it; raises `StoreFailed`.

    Stopped anywhere it has changed nothing: each byte on the disk is the old one or the same.
    """
    log = Path(f"{path}-wal")
    if not log.exists() or not log.stat().st_size:
        return
    with plain_errors():
        flags = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_WAL
        file = apsw.VFSFile(disk.vfs or "unix", str(log), [flags, 0])
        try:
            _write_over(file)
            file.xSync(apsw.SQLITE_SYNC_NORMAL)
        finally:
            file.xClose()


def _write_over(file: apsw.VFSFile) -> None:
    size = file.xFileSize()
    for offset in range(0, size, PIECE):
        file.xWrite(file.xRead(min(PIECE, size - offset), offset), offset)
