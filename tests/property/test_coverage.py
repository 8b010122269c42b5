"""Random lives go everywhere: each state is reached and nearly each row of the tables is taken.

Lives are drawn evenly here: Hypothesis looks for small ones, and rare rows need long ones. Each is
checked after every command, as life.py says. Rows that dice miss are taken in test_rows.py.
"""

from collections import Counter
from enum import Enum
from random import Random

import pytest

from tests.property.life import Life
from tests.property.moves import NAMES, Move
from tests.property.witness import TABLES, Row

pytestmark = [pytest.mark.slow_proof, pytest.mark.timeout(0)]
"""test_rows.py takes each row on purpose; `make proofs` shows that random lives find them."""

LIVES = 120
LENGTH = 200
JOURNAL_EVERY = 20
"""Of so many lives one has its journal recovered, verified and thawed from every snapshot."""


def lived(seed: int) -> Life:
    """A life of evenly drawn moves."""
    dice = Random(seed)
    life = Life()
    life.play(
        Move(dice.choice(NAMES), *(dice.randrange(12) for _ in range(4))) for _ in range(LENGTH)
    )
    return life


def taken() -> Counter[Row]:
    """How often random lives take each row."""
    rows: Counter[Row] = Counter()
    for seed in range(LIVES):
        life = lived(seed)
        rows += life.witness.rows
        if seed % JOURNAL_EVERY == 0:
            life.check_journal()
    return rows


def test_random_lives_reach_every_state_and_take_nearly_every_transition() -> None:
    rows = taken()
    for name, table in TABLES.items():
        counts = {row: rows[name, *row] for row in table}
        reached: Counter[Enum] = Counter()
        for row, count in counts.items():
            reached.update({row[0]: count, table[row]: count})
        covered = sum(map(bool, counts.values()))
        print(f"\n{name}: {covered} of {len(counts)} transitions")
        for (state, step), count in counts.items():
            print(f"  {state.value:12}{step.value:12}{count:6}")
        print(f"  states: { {state.value: count for state, count in reached.items()} }")

        assert all(reached.values())
        assert covered >= 0.95 * len(counts)
