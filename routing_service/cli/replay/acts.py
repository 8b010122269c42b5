"""What adapters and desks would have sent: acts of incidents, each at its instant. Values only."""

import msgspec

from routing_service.core.journal.commands import ReportKind


class Act(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """One thing done about an incident at `at` (microseconds UTC), under an idempotency key."""

    incident: str
    at: int
    key: str


class Opened(Act, frozen=True, kw_only=True):
    """The customer's request arrives."""

    channel: str
    customer: str
    labels: dict[str, str]


class Updated(Act, frozen=True, kw_only=True):
    """Some labels are others now."""

    labels: dict[str, str]


class Reported(Act, frozen=True, kw_only=True):
    """The handling side says what it did."""

    kind: ReportKind
    reason: str = ""


class Taken(Act, frozen=True, kw_only=True):
    """Somebody of the group has it: whoever the service offers it to, accepts."""


AnyAct = Opened | Updated | Reported | Taken
