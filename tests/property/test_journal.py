"""Whatever happens to a desk: the journal tells it all and nothing waits in vain.

What `Life` checks after every command and at the end is written in life.py and witness.py.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.property.life import SPARSE, Life
from tests.property.moves import Move, moves

pytestmark = pytest.mark.timeout(300)  # many lives: a busy machine takes its time, a hunt more


@settings(max_examples=max(150, settings().max_examples))
@given(st.lists(moves, min_size=30, max_size=50))
def test_any_life_of_a_desk_is_told_by_its_journal(played: list[Move]) -> None:
    life = Life()

    life.play(played)

    life.check_journal(every=SPARSE)


@settings(max_examples=settings().max_examples // 2)
@given(st.lists(moves, min_size=5, max_size=15), st.lists(moves, min_size=20, max_size=40))
def test_a_desk_brought_back_from_its_snapshot_lives_on_in_the_same_way(
    before: list[Move], after: list[Move]
) -> None:
    stayed, returned = Life(), Life()
    stayed.play(before)
    returned.play(before)
    returned.bring_back()

    stayed.play(after)
    returned.play(after)

    assert stayed.journal == returned.journal
