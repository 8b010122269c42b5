"""What may be asked of a desk: one struct per command, journaled as it was decided on.

Every command is data only; facts and verdicts travel inside, so deciding never calls out. Free text
arrives here sealed. Tags (the strings) are part of the journal format: never reuse or rename one.
"""

from enum import StrEnum

import msgspec

from routing_service.core.journal.command import Command
from routing_service.core.journal.link_commands import Link, Merge, SetCollaborators
from routing_service.core.journal.said import ReportKind as ReportKind
from routing_service.core.journal.said import RequestKind as RequestKind
from routing_service.core.journal.surge_commands import SwitchSurge
from routing_service.core.plans.plan import Plan, Strategy
from routing_service.core.records.kinds import ItemKind
from routing_service.core.records.lifecycle import Presence
from routing_service.core.records.model import Agent, EscalationVerdict, FactValue, Trigger, Verdict


class TimerKind(StrEnum):
    """What a deadline is about; the key beside it names the thing."""

    CLOCK = "clock"
    OFFER = "offer"
    WRAP_UP = "wrap_up"
    ITEM = "item"
    AGENT = "agent"
    RELAX = "relax"
    SURGE = "surge"


class TimerKey(msgspec.Struct, frozen=True, gc=False, order=True, array_like=True):
    """Which deadline: kind value, then ids (item + clock, offer, agent + item, item)."""

    kind: str
    subject: str
    part: str = ""


class ActivateRulebook(Command, frozen=True, gc=False, kw_only=True, tag="activate_rulebook"):
    """Put a compiled rulebook's plan into World, with its sources for the next start."""

    digest: str
    plan: Plan
    source: bytes


class Retarget(Command, frozen=True, gc=False, kw_only=True, tag="retarget"):
    """Move these items, which still have the terms of a former rulebook, to the one in force."""

    items: tuple[str, ...]


class Submit(Command, frozen=True, gc=False, kw_only=True, tag="submit"):
    """A request event. `item` is empty for OPENED; OPENED and UPDATED carry the verdict.

    `version` 0 = whatever the item's current one is. `waiting_since` 0 = as of now: since when an
    opened item counts as waiting (age credit). `scheduled_for` 0 = now: when its work begins.
    Of an item made for another one: `item_kind`, `parent`, `role`.
    """

    kind: RequestKind
    item: str = ""
    channel: str = ""
    customer: str = ""
    occurred_at: int
    labels: dict[str, FactValue] = {}  # noqa: RUF012 - a struct copies its defaults
    signals: tuple[str, ...] = ()
    sealed: bytes = b""
    facts: dict[str, FactValue] = {}  # noqa: RUF012 - a struct copies its defaults
    verdict: Verdict | None = None
    version: int = 0
    waiting_since: int = 0
    scheduled_for: int = 0
    item_kind: ItemKind = ItemKind.REQUEST
    parent: str = ""
    role: str = ""


class Report(Command, frozen=True, gc=False, kw_only=True, tag="report"):
    """What the handling side did, at `occurred_at`. `reason` is required for PENDING.

    `version` 0 = whatever the current one is.
    """

    kind: ReportKind
    item: str
    occurred_at: int
    reason: str = ""
    version: int = 0
    until: int = 0
    """When what is parked goes on by itself; required for SCHEDULED, 0 = not by itself."""


class Cancel(Command, frozen=True, gc=False, kw_only=True, tag="cancel"):
    """The item is no longer wanted. `version` 0 = whatever the current one is."""

    item: str
    reason: str = ""
    version: int = 0


class Transfer(Command, frozen=True, gc=False, kw_only=True, tag="transfer"):
    """The item goes to a queue, to an agent, or (neither named) back to its own queue; age stays.

    `warm` = the owner keeps it until another one accepts. `wait` in microseconds: how long the
    agent named is waited for, and how long a warm transfer may take; 0 = as the queue says.
    `by` = the agent who hands it over, who must own it; empty = somebody else decided it.
    """

    item: str
    queue: str = ""
    agent: str = ""
    warm: bool = False
    wait: int = 0
    drop_requirements: bool = False
    reason: str = ""
    version: int = 0
    by: str = ""
    epoch: int = 0


class PutAgents(Command, frozen=True, gc=False, kw_only=True, tag="put_agents"):
    """Create or replace agents' profiles; presence, lease and held capacity stay as they are."""

    agents: tuple[Agent, ...]


class SetPresence(Command, frozen=True, gc=False, kw_only=True, tag="set_presence"):
    """What the agent says about himself. `epoch` 0 = not through a Work stream."""

    agent: str
    presence: Presence
    reason: str = ""
    epoch: int = 0


class ConnectAgent(Command, frozen=True, gc=False, kw_only=True, tag="connect_agent"):
    """A Work stream opened: the next epoch begins and fences the earlier stream."""

    agent: str


class LoseAgent(Command, frozen=True, gc=False, kw_only=True, tag="lose_agent"):
    """The lease of this epoch ran out: offers are voided, presence is offline."""

    agent: str
    epoch: int


class Accept(Command, frozen=True, gc=False, kw_only=True, tag="accept"):
    """The agent takes the offer. `version` is the offer's; `epoch` 0 = not by a Work stream."""

    offer: str
    agent: str
    version: int
    epoch: int = 0


class Decline(Command, frozen=True, gc=False, kw_only=True, tag="decline"):
    """The agent refuses; not offered to him again before `retry_at` (0 = while others can)."""

    offer: str
    agent: str
    version: int
    epoch: int = 0
    reason: str = ""
    retry_at: int = 0


class Complete(Command, frozen=True, gc=False, kw_only=True, tag="complete"):
    """Handling is done: wrap-up starts, then capacity is free. The item's state is not touched.

    `version` 0 = whatever the item's current one is.
    """

    item: str
    agent: str
    epoch: int = 0
    version: int = 0


class WrapUpAct(StrEnum):
    """What an agent may do about his wrap-up of an item."""

    END = "end"
    RENEW = "renew"


class WrapUp(Command, frozen=True, gc=False, kw_only=True, tag="wrap_up"):
    """The agent ends the wrap-up of an item before its time, or begins it anew."""

    item: str
    agent: str
    act: WrapUpAct
    epoch: int = 0


class SetOutsideWork(Command, frozen=True, gc=False, kw_only=True, tag="set_outside_work"):
    """So many of the agent's units are busy with work that the desk does not route."""

    agent: str
    units: int
    epoch: int = 0


class RemoveAgents(Command, frozen=True, gc=False, kw_only=True, tag="remove_agents"):
    """These agents are gone: what they had in hand goes back to its queue with all its age."""

    agents: tuple[str, ...]
    reason: str = ""


class Tick(Command, frozen=True, gc=False, kw_only=True, tag="tick"):
    """These deadlines are due (at most 500), in this order."""

    timers: tuple[TimerKey, ...]


class Escalate(Command, frozen=True, gc=False, kw_only=True, tag="escalate"):
    """What the rules answered to a trigger. `round` counts from 1 within one command."""

    trigger: Trigger
    facts: dict[str, FactValue] = {}  # noqa: RUF012 - a struct copies its defaults
    verdict: EscalationVerdict
    round: int = 1


class StopEscalation(Command, frozen=True, gc=False, kw_only=True, tag="stop_escalation"):
    """Escalations triggered each other past the bound; the rest is dropped, visibly."""

    trigger: Trigger
    rounds: int


class SwitchStrategy(Command, frozen=True, gc=False, kw_only=True, tag="switch_strategy"):
    """A queue chooses by another strategy until the next activation; None = by the rulebook's."""

    queue: str
    strategy: Strategy | None = None


class AckEvents(Command, frozen=True, gc=False, kw_only=True, tag="ack_events"):
    """A named consumer has everything up to this place of the journal."""

    consumer: str
    seq: int
    index: int


AnyCommand = (
    ActivateRulebook
    | Retarget
    | Submit
    | Report
    | Merge
    | Link
    | SetCollaborators
    | Cancel
    | Transfer
    | PutAgents
    | SetPresence
    | ConnectAgent
    | LoseAgent
    | Accept
    | Decline
    | Complete
    | WrapUp
    | SetOutsideWork
    | RemoveAgents
    | Tick
    | Escalate
    | StopEscalation
    | SwitchStrategy
    | SwitchSurge
    | AckEvents
)
