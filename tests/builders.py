"""Builders for tests of core and its watchers: a small plan, agents, verdicts, commands.

Everything has a plain default, so that a test names only what it is about.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from msgspec.structs import replace

from routing_service.core.journal.commands import (
    RequestKind,
    Submit,
)
from routing_service.core.plans.plan import (
    CalendarPlan,
    ClockPlan,
    OnReopen,
    Plan,
    QueuePlan,
    Target,
    TeamPlan,
)
from routing_service.core.records.model import (
    Agent,
    AlertOrder,
    EscalationVerdict,
    Facts,
    Requirement,
    Verdict,
)

SECOND: Final = 1_000_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def at(text: str) -> int:
    """An ISO date and time with zone as microseconds since the epoch."""
    return (datetime.fromisoformat(text) - _EPOCH) // timedelta(microseconds=1)


NOON: Final = at("2024-05-15T12:00+00:00")
"""A Wednesday: where every desk begins."""


def queue_plan(name: str = "service", **changes: Any) -> QueuePlan:
    """Offers last 30 s, wrap-up 60 s, the owner is waited for 2 minutes."""
    return replace(
        QueuePlan(name=name, offer_timeout=30 * SECOND, wrap_up=60 * SECOND, owner_wait=2 * MINUTE),
        **changes,
    )


def clock_plan(name: str = "response", **changes: Any) -> ClockPlan:
    """Opened to responded, round the clock: p1 in 10 minutes, p2 in an hour, p3 in four."""
    priorities = ("p1", "p2", "p3")
    return replace(
        ClockPlan(
            name=name,
            start="opened",
            stop="responded",
            targets={
                "p1": Target(duration=10 * MINUTE),
                "p2": Target(duration=HOUR),
                "p3": Target(duration=4 * HOUR),
            },
            calendars=dict.fromkeys(priorities, "always"),
            warn=(50, 80),
        ),
        **changes,
    )


RESOLUTION: Final = clock_plan(
    "resolution",
    stop="resolved",
    targets={
        "p1": Target(duration=HOUR),
        "p2": Target(duration=8 * HOUR),
        "p3": Target(duration=DAY),
    },
    pause=("waiting_customer",),
    warn=(80,),
    on_reopen=OnReopen.RESUME,
)
ALWAYS: Final = CalendarPlan(name="always", zone="UTC", weekly=(((0, 1440),),) * 7)
OFFICE: Final = CalendarPlan(
    name="office", zone="UTC", weekly=(((9 * 60, 17 * 60),),) * 5 + ((),) * 2
)


def plan(*, clocks: Iterable[ClockPlan] | None = None, **changes: Any) -> Plan:
    """Three priorities, queues `service` and `second`, clocks `response` and `resolution`."""
    chosen = (clock_plan(), RESOLUTION) if clocks is None else clocks
    base = Plan(
        pack="sample",
        version="1",
        zone="UTC",
        language="en",
        priorities=("p1", "p2", "p3"),
        boost={"p1": 10 * MINUTE, "p2": 5 * MINUTE},
        labels={},
        queues={name: queue_plan(name) for name in ("service", "second")},
        fallback_queue="service",
        fallback_priority="p3",
        clocks={clock.name: clock for clock in chosen},
        calendars={"always": ALWAYS, "office": OFFICE},
        teams={"first": TeamPlan(name="first", lead="lead-1")},
        supervisor="boss",
        pending_reasons={"waiting_customer": False, "waiting_parts": True},
        channel_cost={"phone": 2},
        number_format="C{n:05d}",
        retention_closed=DAY,
        max_backdate=7 * DAY,
        escalations=("warned", "breached", "declined", "reopened"),
    )
    return replace(base, **changes)


def agent(id_: str = "ann", **changes: Any) -> Agent:
    """One unit of capacity in queue `service`, no skills, no team."""
    return replace(Agent(id=id_, queues=("service",)), **changes)


def verdict(**changes: Any) -> Verdict:
    """Queue `service`, priority p3, no requirements, both clocks."""
    base = Verdict(
        digest="d1",
        fired=("route/default",),
        priority="p3",
        queue="service",
        clocks=("response", "resolution"),
    )
    return replace(base, **changes)


def needs(**skills: int) -> tuple[Requirement, ...]:
    """`needs(hvac=3)` as requirements."""
    return tuple(Requirement(skill, level) for skill, level in sorted(skills.items()))


def opened(**changes: Any) -> Submit:
    """A request event that opens an item now; `occurred_at` 0 is filled in by `Desk`.

    `priority`, `queue`, `requirements` go into the verdict, everything else into the command.
    """
    decided = {name: changes.pop(name) for name in _OF_VERDICT if name in changes}
    base = Submit(
        kind=RequestKind.OPENED,
        channel="web",
        customer="c1",
        occurred_at=0,
        verdict=verdict(**decided),
    )
    return replace(base, **changes)


_OF_VERDICT: Final = ("priority", "queue", "requirements", "labels", "failed")


def escalation(*alerts: AlertOrder, **changes: Any) -> EscalationVerdict:
    """An answer of the escalate stage."""
    return replace(EscalationVerdict(digest="d1", alerts=alerts), **changes)


def alert(*to: str, rule: str = "escalate/watch", severity: str = "warning") -> AlertOrder:
    """An alert to these roles or ids."""
    return AlertOrder(rule=rule, to=to, severity=severity)


class FixedRules:
    """Answers like a rulebook, from verdicts given beforehand.

    `escalations` by trigger ("warned", "breached", "declined", "reopened"); nothing for the others.
    `asked` keeps the facts of every question.
    """

    def __init__(
        self,
        intake: Verdict | None = None,
        escalations: Mapping[str, EscalationVerdict] | None = None,
    ) -> None:
        self._intake = intake or verdict()
        self._escalations = dict(escalations or {})
        self.asked: list[Facts] = []

    def intake(self, facts: Facts) -> Verdict:
        """The verdict about any item."""
        self.asked.append(facts)
        return self._intake

    def escalate(self, facts: Facts) -> EscalationVerdict:
        """The answer for the trigger of the facts."""
        self.asked.append(facts)
        return self._escalations.get(str(facts["trigger"]), escalation())
