"""What a snapshot must not lose: each case is the smallest that showed it."""

from routing_service.core.desk.world import World
from routing_service.core.journal.commands import PutAgents
from routing_service.core.records.lifecycle import Presence
from routing_service.core.records.model import Agent
from routing_service.core.step import step
from routing_service.store.codec import encode_record, snapshot_of, thaw
from tests.builders import MINUTE, NOON, agent
from tests.desk import Desk
from tests.property.contradictions import contradictions
from tests.property.witness import frozen

CROWD = 70
"""More than the roster ranks by sorting."""


def restored(world: World) -> World:
    return thaw(snapshot_of(world.seq, frozen(world)))[0]


def test_a_wait_that_is_over_but_not_fired_stays_due_after_a_snapshot() -> None:
    desk = Desk()
    desk.sign_in("ann")
    item = desk.open()
    desk.decline(item, retry_at=NOON + MINUTE)
    desk.now += MINUTE
    desk.open(queue="second")  # a desk with much to do: this came before the deadline was fired

    world = restored(desk.world)

    assert NOON + MINUTE == desk.world.next_due() == world.next_due()
    assert [] == list(contradictions(world))


def test_who_declined_is_forgotten_when_he_may_be_asked_again() -> None:
    desk = Desk()
    item = desk.open()
    desk.sign_in("ann")
    desk.decline(item, retry_at=NOON + MINUTE)

    desk.wait(MINUTE)

    assert "ann" == desk.offered_to(item)
    assert {} == desk.item(item).declined_by


def test_among_many_agents_the_longest_idle_is_found_after_a_snapshot() -> None:
    desk = Desk()
    crowd: list[Agent] = [agent(f"a{number:02}") for number in range(CROWD)]
    desk.do(PutAgents(agents=tuple(crowd)))
    for each in reversed(crowd):
        desk.now += 1
        desk.presence(each.id, Presence.AVAILABLE)
    world = restored(desk.world)

    item = desk.open()
    again = step(world, desk.records[-1].command, desk.now)

    assert f"a{CROWD - 1}" == desk.offered_to(item)
    assert encode_record(desk.records[-1]) == encode_record(again.record)
