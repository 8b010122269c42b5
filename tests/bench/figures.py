"""Where figures go: a table for people, `build/bench.json` for programs, each with its baseline."""

import json
import os
import platform
import tempfile
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import apsw
from rich.console import Console
from rich.table import Table

Figure = dict[str, float | str | None]
JSON = Path("build/bench.json")
README = Path("tests/bench/README.md")
INTRO = """# Benchmarks

`make bench` measures everything, `make bench ARGS="decide grpc"` some of it: {measures}.
Nothing here is a test: figures depend on the machine, ratios to the no-op server of the same run
less so. Server and load generator each have a core of their own; data lies on the disk named below,
never in memory. Aims, as ratios: submit to echo 0.6 unary and 0.4 stream, batches of 50 at 4 times
single calls, at most 0.25 commits a request, goodput of 0.8 at 2.5 times saturation; restart in
5 s, alerts at most 1 s late (p99) and never early. A choice among 10,000 agents and 100,000 waiting
items: 15 us (p99 60) by an index, at most 1/300 of a naive scan and 15 times what it takes among
100; a weighted score asks every candidate and has no aim.

Rule engines are measured beside two peers where these are installed
(`.venv/bin/pip install -e '.[bench]'`); `rules.python_function` is the same rules as one generated
function.

The latest figures of each measure, written by the run itself (the machine line is of the last run):

"""
SYNCS = 300
MEASURES = (
    *("decide", "rules", "reload", "memory", "match"),
    *("grpc", "restart", "lateness", "simulate"),
)
LARGEST_MATCH = "10000x100000"
"""Matching is measured at nine sizes; the page shows this one, the JSON file all."""


class Figures:
    """Named figures of one run: value, unit, baseline, ratio = value / baseline."""

    def __init__(self) -> None:
        self.rows: dict[str, Figure] = {}

    def put(self, name: str, value: float, unit: str, baseline: float | None = None) -> None:
        """Keep one figure; `baseline` is the same quantity of a no-op in the same run."""
        ratio = value / baseline if baseline else None
        self.rows[name] = {"value": value, "unit": unit, "baseline": baseline, "ratio": ratio}

    def quantiles(self, name: str, values: Sequence[float], unit: str) -> None:
        """p50 and p99 of a series of measurements."""
        ranked = sorted(values)
        self.put(f"{name}.p50_{unit}", ranked[len(ranked) // 2], unit)
        self.put(f"{name}.p99_{unit}", ranked[len(ranked) * 99 // 100], unit)

    def write(self) -> None:
        """The JSON file; figures of names not measured this time are kept."""
        JSON.parent.mkdir(exist_ok=True)
        kept = json.loads(JSON.read_text()) if JSON.exists() else {}
        rows = kept | self.rows
        JSON.write_text(json.dumps(rows, indent=1, sort_keys=True) + "\n")
        README.write_text(_page(rows))

    def show(self) -> None:
        """The table."""
        table = Table("name", "value", "unit", "baseline", "ratio", title=machine())
        for name, row in sorted(self.rows.items()):
            table.add_row(
                name, *(_cell(row[key]) for key in ("value", "unit", "baseline", "ratio"))
            )
        Console().print(table)


def _page(rows: dict[str, Figure]) -> str:
    """The README of this folder: how to measure, where it was measured, what came out."""
    lines = [f"{machine()}, {date.today().isoformat()}.", ""]  # noqa: DTZ011 - the reader's own day
    lines += ["| name | value | unit | baseline | ratio |", "|---|---:|---|---:|---:|"]
    for name, row in sorted(rows.items()):
        if name.startswith("match.") and LARGEST_MATCH not in name:
            continue
        cells = [_cell(row[key]) for key in ("value", "unit", "baseline", "ratio")]
        lines.append("| " + " | ".join([name, *cells]) + " |")
    return INTRO.format(measures=", ".join(MEASURES)) + "\n".join(lines) + "\n"


def file_system() -> str:
    """Type of the file system that holds the scratch folder, as /proc/mounts names it."""
    mounts = [line.split() for line in Path("/proc/mounts").read_text().splitlines()]
    folder = str(scratch())
    holding = [mount for mount in mounts if folder.startswith(mount[1].rstrip("/") + "/")]
    return max(holding, key=lambda mount: len(mount[1]))[2]


def _cell(value: float | str | None) -> str:
    if not isinstance(value, float):
        return str(value if value is not None else "")
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def machine() -> str:
    """Cores, memory, Python, SQLite, and what an fsync costs where the data lies."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 30
    return (
        f"{os.cpu_count()} cores, {memory} GiB, {platform.system()} {platform.release()}, Python"
        f" {platform.python_version()}, SQLite {apsw.sqlite_lib_version()},"
        f" {file_system()}, fsync p50 {fsync_p50_us():.0f} us"
    )


def fsync_p50_us() -> float:
    """Median of 4 KiB write + fdatasync in the folder that the benchmarks use."""
    took = []
    with tempfile.TemporaryFile(dir=scratch()) as file:
        for _ in range(SYNCS):
            file.write(b"x" * 4096)
            file.flush()
            began = time.perf_counter()
            os.fdatasync(file.fileno())
            took.append((time.perf_counter() - began) * 1e6)
    return sorted(took)[SYNCS // 2]


def scratch() -> Path:
    """A folder on a real disk: /tmp is often memory, where an fsync costs nothing."""
    folder = Path("build/bench").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder
