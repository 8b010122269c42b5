"""`demo`: replays a real incident log against a real service over gRPC, and checks the result.

Everything it prints is what a client sees: the event log, and the counters of the service.
"""

import argparse
import asyncio
import contextlib
import datetime
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from routing_service.cli.connection import Connection, add_flags, connection
from routing_service.cli.output import FAILED, OK, console, say, tell
from routing_service.cli.replay.converter import convert
from routing_service.cli.replay.incident_log import Row, read_log
from routing_service.cli.replay.server_process import Address, own_server
from routing_service.cli.replay.session import Played, play
from routing_service.cli.replay.table import checks_table, figures_table
from routing_service.core.records.errors import Invalid

ROOT = Path(__file__).parents[2]
LOG = ROOT / "tests" / "samples" / "incidents.csv"
RULES = ROOT / "rules" / "itsm"
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


def add(parser: argparse.ArgumentParser) -> None:
    """Flags."""
    parser.add_argument("--log", type=Path, default=LOG, help="the incident log, CSV (a sample)")
    parser.add_argument("--incidents", type=int, default=0, help="only the first so many")
    parser.add_argument("--rules", type=Path, default=RULES, help="rule pack (rules/itsm)")
    parser.add_argument(
        "--metrics", default="", help="host:port of the metrics of --target, to compare counters"
    )
    add_flags(parser, target=None)


def run(flags: argparse.Namespace) -> int:
    """1 when a check fails."""
    rows = first_incidents(read_log(flags.log), flags.incidents)
    if not rows:
        raise Invalid("LOG_UNREADABLE", f"{flags.log} has no incident.")
    started = time.monotonic()
    played = asyncio.run(_demo(flags, rows))
    seconds = time.monotonic() - started
    if flags.json:
        tell(report(played, seconds))
    else:
        console().print(figures_table(played.result))
        console().print(checks_table(played.checks))
        say(f"{len(rows)} rows of {flags.log.name}, {len(played.acts)} acts, {seconds:.1f} s")
    return OK if all(check.passed for check in played.checks) else FAILED


def first_incidents(rows: Sequence[Row], count: int) -> list[Row]:
    """The rows of the first so many incidents; 0 = all."""
    numbers = list(dict.fromkeys(row.number for row in rows))
    kept = set(numbers[: count or None])
    return [row for row in rows if row.number in kept]


async def _demo(flags: argparse.Namespace, rows: Sequence[Row]) -> Played:
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with bar:
        task = bar.add_task(
            "starting the service" if flags.target is None else "calling", total=None
        )

        def progress(done: int, of: int) -> None:
            bar.update(task, description="replaying", completed=done, total=of)

        async with _service(flags, rows) as (to, metrics):
            return await play(to, metrics, rows, progress)


@contextlib.asynccontextmanager
async def _service(
    flags: argparse.Namespace, rows: Sequence[Row]
) -> AsyncIterator[tuple[Connection, str]]:
    """The service named by --target, or one of the demo's own; with its metrics address."""
    if flags.target is not None:
        yield connection(flags), flags.metrics
        return
    first = min(act.at for act in convert(rows))
    start = (_EPOCH + datetime.timedelta(microseconds=first)).isoformat()
    async with own_server(flags.rules, start) as address:
        yield _connection(address), address.metrics


def _connection(address: Address) -> Connection:
    return Connection(target=address.grpc)


def report(played: Played, seconds: float) -> dict[str, object]:
    """All that was found, for programs; times in seconds, instants in microseconds UTC."""
    stories, outcome = played.seen.stories, played.outcome
    return {
        "priorities": played.result.priorities,
        "total": played.result.total,
        "checks": played.checks,
        "acts": len(played.acts),
        "calls": {f"{method} {code}": count for (method, code), count in played.sent.items()},
        "events": played.seen.events,
        "deadlines_fired": outcome.fired,
        "closed_by_itself": sum(story.closed_by_itself for story in stories.values()),
        "refused_after_that": len(outcome.refusals),
        "seconds": round(seconds, 3),
        "incidents": {number: stories[item] for number, item in outcome.items.items()},
    }
