"""Rule engines that come and go: with poisoned memory nothing is wrong, and nothing is kept."""

import os
import subprocess
import sys

import pytest

from routing_service.rulebook.engine import AVAILABLE

ROUNDS = 200
GROWN_KIB = 5_120

pytestmark = pytest.mark.skipif(not AVAILABLE, reason="durable_rules does not import here")


def lived(**environment: str) -> tuple[int, ...]:
    """Wrong answers, engines that gave up, KiB grown."""
    process = subprocess.run(
        [sys.executable, "-m", "tests.fault.engine_life", str(ROUNDS)],
        capture_output=True,
        check=True,
        text=True,
        env=os.environ | environment,
    )
    return tuple(int(word) for word in process.stdout.split())


def test_built_asked_and_closed_engines_leave_nothing_behind() -> None:
    wrong, broken, grown = lived()

    assert (0, 0) == (wrong, broken)
    assert grown < GROWN_KIB


def test_freed_and_fresh_memory_is_never_read() -> None:
    wrong, broken, _ = lived(MALLOC_PERTURB_="165")

    assert (0, 0) == (wrong, broken)
