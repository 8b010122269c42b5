"""Levels under any load: they never flap, nothing kept is given away, an emergency leaves no trace.

Thresholds, holds, figures and kept capacity are compared after every command by witness.py; the
lives here are crowded, so that levels come and go.
"""

from collections import Counter

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from routing_service.core.journal.events import SurgeMoved
from routing_service.core.journal.surge_commands import SwitchSurge
from routing_service.core.records.lifecycle import ItemState
from routing_service.core.records.surge import SurgeCause
from tests.builders import HOUR, MINUTE
from tests.desk import only
from tests.property.life import SPARSE, Life
from tests.property.moves import Move

pytestmark = pytest.mark.timeout(300)  # many lives: a busy machine takes its time, a hunt more

_DICE = st.integers(0, 11)
_CROWDED = (
    *("open",) * 8,
    *("accept",) * 5,
    *("complete", "report", "cancel", "abandon") * 2,
    *("wait", "until_due", "jump", "late_tick") * 2,
    *("sign_in", "presence", "put", "outside", "remove", "decline", "transfer", "update"),
    *("switch_surge", "activate"),
)
LIVES = st.lists(
    st.builds(Move, st.sampled_from(_CROWDED), _DICE, _DICE, _DICE, _DICE), min_size=20, max_size=40
)


@settings(max_examples=settings().max_examples // 4)
@given(LIVES)
def test_levels_follow_their_loads_and_every_life_is_told_by_its_journal(
    played: list[Move],
) -> None:
    life = Life()
    life.play(played)
    causes = Counter(each.cause for each in _moved(life))
    for cause in SurgeCause:
        event(f"{cause.value}: {min(causes[cause], 3)}")

    life.check_journal(every=SPARSE)


@settings(max_examples=settings().max_examples // 4)
@given(LIVES, st.sampled_from(("alarm", "peak", "")), st.booleans())
def test_after_an_emergency_everything_is_as_if_nobody_had_switched(
    played: list[Move], level: str, by_hand: bool
) -> None:
    """A switch over a time in which nothing else happens: levels and members are those before."""
    life = Life()
    life.play([move for move in played if move.name != "switch_surge"])
    for item in list(life.world.items.values()):
        if item.state in {ItemState.QUEUED, ItemState.OFFERED}:
            life.cancel(item.id)
    life.wait(HOUR)  # whatever level the life left is over
    if not life.world.plan.loads:
        return
    before = _whom_what_serves(life)
    until = life.now + MINUTE
    life.do(SwitchSurge(actor="boss", level=level, reason="fire", until=until))
    during = _whom_what_serves(life)
    event(f"called in: {during != before}")
    if by_hand:
        life.do(SwitchSurge(actor="boss", reason="over", release=True))
    else:
        life.wait(MINUTE)

    assert before == _whom_what_serves(life)
    assert [] == [surge for surge in life.world.surges.values() if surge.switched]


def _moved(life: Life) -> list[SurgeMoved]:
    return only(SurgeMoved, [event for record in life.records for event in record.events])


def _whom_what_serves(life: Life) -> dict[str, object]:
    roster = life.world.roster
    members = {queue: roster.profiles.members(queue) for queue in life.world.plan.queues}
    return {"members": members, "fits": dict(life.world.fits)}
