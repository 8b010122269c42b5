"""R20: a second process on the same data folder or port ends at once and says why."""

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fault.server_process import ServerProcess, serving

PATIENCE_SECONDS = 10.0
"""The promise is 2 s on an idle machine; the time is printed."""


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with serving(tmp_path_factory.mktemp("first")) as server:
        yield server


def serve_in_vain(server: ServerProcess) -> subprocess.CompletedProcess[str]:
    began = time.monotonic()
    ended = server.command("serve", seconds=PATIENCE_SECONDS)
    print(f"ended after {time.monotonic() - began:.2f} s: {ended.stderr.strip()}")
    return ended


@pytest.mark.parametrize("shared", ["data_folder", "listen"])
def test_second_process_ends_at_once_with_one_clear_line(
    first: ServerProcess, tmp_path: Path, shared: str
) -> None:
    taken = {"data_folder": first.data, "listen": first.address}[shared]
    reason = {"data_folder": "STORE_LOCKED", "listen": "PORT_IN_USE"}[shared]
    ended = serve_in_vain(ServerProcess(tmp_path / "second", **{shared: taken}))
    lines = ended.stderr.splitlines()

    assert ended.returncode == 1
    assert [reason in line for line in lines] == [True], ended.stderr
    assert first.serves()


def test_port_of_the_metrics_is_taken_by_one_process_only(tmp_path: Path) -> None:
    with serving(tmp_path / "first", metrics_listen="127.0.0.1:0") as first:
        taken = first.told("ready")[0]["metrics"]
        second = ServerProcess(tmp_path / "second", metrics_listen=taken)
        ended = serve_in_vain(second)

    assert ended.returncode == 1
    assert "PORT_IN_USE" in ended.stderr


def test_data_folder_of_a_killed_process_is_free_again(tmp_path: Path) -> None:
    with serving(tmp_path / "first") as first:
        first.kill()
    with serving(tmp_path / "second", data_folder=first.data) as second:
        assert second.serves()
