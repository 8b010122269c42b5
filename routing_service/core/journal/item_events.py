"""Events of one item: its steps, its clocks, its offers. See events.py."""

from enum import StrEnum

from routing_service.core.journal.event import Event
from routing_service.core.journal.match_record import MatchRecord
from routing_service.core.records.kinds import Kept
from routing_service.core.records.lifecycle import (
    ClockState,
    ClockStep,
    ItemState,
    ItemStep,
    OfferState,
    OfferStep,
)
from routing_service.core.records.model import (
    FactValue,
    Item,
    Milestone,
    Requirement,
)


class ItemOpened(Event, frozen=True, gc=False, kw_only=True, tag="item_opened"):
    """A work item came to be: classified, its first clocks running, with its place in a queue.

    One event, not one per step: an opened item is by far the most frequent thing that happens.
    `number_day` is the day whose numbers its number belongs to (core/desk/numbering.py).
    """

    item: str
    record: Item
    number_day: str = ""


class ItemClassified(Event, frozen=True, gc=False, kw_only=True, tag="item_classified"):
    """The rules' verdict on the item, again after an update.

    Of an escalation `named_queue` and `named_priority` are what it replaces: what the rules say
    when they are asked about the whole item.
    """

    item: str
    digest: str
    fired: tuple[str, ...] = ()
    labels: dict[str, FactValue] = {}  # noqa: RUF012 - a struct copies its defaults
    priority: str
    queue: str
    requirements: tuple[Requirement, ...] = ()
    clocks: tuple[str, ...] = ()
    failed: bool = False
    green: bool = False
    named_queue: str = ""
    named_priority: str = ""


class ItemLabelled(Event, frozen=True, gc=False, kw_only=True, tag="item_labelled"):
    """These are all its labels from now on; the rules were not asked."""

    item: str
    labels: dict[str, FactValue] = {}  # noqa: RUF012 - a struct copies its defaults


class Contact(StrEnum):
    """What became of the item when its customer brought the matter up again."""

    JOINED = "joined"
    RESUMED = "resumed"
    """It had waited for him."""
    RETURNED = "returned"
    """He had left while he waited."""
    REOPENED = "reopened"


class ItemMessaged(Event, frozen=True, gc=False, kw_only=True, tag="item_messaged"):
    """The customer wrote again; `signals` are those found in this text.

    `contact` = he brought the matter up as if it were new, and what became of that.
    """

    item: str
    signals: tuple[str, ...] = ()
    sealed: bytes = b""
    contact: Contact | None = None


class ItemMoved(Event, frozen=True, gc=False, kw_only=True, tag="item_moved"):
    """The item took a step of the ITEM table. `owner` is set by ACCEPT and lost by REQUEUE.

    `owed` are the milestones that a re-opening undoes beside those of a solution. `until` = of a
    HAND_OVER when it ends, of a TRANSFER from when its former owner may be asked again, of an
    ABANDON after the grace when he had left.
    """

    item: str
    step: ItemStep
    state: ItemState
    reason: str = ""
    owner: str = ""
    owed: tuple[str, ...] = ()
    until: int = 0
    into: str = ""
    """Of a MERGE: the item that goes on."""


class ItemQueued(Event, frozen=True, gc=False, kw_only=True, tag="item_queued"):
    """The item has this place in this queue; `preferred` is asked first until `preferred_until`."""

    item: str
    queue: str
    enqueued_at: int
    boost: int = 0
    rank: int
    preferred: str = ""
    preferred_until: int = 0
    kept_as: Kept | None = None
    before: int = 0
    """Instant of the item's routing act before; 0 = its opening."""


class ItemBoosted(Event, frozen=True, gc=False, kw_only=True, tag="item_boosted"):
    """An item that does not wait was escalated: `boost` is what it has when it waits again."""

    item: str
    boost: int


class OwnerRemoved(Event, frozen=True, gc=False, kw_only=True, tag="owner_removed"):
    """The item that was to come back to this agent has no owner any more: he is gone."""

    item: str
    agent: str


class ItemRelaxed(Event, frozen=True, gc=False, kw_only=True, tag="item_relaxed"):
    """Having waited so long, the item asks for less: `step` steps of its queue's ladder by now."""

    item: str
    step: int
    before: int = 0
    """Instant of the item's routing act before; 0 = its opening."""


class ItemWaited(Event, frozen=True, gc=False, kw_only=True, tag="item_waited"):
    """A waiting item has waited through this delay of agents of its queue: they may have it."""

    item: str
    delay: int


class ItemReady(Event, frozen=True, gc=False, kw_only=True, tag="item_ready"):
    """A wait of a queued item is over (the preferred agent's, a decliner's): match it again."""

    item: str


class MilestoneReached(Event, frozen=True, gc=False, kw_only=True, tag="milestone_reached"):
    """Reached at `at` (source time). `implied` = by a later milestone."""

    item: str
    milestone: Milestone
    at: int
    implied: bool = False


class ClockMoved(Event, frozen=True, gc=False, kw_only=True, tag="clock_moved"):
    """A clock took a step of the CLOCK table.

    `at` is the instant that counts (source time for a stop, the due instant for a breach), `share`
    the warned percentage, `elapsed` working microseconds counted so far (stops and breaches).
    """

    item: str
    clock: str
    step: ClockStep
    state: ClockState
    at: int
    due: int | None = None
    next_at: int | None = None
    share: int = 0
    elapsed: int = 0
    reason: str = ""
    by_policy_change: bool = False


class ClockCorrected(Event, frozen=True, gc=False, kw_only=True, tag="clock_corrected"):
    """A late report shows that the promise was kept at `at`; the breach already told stays told."""

    item: str
    clock: str
    at: int
    elapsed: int = 0


class OfferMade(Event, frozen=True, gc=False, kw_only=True, tag="offer_made"):
    """The item is proposed to an agent, whose capacity it holds meanwhile."""

    offer: str
    item: str
    agent: str
    queue: str
    version: int
    expires_at: int
    why: MatchRecord
    before: int = 0
    """Instant of the item's routing act before; 0 = its opening."""


class WaveSent(Event, frozen=True, gc=False, kw_only=True, tag="wave_sent"):
    """A wave of offers went out, maybe to nobody: `asked` in this round, more at `next_at`.

    `next_at` 0 = no further wave.
    """

    item: str
    asked: int
    next_at: int = 0


class OfferMoved(Event, frozen=True, gc=False, kw_only=True, tag="offer_moved"):
    """An offer ended, by a row of the OFFER table; `open` = others of the item that have not."""

    offer: str
    item: str
    agent: str
    step: OfferStep
    state: OfferState
    reason: str = ""
    retry_at: int = 0
    before: int = 0
    """Instant of the item's routing act before; 0 = its opening."""
    open: int = 0


class ItemArchived(Event, frozen=True, gc=False, kw_only=True, tag="item_archived"):
    """The ended item leaves World; History serves it from now on."""

    item: str
