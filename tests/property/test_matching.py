"""Who gets what when several things become free at once: the best-ranked item goes first."""

from routing_service.core.journal.commands import ConnectAgent, LoseAgent, PutAgents
from routing_service.core.records.lifecycle import Presence
from tests.builders import SECOND, agent, plan
from tests.desk import Desk

BOTH = ("service", "second")


def test_an_item_nobody_answers_does_not_keep_one_of_another_queue_waiting() -> None:
    desk = Desk()
    desk.sign_in(agent("ann", queues=BOTH))
    longest = desk.open()
    desk.now += SECOND
    waiting = desk.open(queue="second", priority="p1")

    desk.wait(45 * SECOND)

    assert "" == desk.offered_to(longest)
    assert "ann" == desk.offered_to(waiting)


def test_of_two_items_that_lose_their_offers_at_once_the_better_ranked_is_offered_first() -> None:
    desk = Desk()
    desk.do(PutAgents(agents=(agent("ann", capacity=2), agent("ben"))))
    desk.presence("ann", Presence.AVAILABLE)
    desk.do(ConnectAgent(agent="ann"))
    later = desk.open()
    first = desk.open(priority="p1")
    desk.presence("ben", Presence.AVAILABLE)

    desk.do(LoseAgent(agent="ann", epoch=1))

    assert ("", "ben") == (desk.offered_to(later), desk.offered_to(first))


def test_items_and_agents_that_come_free_together_are_paired_by_rank_across_queues() -> None:
    """Ben serves both queues, Ann one: whoever is asked about first, rank decides."""
    desk = Desk()
    desk.sign_in(agent("ann", queues=("second",)), agent("ben", queues=BOTH))
    held = [desk.open(queue="second"), desk.open()]
    desk.now += SECOND
    best = desk.open(priority="p1")
    next_best = desk.open(queue="second", priority="p2")

    desk.wait(45 * SECOND)

    assert ("ben", "ann") == (desk.offered_to(best), desk.offered_to(next_best))
    assert ["", ""] == [desk.offered_to(item) for item in held]


def test_a_rulebook_that_makes_a_channel_cheaper_puts_waiting_calls_through() -> None:
    desk = Desk()
    desk.sign_in("ann")
    call = desk.open(channel="phone")

    desk.activate(plan(channel_cost={}))

    assert "ann" == desk.offered_to(call)


def test_a_profile_that_names_a_queue_twice_may_be_replaced() -> None:
    desk = Desk()
    desk.do(PutAgents(agents=(agent("ann", queues=("service", "service")),)))

    desk.sign_in("ann")

    assert "ann" == desk.offered_to(desk.open())
