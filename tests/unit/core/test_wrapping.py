"""Wrap-ups: timed, optional, mandatory; ended early, kept, begun anew."""

import pytest

from routing_service.core.journal.commands import ConnectAgent, Transfer, WrapUp, WrapUpAct
from routing_service.core.plans.plan import OfferPlan, WrapUpMode
from routing_service.core.records.errors import Conflict, WrongState
from routing_service.core.records.lifecycle import HoldState
from tests.builders import HOUR, MINUTE, SECOND, plan, queue_plan
from tests.desk import Desk


def wrapping(mode: WrapUpMode, renewals: int = 0) -> tuple[Desk, str]:
    """Ann has just completed an item; the queue's wrap-up is a minute."""
    queue = queue_plan(wrap_up=MINUTE, wrap_up_mode=mode, wrap_up_renewals=renewals)
    desk = Desk(plan(queues={"service": queue}))
    desk.sign_in("ann")
    item = desk.open()
    desk.accept(item)
    desk.complete(item, "ann")
    return desk, item


def end(desk: Desk, item: str, act: WrapUpAct = WrapUpAct.END, epoch: int = 0) -> None:
    desk.do(WrapUp(item=item, agent="ann", act=act, epoch=epoch))


def wraps_up(desk: Desk, item: str) -> bool:
    hold = desk.agent().holds.get(item)
    return hold is not None and hold.state is HoldState.WRAP_UP


def test_a_timed_wrap_up_lasts_exactly_its_time() -> None:
    desk, item = wrapping(WrapUpMode.TIMED)
    with pytest.raises(WrongState) as refused:
        end(desk, item)
    desk.wait(MINUTE - 1)
    nearly = wraps_up(desk, item)
    desk.wait(1)

    assert "WRAP_UP_NOT_OVER" == refused.value.reason
    assert (True, False) == (nearly, wraps_up(desk, item))


def test_an_optional_wrap_up_is_ended_by_the_agent_or_by_time() -> None:
    early, item = wrapping(WrapUpMode.OPTIONAL)
    end(early, item)
    late, other = wrapping(WrapUpMode.OPTIONAL)
    late.wait(MINUTE)

    assert (False, False) == (wraps_up(early, item), wraps_up(late, other))


def test_a_mandatory_wrap_up_takes_its_time_and_then_waits_for_the_agent() -> None:
    desk, item = wrapping(WrapUpMode.MANDATORY)
    desk.wait(MINUTE - 1)
    with pytest.raises(WrongState):
        end(desk, item)
    desk.wait(HOUR)
    waits = wraps_up(desk, item)
    end(desk, item)

    assert (True, False) == (waits, wraps_up(desk, item))


def test_capacity_is_free_when_the_wrap_up_is_ended() -> None:
    desk, item = wrapping(WrapUpMode.OPTIONAL)
    following = desk.open()
    busy = desk.offered_to(following)
    end(desk, item)

    assert ("", "ann") == (busy, desk.offered_to(following))


def test_a_renewable_wrap_up_begins_anew_as_often_as_the_queue_says() -> None:
    desk, item = wrapping(WrapUpMode.TIMED, renewals=1)
    desk.wait(MINUTE - 1)
    end(desk, item, WrapUpAct.RENEW)
    with pytest.raises(WrongState) as refused:
        end(desk, item, WrapUpAct.RENEW)
    desk.wait(MINUTE - 1)
    renewed = wraps_up(desk, item)
    desk.wait(1)

    assert "WRAP_UP_NOT_RENEWABLE" == refused.value.reason
    assert (True, False) == (renewed, wraps_up(desk, item))


def test_only_what_is_wrapped_up_can_be_ended() -> None:
    desk, item = wrapping(WrapUpMode.OPTIONAL)
    end(desk, item)
    with pytest.raises(WrongState) as refused:
        end(desk, item)

    assert "NOT_WRAPPING_UP" == refused.value.reason


def test_a_stale_client_cannot_end_a_wrap_up() -> None:
    desk, item = wrapping(WrapUpMode.OPTIONAL)
    desk.do(ConnectAgent(agent="ann"))
    desk.do(ConnectAgent(agent="ann"))
    with pytest.raises(Conflict) as refused:
        end(desk, item, epoch=1)

    assert "STALE_EPOCH" == refused.value.reason


def test_a_wrap_up_goes_by_its_own_queue_wherever_the_item_is_by_then() -> None:
    mandatory = queue_plan("second", wrap_up=0, wrap_up_mode=WrapUpMode.MANDATORY)
    first = queue_plan(wrap_up_renewals=1, offers=OfferPlan(cool_down={"completed": MINUTE}))
    desk = Desk(plan(queues={"service": first, "second": mandatory}))
    desk.sign_in("ann")
    item = desk.open()
    desk.accept(item)
    desk.do(Transfer(item=item, queue="second"))

    desk.wait(30 * SECOND)
    desk.do(WrapUp(item=item, agent="ann", act=WrapUpAct.RENEW))
    until = desk.agent().holds[item].until
    desk.wait(60 * SECOND)

    assert until == desk.now
    assert desk.agent().held_back == {"cool_down": desk.now + MINUTE}
