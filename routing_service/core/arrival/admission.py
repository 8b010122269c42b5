"""Whether a queue lets a new item in, and where it goes otherwise. Reads World, changes nothing."""

from msgspec.structs import replace

from routing_service.core.desk.world import World
from routing_service.core.journal.command import ENGINE
from routing_service.core.journal.commands import Submit
from routing_service.core.plans.plan import QueuePlan
from routing_service.core.plans.queue_plan import Absence, Answer, Otherwise
from routing_service.core.queues.relaxing import need
from routing_service.core.queues.waiting import Signature
from routing_service.core.records.errors import Overloaded, RoutingError, WrongState
from routing_service.core.records.lifecycle import Presence
from routing_service.core.records.model import Item, Requirement, Verdict

MAX_HOPS = 8
"""Queues that may hand an item on, one to the other; lint finds circles."""

FULL = "queue_full"
CLOSED = "queue_closed"
UNSERVED = "nobody_can_serve"
SURGE = "surge"

REFUSALS = frozenset({"QUEUE_FULL", "QUEUE_CLOSED", "NOBODY_CAN_SERVE"})
"""Reasons of the errors by which a queue refuses."""

_PRESENCES = {
    Absence.OFFLINE: Presence.OFFLINE,
    Absence.AWAY: Presence.AWAY,
    Absence.BUSY: Presence.BUSY,
    Absence.DRAINING: Presence.DRAINING,
}


def admit(world: World, verdict: Verdict, command: Submit, now: int) -> tuple[str, str]:
    """(queue that gets the item, why it is not the one the rules named; empty when it is).

    Overloaded(QUEUE_FULL), WrongState(QUEUE_CLOSED, NOBODY_CAN_SERVE) when the queue's rule is to
    refuse; what a rule opens is let in, because there is nobody to tell.
    """
    queue, why = world.queue(verdict.queue), ""
    if verdict.surge is not None:
        if verdict.surge.deflect:  # he will not wait: whether there is room for him is no matter
            return queue.name, why
        if verdict.surge.queue not in ("", queue.name):
            queue, why = world.queue(verdict.surge.queue), SURGE
    for _ in range(MAX_HOPS):
        refused, answer = _asked(world, queue, verdict, command, now)
        if not refused or answer.then is Otherwise.WAIT:
            break
        if answer.then is Otherwise.REFUSE:
            if command.actor == ENGINE:
                break
            raise _refusal(refused, queue.name)
        queue, why = world.queue(answer.queue), why or refused
    return queue.name, why


def _asked(
    world: World, queue: QueuePlan, verdict: Verdict, command: Submit, now: int
) -> tuple[str, Answer]:
    """(why the queue does not let it in; empty = it does, what to do then).

    Of a scheduled item only the hours are known by now.
    """
    terms = queue.admission
    begins = max(now, command.scheduled_for)
    if terms.calendar and not world.calendars[terms.calendar].is_open(begins):
        return CLOSED, terms.closed
    if begins > now:
        return "", Answer()
    if terms.limit and world.waiting.count(queue.name) >= terms.limit:
        return FULL, terms.full
    if terms.absences and not _can_serve(world, queue, verdict, command.channel):
        return UNSERVED, terms.unserved
    return "", Answer()


def _can_serve(world: World, queue: QueuePlan, verdict: Verdict, channel: str) -> bool:
    """Whether there is somebody who has what the item asks, at the latest at its last step."""
    cost = world.plan.channel_cost.get(channel, 1)
    roster = world.roster
    last = need(_imagined(queue, verdict.requirements), queue.ladder)
    widened, ceiling, green = last.queues[1:], last.ceiling, verdict.green
    signature = Signature(
        queue.name, last.requirements, cost, widened, ceiling, channel, green=green
    )
    able = roster.profiles.fitting(roster.profiles.members_for(signature), signature)
    for absence in queue.admission.absences:
        presence = _PRESENCES.get(absence)
        if presence is None:
            able &= ~(roster.in_presence(Presence.AVAILABLE) & ~roster.free_for(signature))
        else:
            able &= ~roster.in_presence(presence)
    return bool(able)


def _imagined(queue: QueuePlan, needs: tuple[Requirement, ...]) -> Item:
    """An item that has taken every step."""
    return replace(_NOBODYS, queue=queue.name, requirements=needs, relaxed=len(queue.ladder.steps))


_NOBODYS = Item(id="", number="", channel="", customer="", labels={}, opened_at=0, received_at=0)


def _refusal(why: str, queue: str) -> RoutingError:
    if why == FULL:
        return Overloaded(
            "QUEUE_FULL", "As many as may wait in the queue wait already.", queue=queue
        )
    if why == CLOSED:
        return WrongState("QUEUE_CLOSED", "The queue is outside its opening hours.", queue=queue)
    return WrongState(
        "NOBODY_CAN_SERVE", "Nobody who could serve the item is there now.", queue=queue
    )
