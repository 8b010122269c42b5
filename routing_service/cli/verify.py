"""`verify`: decides the whole journal again and compares every record byte by byte."""

import argparse
import asyncio
import os
from pathlib import Path

from routing_service.cli import settings_flags
from routing_service.cli.output import FOUND, OK, say, tell
from routing_service.core.records.errors import NotFound
from routing_service.server.recovery import Verified, verify
from routing_service.settings import Settings
from routing_service.store import MEMORY, open_store
from routing_service.store.files import desk_file
from routing_service.store.master_key import load_master_key


def add(parser: argparse.ArgumentParser) -> None:
    """Flags."""
    settings_flags.add(parser, "data_folder", "key_file", "desks")
    parser.add_argument("--desk", action="append", default=[], help="only this desk; default all")


def run(flags: argparse.Namespace) -> int:
    """2 when a record of any desk is decided differently now."""
    settings = settings_flags.settings(flags)
    unknown = set(flags.desk) - set(settings.desks)
    if unknown:
        raise NotFound("DESK_NOT_FOUND", f"The settings name no desk {', '.join(unknown)}.")
    desks = flags.desk or list(settings.desks)
    _require_journals(settings.data_folder, desks)
    found = asyncio.run(_verify(settings, desks))
    _require_records(settings.data_folder, found)
    if flags.json:
        tell(dict(found.items()))
    else:
        for desk, each in found.items():
            _show(desk, each)
    return FOUND if any(each.differs_at for each in found.values()) else OK


def _require_journals(folder: str, desks: list[str]) -> None:
    """Before anything is opened: opening would make what is not there, and find it in order."""
    for desk in desks:
        if folder == MEMORY or not desk_file(Path(folder), desk, "journal").is_file():
            raise _no_data(folder, desk)


def _require_records(folder: str, found: dict[str, Verified]) -> None:
    for desk, each in found.items():
        if not each.records and not each.differs_at:
            raise _no_data(folder, desk)


def _no_data(folder: str, desk: str) -> NotFound:
    return NotFound(
        "NO_DATA",
        f"No journal of desk {desk} in {folder}: nothing was verified."
        " Name the folder of the service with --data-folder or --settings.",
    )


async def _verify(settings: Settings, desks: list[str]) -> dict[str, Verified]:
    key = load_master_key(Path(settings.key_file), os.environ)
    store = open_store(settings.data_folder, key)
    try:
        return {desk: await verify(store, desk) for desk in desks}
    finally:
        await store.close()


def _show(desk: str, found: Verified) -> None:
    if found.differs_at:
        say(f"{desk}: record {found.differs_at} is decided differently now", "bold red")
        return
    other = found.records - found.compared
    rest = f", {other} of other engine versions applied only" if other else ""
    say(f"{desk}: {found.compared} records decided again, all identical{rest}", "green")
