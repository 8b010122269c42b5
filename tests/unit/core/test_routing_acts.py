"""What was done to bring an item to an agent: each act names the one before."""

from routing_service.core.journal.commands import Transfer
from routing_service.core.journal.events import ItemQueued, ItemRelaxed, OfferMade, OfferMoved
from routing_service.core.journal.routing_acts import RoutingAct, acts_of, instant_before
from routing_service.core.plans.queue_plan import Ladder, RelaxStep
from routing_service.core.records.lifecycle import OfferState, Presence
from tests.builders import HOUR, MINUTE, NOON, agent, needs, plan, queue_plan
from tests.desk import Desk


def followed_back(desk: Desk, item: str) -> list[RoutingAct]:
    """From the last act to the opening, by what each instant names as the one before."""
    record = desk.item(item)
    at, found = record.routed_at or record.received_at, list[RoutingAct]()
    while at:
        here = [act for each in desk.records if each.now == at for act in acts_of(each, item)]
        found = here + found
        at = instant_before(here, at, record.received_at)
    return found


def told(act: RoutingAct) -> tuple[int, object]:
    """Minutes after noon, and the heart of the matter."""
    minutes = (act.at - NOON) // MINUTE
    match act.did:
        case ItemQueued(queue=queue):
            return minutes, queue
        case ItemRelaxed(step=step):
            return minutes, step
        case OfferMade(agent=someone):
            return minutes, someone
        case OfferMoved(state=state):
            return minutes, state


def test_every_act_from_the_opening_on_is_found_one_from_the_next() -> None:
    ladder = Ladder(steps=(RelaxStep(after=3 * MINUTE, lower=5),))
    queues = [
        queue_plan("service", ladder=ladder, offer_timeout=2 * MINUTE, wrap_up=0),
        queue_plan("second", offer_timeout=2 * MINUTE, wrap_up=0),
    ]
    desk = Desk(plan(queues={queue.name: queue for queue in queues}))
    item = desk.open(requirements=needs(hvac=6))
    desk.wait(MINUTE)
    desk.sign_in(agent("ann", skills={"hvac": 6}), agent("ben", skills={"hvac": 1}))
    desk.wait(MINUTE)
    desk.decline(item, retry_at=desk.now + HOUR)
    desk.wait(2 * MINUTE)
    desk.accept(item)
    desk.wait(MINUTE)
    desk.do(Transfer(item=item, queue="second", drop_requirements=True))
    desk.wait(MINUTE)
    desk.sign_in(agent("cho", queues=("second",)))
    desk.wait(MINUTE)
    desk.presence("cho", Presence.OFFLINE)

    assert [
        (0, "service"),
        (1, "ann"),
        (2, OfferState.DECLINED),
        (3, 1),
        (3, "ben"),
        (4, OfferState.ACCEPTED),
        (5, "second"),
        (6, "cho"),
        (7, OfferState.VOIDED),
    ] == [told(act) for act in followed_back(desk, item)]


def test_an_act_names_who_led_to_it_and_the_rulebook_in_force() -> None:
    desk = Desk()
    (placed,) = followed_back(desk, desk.open(actor="portal"))

    assert ("portal", "d1") == (placed.actor, placed.digest)


def test_the_record_of_an_offer_tells_the_step_of_the_ladder_and_who_was_away() -> None:
    ladder = Ladder(steps=(RelaxStep(after=MINUTE, lower=5),))
    desk = Desk(plan(queues={"service": queue_plan(ladder=ladder)}))
    desk.sign_in(*(agent(name, skills={"hvac": 1}) for name in ("ann", "ben", "cho")))
    desk.presence("cho", Presence.AWAY)
    item = desk.open(requirements=needs(hvac=6))
    desk.wait(MINUTE)
    why = next(act.did.why for act in followed_back(desk, item) if isinstance(act.did, OfferMade))

    assert (1, 3, 3, 2, 2) == (why.step, why.in_queue, why.skilled, why.available, why.free)
