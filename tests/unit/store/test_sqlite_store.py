"""What the embedded store adds to the common promises: files, keys, versions, groups of commits."""

import asyncio
import contextlib
import stat
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import apsw
import pytest

from routing_service.store.base import StoredRecord, StoredSnapshot, checksum_of
from routing_service.store.errors import (
    FolderUnusable,
    KeyWrong,
    SqliteTooOld,
    StoreDamaged,
    StoreError,
    StoreFailed,
    StoreLocked,
    StoreTooNew,
)
from routing_service.store.master_key import derive_key
from routing_service.store.sqlite.database import Disk, connect, require_safe_sqlite
from routing_service.store.sqlite.desk import SqliteOptions
from routing_service.store.sqlite.store import SqliteStore

MASTER = bytes(range(32))
TTL = 5_000_000
AT_ONCE = SqliteOptions(pace_us=0)


def records(first: int, last: int, size: int = 20) -> list[StoredRecord]:
    return [StoredRecord(seq, b"%d" % seq * size) for seq in range(first, last + 1)]


@contextlib.asynccontextmanager
async def opened(folder: Path, options: SqliteOptions = AT_ONCE) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(folder, MASTER, options)
    try:
        yield store
    finally:
        await store.close()


async def fill(folder: Path, last: int) -> None:
    async with opened(folder) as store:
        lease = await store.acquire("default", "one", TTL)
        await store.append(lease, 0, records(1, last))
        head = StoredSnapshot(1, last, "1.0", checksum_of([b"x"]), [b"x"])
        await store.save_snapshot(lease, head)


def raw_connection(folder: Path) -> apsw.Connection:
    key = derive_key(MASTER, "journal", "default")
    return connect(folder / "default.journal", key, Disk())


def is_sound(folder: Path) -> bool:
    """Whether every page of the file can be read and the tables are consistent."""
    try:
        with contextlib.closing(raw_connection(folder)) as connection:
            return bool(connection.pragma("integrity_check") == "ok")
    except (StoreError, apsw.Error):
        return False


async def test_a_sound_file_is_found_sound(tmp_path: Path) -> None:
    await fill(tmp_path, 400)

    assert is_sound(tmp_path)


async def test_records_snapshots_and_the_epoch_survive_a_restart(tmp_path: Path) -> None:
    await fill(tmp_path, 5)
    async with opened(tmp_path) as store:
        before = await store.read("default", 0, 10)
        snapshots = await store.load_snapshots("default")
        lease = await store.acquire("default", "two", TTL)

    assert before == records(1, 5)
    assert [snapshot.seq for snapshot in snapshots] == [5]
    assert lease.epoch == 2


async def test_reading_makes_no_file(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        await store.last_seq("mistyped")

    assert [path.name for path in tmp_path.iterdir()] == ["folder.lock"]


async def test_every_file_is_for_its_owner_only(tmp_path: Path) -> None:
    async with opened(tmp_path / "data") as store:
        await store.acquire("default", "one", TTL)
        modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.rglob("*")}

    assert modes.pop("data") == stat.S_IRWXU
    assert set(modes.values()) == {0o600}
    assert "default.journal-wal" in modes


async def test_nothing_stored_is_readable_without_the_key(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        lease = await store.acquire("default", "one", TTL)
        await store.append(lease, 0, [StoredRecord(1, b"a telling body" * 10)])
        while_open = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    closed = b"".join(path.read_bytes() for path in tmp_path.iterdir())

    assert b"telling" not in while_open + closed
    assert b"SQLite format" not in while_open + closed


async def test_another_master_key_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    await fill(tmp_path, 1)
    before = sorted(tmp_path.iterdir())

    with pytest.raises(KeyWrong) as refused:
        SqliteStore(tmp_path, bytes(32))

    assert refused.value.reason == "STORE_KEY_WRONG"
    assert str(tmp_path) not in refused.value.message
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("how", ["plain database", "other key", "no database"])
async def test_a_file_that_the_key_does_not_open_is_refused(tmp_path: Path, how: str) -> None:
    path = tmp_path / "default.journal"
    if how == "no database":
        path.write_bytes(b"something else entirely " * 400)
    else:
        connection = apsw.Connection(str(path))
        if how == "other key":
            connection.pragma("cipher", "chacha20")
            connection.pragma("key", f"raw:{bytes(32).hex()}")
        connection.execute("CREATE TABLE record (seq, body)")
        connection.close()
    before = path.read_bytes()
    async with opened(tmp_path) as store:
        for call in (store.acquire("default", "one", TTL), store.last_seq("default")):
            with pytest.raises(KeyWrong):
                await call

    assert path.read_bytes() == before


async def test_a_newer_format_is_refused_naming_both_versions(tmp_path: Path) -> None:
    await fill(tmp_path, 1)
    with contextlib.closing(raw_connection(tmp_path)) as connection:
        connection.pragma("user_version", 7)
    async with opened(tmp_path) as store:
        for call in (store.acquire("default", "one", TTL), store.last_seq("default")):
            with pytest.raises(StoreTooNew) as refused:
                await call

            assert refused.value.reason == "STORE_TOO_NEW"
            assert "format 7" in refused.value.message
            assert "up to 1" in refused.value.message


def test_a_library_with_the_corruption_bug_is_refused() -> None:
    require_safe_sqlite("3.51.3")
    require_safe_sqlite("3.54.0")

    with pytest.raises(SqliteTooOld) as refused:
        require_safe_sqlite("3.51.2")

    assert refused.value.details == {"found": "3.51.2"}


async def test_a_second_store_on_the_folder_is_refused_until_the_first_closes(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path):
        with pytest.raises(StoreLocked):
            SqliteStore(tmp_path, MASTER)
    async with opened(tmp_path) as store:
        lease = await store.acquire("default", "one", TTL)

    assert lease.epoch == 1


async def test_a_second_process_is_refused_with_a_clear_line(tmp_path: Path) -> None:
    program = (
        "import sys, pathlib\n"
        "from routing_service.store import open_store\n"
        "from routing_service.store.errors import StoreError\n"
        "try: open_store(pathlib.Path(sys.argv[1]), bytes(range(32)))\n"
        "except StoreError as error: sys.exit(f'{error.reason} {error.message}')\n"
    )
    async with opened(tmp_path):
        second = await asyncio.create_subprocess_exec(
            sys.executable, "-c", program, str(tmp_path), stderr=asyncio.subprocess.PIPE
        )
        said = (await second.communicate())[1].decode()

    assert second.returncode == 1
    assert said.startswith("STORE_LOCKED Another process")
    assert "data_folder" in said
    assert str(tmp_path) not in said


def test_a_folder_that_cannot_be_made_is_refused_with_advice(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(FolderUnusable) as refused:
        SqliteStore(tmp_path / "file" / "data", MASTER)

    assert refused.value.reason == "STORE_FOLDER"
    assert str(tmp_path) not in refused.value.message


async def test_a_body_that_cannot_be_stored_fails_its_caller_not_the_store(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        lease = await store.acquire("default", "one", TTL)
        wrong: list[StoredRecord] = [StoredRecord(1, object())]  # type: ignore[arg-type] # the case
        with pytest.raises(StoreFailed):
            await store.append(lease, 0, wrong)
        again = await store.acquire("default", "one", TTL)
        await store.append(again, 0, records(1, 1))
        kept = await store.read("default", 0, 9)

    assert kept == records(1, 1)


async def test_what_waits_during_a_commit_goes_into_the_next_one(tmp_path: Path) -> None:
    commits: list[tuple[str, int, int]] = []
    store = SqliteStore(
        tmp_path, MASTER, AT_ONCE, on_commit=lambda desk, n, m, _: commits.append((desk, n, m))
    )
    lease = await store.acquire("default", "one", TTL)
    await asyncio.gather(
        *(store.append(lease, seq - 1, records(seq, seq)) for seq in range(1, 501))
    )
    await store.close()

    assert sum(taken for _, taken, _ in commits) == 500
    assert sum(appends for _, _, appends in commits) == 500
    assert {desk for desk, _, _ in commits} == {"default"}
    assert len(commits) < 100


async def test_the_log_stays_bounded_while_records_stream_in(tmp_path: Path) -> None:
    grown_pages, longest, log = 32, 0, tmp_path / "default.journal-wal"
    async with opened(tmp_path, SqliteOptions(pace_us=0, grown_pages=grown_pages)) as store:
        lease = await store.acquire("default", "one", TTL)
        for seq in range(1, 1_001):
            await store.append(lease, seq - 1, records(seq, seq, size=500))
            longest = max(longest, log.stat().st_size)

    written = sum(len(record.body) for record in records(1, 1_000, size=500))
    assert longest < 6 * grown_pages * 4_096 < written


async def test_closing_copies_the_log_into_the_file(tmp_path: Path) -> None:
    await fill(tmp_path, 100)

    assert (tmp_path / "default.journal-wal").stat().st_size == 0


async def test_a_snapshot_that_was_cut_short_is_not_shown_and_is_swept_later(
    tmp_path: Path,
) -> None:
    await fill(tmp_path, 1)
    with contextlib.closing(raw_connection(tmp_path)) as connection:
        connection.execute(
            "INSERT INTO snapshot (seq, format, engine_version, checksum) VALUES (9, 1, '', x'')"
        )
        connection.execute("INSERT INTO snapshot_frame VALUES (2, 0, x'00')")
    async with opened(tmp_path) as store:
        shown = await store.load_snapshots("default")
        lease = await store.acquire("default", "one", TTL)
        await store.save_snapshot(lease, StoredSnapshot(1, 1, "", checksum_of([]), []))
    with contextlib.closing(raw_connection(tmp_path)) as connection:
        left = connection.execute("SELECT count(*) FROM snapshot WHERE seq = 9").get

    assert [snapshot.seq for snapshot in shown] == [1]
    assert left == 0


@pytest.mark.parametrize("trial", range(40))
async def test_a_flipped_bit_is_noticed_and_never_served(tmp_path: Path, trial: int) -> None:
    await fill(tmp_path, 400)
    path = tmp_path / "default.journal"
    stored = bytearray(path.read_bytes())
    pages = len(stored) // 4_096
    place = (trial % pages) * 4_096 + (trial * 7_919) % 4_096
    stored[place] ^= 1 << trial % 8
    path.write_bytes(stored)
    served = records(1, 400)
    async with opened(tmp_path) as store:
        with contextlib.suppress(StoreDamaged, KeyWrong):
            served = await store.read("default", 0, 1_000)

    assert served == records(1, 400)
    assert not is_sound(tmp_path)
