"""What a lease is worth: a stream speaks for its agent while it holds it, and no longer."""

import pytest

from routing_service.core.journal.command import Command
from routing_service.core.journal.commands import (
    Complete,
    ConnectAgent,
    LoseAgent,
    SetOutsideWork,
    SetPresence,
    WrapUp,
    WrapUpAct,
)
from routing_service.core.records.errors import Conflict
from routing_service.core.records.lifecycle import Presence
from tests.builders import agent
from tests.desk import Desk


@pytest.fixture
def desk() -> Desk:
    """Ann, of three units, on her first Work stream."""
    made = Desk()
    made.sign_in(agent("ann", capacity=3))
    made.do(ConnectAgent(agent="ann"))
    return made


def lose(desk: Desk, epoch: int = 1) -> None:
    desk.do(LoseAgent(agent="ann", epoch=epoch))


def outside(desk: Desk, units: int, epoch: int) -> None:
    desk.do(SetOutsideWork(agent="ann", units=units, epoch=epoch))


@pytest.mark.parametrize(
    "said",
    [
        SetPresence(agent="ann", presence=Presence.AVAILABLE, epoch=1),
        SetOutsideWork(agent="ann", units=1, epoch=1),
        Complete(item="it0000000001", agent="ann", epoch=1),
        WrapUp(item="it0000000001", agent="ann", act=WrapUpAct.END, epoch=1),
    ],
    ids=lambda said: type(said).__name__,
)
def test_a_stream_whose_lease_ran_out_says_nothing_any_more(desk: Desk, said: Command) -> None:
    desk.accept(desk.open())
    lose(desk)
    before = desk.agent()

    with pytest.raises(Conflict) as refused:
        desk.do(said)

    assert "LEASE_LOST" == refused.value.reason
    assert before == desk.agent()


def test_who_connects_again_within_the_grace_has_lost_nothing(desk: Desk) -> None:
    item = desk.open()
    outside(desk, 1, epoch=1)

    desk.do(ConnectAgent(agent="ann"))
    lose(desk, epoch=1)  # the former stream's grace ran out meanwhile

    assert (Presence.AVAILABLE, 1, True) == _stands(desk)
    assert "ann" == desk.offered_to(item)


def _stands(desk: Desk) -> tuple[Presence, int, bool]:
    return desk.agent().presence, desk.agent().outside, desk.agent().connected


def test_work_from_elsewhere_that_his_stream_told_of_is_forgotten_with_the_lease(
    desk: Desk,
) -> None:
    outside(desk, 2, epoch=1)

    desk.do(ConnectAgent(agent="ann"))
    lose(desk, epoch=2)

    assert (Presence.OFFLINE, 0, False) == _stands(desk)


def test_work_from_elsewhere_that_a_telephone_system_told_of_is_not(desk: Desk) -> None:
    outside(desk, 2, epoch=1)
    outside(desk, 1, epoch=0)

    lose(desk)

    assert (Presence.OFFLINE, 1, False) == _stands(desk)
