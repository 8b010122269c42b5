"""The life-cycle tables, literal: (state, step) -> state. Nothing moves except along a row.

`advance` is the one checker; decide asks it before it emits, apply asks it again when it recovers.
The diagrams in the README are drawn from these tables. No decision enters here.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from routing_service.core.records.errors import WrongState


class ItemState(StrEnum):
    """Where a work item stands."""

    QUEUED = "queued"
    OFFERED = "offered"
    ASSIGNED = "assigned"
    PENDING = "pending"
    LEFT = "left"
    RESOLVED = "resolved"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    ABANDONED = "abandoned"
    EXPIRED = "expired"
    SCHEDULED = "scheduled"
    SUSPENDED = "suspended"
    MERGED = "merged"


class ItemStep(StrEnum):
    """What may happen to a work item."""

    OFFER = "offer"
    UNOFFER = "unoffer"
    ACCEPT = "accept"
    REQUEUE = "requeue"
    PEND = "pend"
    RESUME = "resume"
    CONTINUE = "continue"
    RESOLVE = "resolve"
    REOPEN = "reopen"
    CLOSE = "close"
    CANCEL = "cancel"
    ABANDON = "abandon"
    EXPIRE = "expire"
    SCHEDULE = "schedule"
    ACTIVATE = "activate"
    SUSPEND = "suspend"
    MERGE = "merge"
    TRANSFER = "transfer"
    HAND_OVER = "hand_over"
    RETAIN = "retain"
    LEAVE = "leave"
    RETURN = "return"


class OfferState(StrEnum):
    """Where an offer stands; `pending` holds capacity."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    RESCINDED = "rescinded"
    """Another agent to whom the item was offered at the same time was quicker."""
    VOIDED = "voided"


class OfferStep(StrEnum):
    """What may happen to an offer."""

    ACCEPT = "accept"
    DECLINE = "decline"
    EXPIRE = "expire"
    WITHDRAW = "withdraw"
    RESCIND = "rescind"
    VOID = "void"


class ClockState(StrEnum):
    """Where a promise stands. Off-hours are no state: the calendar knows them."""

    IDLE = "idle"
    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    BREACHED = "breached"
    MET_LATE = "met_late"
    CANCELLED = "cancelled"


class ClockStep(StrEnum):
    """What may happen to a clock."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    WARN = "warn"
    RETARGET = "retarget"
    MEET = "meet"
    BREACH = "breach"
    REOPEN = "reopen"
    CANCEL = "cancel"


class HoldState(StrEnum):
    """Why an agent's capacity is in use by an item."""

    NONE = "none"
    RESERVED = "reserved"
    HANDLING = "handling"
    WRAP_UP = "wrap_up"
    RELEASED = "released"


class HoldStep(StrEnum):
    """What may happen to held capacity."""

    RESERVE = "reserve"
    BEGIN = "begin"
    COMPLETE = "complete"
    RENEW = "renew"
    RELEASE = "release"


class Presence(StrEnum):
    """What the agent (or his ACD) says; load is counted by the engine and never mixed in."""

    OFFLINE = "offline"
    AVAILABLE = "available"
    BUSY = "busy"
    AWAY = "away"
    DRAINING = "draining"


_OPEN = (
    ItemState.QUEUED,
    ItemState.OFFERED,
    ItemState.ASSIGNED,
    ItemState.PENDING,
    ItemState.LEFT,
    ItemState.SCHEDULED,
    ItemState.SUSPENDED,
)

ITEM: Mapping[tuple[ItemState, ItemStep], ItemState] = {
    (ItemState.QUEUED, ItemStep.OFFER): ItemState.OFFERED,
    (ItemState.OFFERED, ItemStep.UNOFFER): ItemState.QUEUED,
    (ItemState.OFFERED, ItemStep.ACCEPT): ItemState.ASSIGNED,
    (ItemState.QUEUED, ItemStep.REQUEUE): ItemState.QUEUED,
    (ItemState.ASSIGNED, ItemStep.REQUEUE): ItemState.QUEUED,
    (ItemState.QUEUED, ItemStep.PEND): ItemState.PENDING,
    (ItemState.ASSIGNED, ItemStep.PEND): ItemState.PENDING,
    (ItemState.PENDING, ItemStep.PEND): ItemState.PENDING,
    (ItemState.PENDING, ItemStep.RESUME): ItemState.QUEUED,
    (ItemState.PENDING, ItemStep.CONTINUE): ItemState.ASSIGNED,
    (ItemState.QUEUED, ItemStep.RESOLVE): ItemState.RESOLVED,
    (ItemState.ASSIGNED, ItemStep.RESOLVE): ItemState.RESOLVED,
    (ItemState.PENDING, ItemStep.RESOLVE): ItemState.RESOLVED,
    (ItemState.RESOLVED, ItemStep.REOPEN): ItemState.QUEUED,
    (ItemState.RESOLVED, ItemStep.CLOSE): ItemState.CLOSED,
    (ItemState.QUEUED, ItemStep.CANCEL): ItemState.CANCELLED,
    (ItemState.ASSIGNED, ItemStep.CANCEL): ItemState.CANCELLED,
    (ItemState.PENDING, ItemStep.CANCEL): ItemState.CANCELLED,
    (ItemState.QUEUED, ItemStep.ABANDON): ItemState.ABANDONED,
    (ItemState.ASSIGNED, ItemStep.ABANDON): ItemState.ABANDONED,
    (ItemState.PENDING, ItemStep.ABANDON): ItemState.ABANDONED,
    (ItemState.QUEUED, ItemStep.TRANSFER): ItemState.QUEUED,
    (ItemState.ASSIGNED, ItemStep.TRANSFER): ItemState.QUEUED,
    (ItemState.ASSIGNED, ItemStep.HAND_OVER): ItemState.QUEUED,
    (ItemState.QUEUED, ItemStep.RETAIN): ItemState.ASSIGNED,
    (ItemState.QUEUED, ItemStep.LEAVE): ItemState.LEFT,
    (ItemState.LEFT, ItemStep.RETURN): ItemState.QUEUED,
    (ItemState.LEFT, ItemStep.RESOLVE): ItemState.RESOLVED,
    (ItemState.LEFT, ItemStep.CANCEL): ItemState.CANCELLED,
    (ItemState.LEFT, ItemStep.ABANDON): ItemState.ABANDONED,
    (ItemState.QUEUED, ItemStep.EXPIRE): ItemState.EXPIRED,
    (ItemState.SCHEDULED, ItemStep.SCHEDULE): ItemState.SCHEDULED,
    (ItemState.SCHEDULED, ItemStep.ACTIVATE): ItemState.QUEUED,
    (ItemState.SCHEDULED, ItemStep.RESOLVE): ItemState.RESOLVED,
    (ItemState.SCHEDULED, ItemStep.CANCEL): ItemState.CANCELLED,
    (ItemState.SCHEDULED, ItemStep.ABANDON): ItemState.ABANDONED,
    (ItemState.QUEUED, ItemStep.SUSPEND): ItemState.SUSPENDED,
    (ItemState.ASSIGNED, ItemStep.SUSPEND): ItemState.SUSPENDED,
    (ItemState.PENDING, ItemStep.SUSPEND): ItemState.SUSPENDED,
    (ItemState.SUSPENDED, ItemStep.SUSPEND): ItemState.SUSPENDED,
    (ItemState.SUSPENDED, ItemStep.RESUME): ItemState.QUEUED,
    (ItemState.SUSPENDED, ItemStep.RESOLVE): ItemState.RESOLVED,
    (ItemState.SUSPENDED, ItemStep.CANCEL): ItemState.CANCELLED,
    (ItemState.SUSPENDED, ItemStep.ABANDON): ItemState.ABANDONED,
    (ItemState.QUEUED, ItemStep.MERGE): ItemState.MERGED,
    (ItemState.ASSIGNED, ItemStep.MERGE): ItemState.MERGED,
    (ItemState.PENDING, ItemStep.MERGE): ItemState.MERGED,
    (ItemState.LEFT, ItemStep.MERGE): ItemState.MERGED,
    (ItemState.SCHEDULED, ItemStep.MERGE): ItemState.MERGED,
    (ItemState.SUSPENDED, ItemStep.MERGE): ItemState.MERGED,
}
"""An offered item first loses its offer (UNOFFER), then takes the step: hence no rows of its own.
RESUME goes back to the queue (the owner first); CONTINUE goes on with the owner whose capacity was
held. TRANSFER takes an item from its owner at once; with HAND_OVER he has it in hand until another
one accepts, or he takes it back (RETAIN). LEAVE keeps the place of a customer who may RETURN."""

OFFER: Mapping[tuple[OfferState, OfferStep], OfferState] = {
    (OfferState.PENDING, OfferStep.ACCEPT): OfferState.ACCEPTED,
    (OfferState.PENDING, OfferStep.DECLINE): OfferState.DECLINED,
    (OfferState.PENDING, OfferStep.EXPIRE): OfferState.EXPIRED,
    (OfferState.PENDING, OfferStep.WITHDRAW): OfferState.WITHDRAWN,
    (OfferState.PENDING, OfferStep.RESCIND): OfferState.RESCINDED,
    (OfferState.PENDING, OfferStep.VOID): OfferState.VOIDED,
}

CLOCK: Mapping[tuple[ClockState, ClockStep], ClockState] = {
    (ClockState.IDLE, ClockStep.START): ClockState.RUNNING,
    (ClockState.RUNNING, ClockStep.PAUSE): ClockState.PAUSED,
    (ClockState.PAUSED, ClockStep.RESUME): ClockState.RUNNING,
    (ClockState.RUNNING, ClockStep.WARN): ClockState.RUNNING,
    (ClockState.RUNNING, ClockStep.RETARGET): ClockState.RUNNING,
    (ClockState.RUNNING, ClockStep.MEET): ClockState.MET,
    (ClockState.PAUSED, ClockStep.MEET): ClockState.MET,
    (ClockState.RUNNING, ClockStep.BREACH): ClockState.BREACHED,
    (ClockState.PAUSED, ClockStep.BREACH): ClockState.BREACHED,
    (ClockState.BREACHED, ClockStep.MEET): ClockState.MET_LATE,
    (ClockState.MET, ClockStep.REOPEN): ClockState.RUNNING,
    (ClockState.MET_LATE, ClockStep.REOPEN): ClockState.BREACHED,
    (ClockState.RUNNING, ClockStep.CANCEL): ClockState.CANCELLED,
    (ClockState.PAUSED, ClockStep.CANCEL): ClockState.CANCELLED,
    (ClockState.BREACHED, ClockStep.CANCEL): ClockState.CANCELLED,
    (ClockState.CANCELLED, ClockStep.START): ClockState.RUNNING,
}
"""(PAUSED, BREACH): a new, shorter target finds a paused clock already past it (by_policy_change).
(CANCELLED, START): the priority or rulebook that did not have the promise is gone again."""

HOLD: Mapping[tuple[HoldState, HoldStep], HoldState] = {
    (HoldState.NONE, HoldStep.RESERVE): HoldState.RESERVED,
    (HoldState.RESERVED, HoldStep.BEGIN): HoldState.HANDLING,
    (HoldState.RESERVED, HoldStep.RELEASE): HoldState.RELEASED,
    (HoldState.HANDLING, HoldStep.COMPLETE): HoldState.WRAP_UP,
    (HoldState.HANDLING, HoldStep.RELEASE): HoldState.RELEASED,
    (HoldState.WRAP_UP, HoldStep.RENEW): HoldState.WRAP_UP,
    (HoldState.WRAP_UP, HoldStep.RELEASE): HoldState.RELEASED,
}

OPEN_ITEM_STATES = frozenset(_OPEN)
ENDED_ITEM_STATES = frozenset(
    {
        ItemState.CLOSED,
        ItemState.CANCELLED,
        ItemState.ABANDONED,
        ItemState.EXPIRED,
        ItemState.MERGED,
    }
)

_State = TypeVar("_State", bound=StrEnum)
_Step = TypeVar("_Step", bound=StrEnum)


def advance(
    table: Mapping[tuple[_State, _Step], _State],
    state: _State,
    step: _Step,
    subject: str,
) -> _State:
    """The state after `step`, or WrongState(ILLEGAL_TRANSITION) naming subject, state and step."""
    after = table.get((state, step))
    if after is None:
        raise WrongState(
            "ILLEGAL_TRANSITION",
            f"{subject} is {state.value}: '{step.value}' is not possible now.",
            state=state.value,
            step=step.value,
        )
    return after
