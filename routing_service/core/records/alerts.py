"""Triggers that escalation rules may answer, and alerts they ask for: frozen values only."""

from enum import StrEnum

import msgspec


class AlertOrder(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """An alert a rule asks for; recipients are roles ("owner", "lead", "supervisor") or ids."""

    rule: str
    to: tuple[str, ...]
    severity: str


class TriggerKind(StrEnum):
    """What the escalate stage can be asked about."""

    WARNED = "warned"
    BREACHED = "breached"
    DECLINED = "declined"
    REOPENED = "reopened"
    UNANSWERED = "unanswered"
    CLOSED = "closed"
    ANSWERED = "answered"
    """What was made for the item is over."""


class Trigger(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """Something happened that escalation rules may answer.

    `share` is the warned percentage; `count` the number of declines, re-opens or rounds of offers
    without acceptance so far; `due` the instant the clock act was due. Of an answer the three last
    are kind, state and reason of the linked item.
    """

    kind: TriggerKind
    item: str
    clock: str = ""
    share: int = 0
    count: int = 0
    due: int = 0
    linked_kind: str = ""
    linked_state: str = ""
    linked_reason: str = ""


class Alert(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A message to people or systems. `to` are ids; `due` the instant the promise named."""

    id: str
    item: str
    number: str
    rule: str
    trigger: Trigger
    severity: str
    to: tuple[str, ...]
    raised_at: int
