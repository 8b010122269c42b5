"""Where figures go: a table for people, `build/bench.json` for programs, each with its baseline."""

import json
import os
import platform
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import apsw
from rich.console import Console
from rich.table import Table

Figure = dict[str, float | str | None]
JSON = Path("build/bench.json")
SYNCS = 300


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
        JSON.write_text(json.dumps(kept | self.rows, indent=1, sort_keys=True) + "\n")

    def show(self) -> None:
        """The table."""
        table = Table("name", "value", "unit", "baseline", "ratio", title=machine())
        for name, row in sorted(self.rows.items()):
            table.add_row(
                name, *(_cell(row[key]) for key in ("value", "unit", "baseline", "ratio"))
            )
        Console().print(table)


def _cell(value: float | str | None) -> str:
    return f"{value:,.3g}" if isinstance(value, float) else str(value if value is not None else "")


def machine() -> str:
    """Cores, memory, Python, SQLite, and what an fsync costs where the data lies."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 30
    return (
        f"{os.cpu_count()} cores, {memory} GiB, {platform.system()} {platform.release()}, Python"
        f" {platform.python_version()}, SQLite {apsw.sqlite_lib_version()},"
        f" fsync p50 {fsync_p50_us():.0f} us"
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
