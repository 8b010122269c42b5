"""Three rich plans and rules that answer as pure functions of facts, for random command sequences.

Plan `a` has every feature of the life cycles; `b` and `c` change it in ways an activation may.
"""

from typing import Final

from msgspec.structs import replace

from routing_service.core.plans.plan import (
    CorrelationPlan,
    LabelPlan,
    LabelType,
    LinkPlan,
    OfferPlan,
    OnReopen,
    Order,
    Plan,
    Strategy,
    Target,
    TeamPlan,
    WrapUpMode,
)
from routing_service.core.plans.predicate import Leaf, Op
from routing_service.core.plans.queue_plan import (
    Absence,
    Admission,
    Answer,
    BroadcastPlan,
    ChoicePlan,
    Ladder,
    Matters,
    Otherwise,
    Preference,
    RelaxStep,
    Territory,
)
from routing_service.core.records.kinds import ItemKind, LinkOrder
from routing_service.core.records.model import (
    Agent,
    AlertOrder,
    EscalationVerdict,
    Facts,
    FactValue,
    QueueTerms,
    Requirement,
    Verdict,
)
from routing_service.core.records.surge import SurgeAnswer
from tests.builders import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    FixedRules,
    agent,
    clock_plan,
    plan,
    queue_plan,
)
from tests.property.rich_loads import GREEN, LOADS

PRIORITIES: Final = ("p1", "p2", "p3")
ALWAYS: Final = dict.fromkeys(PRIORITIES, "always")
MIXED: Final = {"p1": "always", "p2": "always", "p3": "office"}


def targets(*lengths: int) -> dict[str, Target]:
    """Lengths for p1, p2, p3; 0 = this priority has no such promise."""
    pairs = zip(PRIORITIES, lengths, strict=True)
    return {name: Target(duration=length) for name, length in pairs if length}


CLOCKS: Final = (
    clock_plan("response", targets=targets(5 * MINUTE, 20 * MINUTE, HOUR), calendars=MIXED),
    clock_plan("ownership", stop="assigned", targets=targets(MINUTE, 5 * MINUTE, 0), warn=(80,)),
    clock_plan(
        "resolution",
        stop="resolved",
        targets=targets(30 * MINUTE, 2 * HOUR, 6 * HOUR),
        calendars=MIXED,
        pause=("waiting_customer", "waiting_parts"),
        warn=(50, 80, 100),
        on_reopen=OnReopen.RESUME,
    ),
    clock_plan(
        "repair",
        start="assigned",
        stop="resolved",
        targets=targets(10 * MINUTE, HOUR, 3 * HOUR),
        calendars=ALWAYS,
        pause=("waiting_parts",),
        warn=(),
        on_reopen=OnReopen.RESTART,
    ),
    clock_plan(
        "closure",
        stop="confirmed",
        targets={**targets(HOUR, 4 * HOUR, 0), "p3": Target(workdays=1, end_of_day=True)},
        calendars=MIXED,
        warn=(80,),
    ),
)
CHOICE: Final = ChoicePlan(
    in_order=("cho", "nobody", "ann"),
    random_by="quality",
    weights={"skill": 3, "idle": 5, "room": 2, "quality": 1},
    idle_full=HOUR,
    territory=Territory(label="topic", attribute="topics"),
    broadcast=BroadcastPlan(by=Strategy.BEST_SKILL, at_most=3, every=30 * SECOND),
)
"""Prepares a queue for whatever strategy it is switched to."""

STICKY: Final = replace(
    CHOICE,
    prefer=(
        Preference(handled=Matters.MATTER, within=HOUR, wait=5 * MINUTE),
        Preference(handled=Matters.CUSTOMER, within=DAY, wait=MINUTE),
    ),
)
"""Asks whoever handled the matter or its customer last before others."""

LADDER: Final = Ladder(
    steps=(
        RelaxStep(after=MINUTE, lower=1, unstaffed=True),
        RelaxStep(after=3 * MINUTE, queues=("second",), no_ceiling=True),
        RelaxStep(after=10 * MINUTE, drop=("hvac",), crowded=1),
        RelaxStep(after=HOUR, anyone=True, unstaffed=True),
    ),
    ceiling=2,
)

QUEUES: Final = (
    queue_plan(
        "service",
        ladder=LADDER,
        offer_timeout=10 * MINUTE,
        choice=CHOICE,
        abandon_grace=10 * MINUTE,
        offers=OfferPlan(attempts=2),
        wrap_up_mode=WrapUpMode.OPTIONAL,
        wrap_up_renewals=1,
    ),
    queue_plan(
        "second",
        choice=CHOICE,
        strategy=Strategy.LEAST_LOADED,
        offer_timeout=HOUR,
        wrap_up=0,
        owner_wait=0,
    ),
    queue_plan(
        "strict",
        offers=OfferPlan(pause_after=2, cool_down={"expired": SECOND, "declined": MINUTE}),
        choice=STICKY,
        order=Order.STRICT,
        abandon_grace=HOUR,
        offer_timeout=5 * MINUTE,
        owner_wait=MINUTE,
        ttl=2 * HOUR,
    ),
)

REFUSING: Final = Admission(
    calendar="office",
    closed=Answer(then=Otherwise.REFUSE),
    limit=2,
    full=Answer(then=Otherwise.REFUSE),
    absences=(Absence.OFFLINE, Absence.FULL),
    unserved=Answer(then=Otherwise.REFUSE),
)
"""Lets few in, and never who comes by night; but what rules open must come in."""

PLAN_A: Final = plan(
    clocks=CLOCKS,
    queues={queue.name: queue for queue in QUEUES},
    pending_reasons={"waiting_customer": False, "waiting_parts": True, "thinking": False},
    channel_cost={"phone": 2, "chat": 1},
    teams={
        "first": TeamPlan(name="first", lead="lead-1", terms={"service": QueueTerms(priority=1)})
    },
    auto_close=HOUR,
    retention_closed=2 * HOUR,
    max_backdate=DAY,
    agent_attributes={
        "quality": LabelPlan(type=LabelType.INTEGER, minimum=0, maximum=10),
        "topics": LabelPlan(type=LabelType.LIST),
    },
    max_age_credit=HOUR,
    escalations=("warned", "breached", "declined", "reopened", "unanswered", "closed"),
    labels={"late": LabelPlan(type=LabelType.BOOLEAN, derived=True, lasting=True)},
    loads={load.name: load for load in LOADS},
    green=GREEN,
    correlation=CorrelationPlan(by=("customer", "label.topic"), window=HOUR),
    links={
        "collaboration": LinkPlan(parent_waits="thinking"),
        "incident": LinkPlan(spread=("customer_updated", "resolved", "closed")),
    },
)
"""All strategies and orders, pauses, the three answers to a re-opening, auto-close, retention."""

HOURS: Final = Admission(
    calendar="office",
    closed=Answer(then=Otherwise.QUEUE, queue="service"),
    absences=(Absence.OFFLINE, Absence.FULL),
    unserved=Answer(then=Otherwise.REFUSE),
)
"""Closed at night, and nothing is let in that nobody could take."""

PLAN_B: Final = replace(
    PLAN_A,
    version="2",
    interrupts={"phone": ("web", "chat")},
    queues={
        **PLAN_A.queues,
        "service": replace(
            PLAN_A.queues["service"],
            strategy=Strategy.ROUND_ROBIN,
            choice=STICKY,
            order=Order.SLACK,
            expected_handling=MINUTE,
        ),
        "strict": replace(
            PLAN_A.queues["strict"],
            strategy=Strategy.WEIGHTED_RANDOM,
            admission=HOURS,
            ladder=Ladder(
                steps=(
                    RelaxStep(after=10 * MINUTE, lower=1, unstaffed=True),
                    RelaxStep(after=HOUR, queues=("second",), crowded=2),
                    RelaxStep(after=2 * HOUR, drop=("hvac",), unstaffed=True),
                )
            ),
        ),
        "second": replace(
            PLAN_A.queues["second"],
            strategy=Strategy.PROGRESSIVE_BROADCAST,
            wrap_up=10 * SECOND,
            owner_wait=MINUTE,
            admission=REFUSING,
        ),
        "third": queue_plan("third"),
    },
    clocks={
        **{clock.name: clock for clock in CLOCKS if clock.name not in {"repair", "ownership"}},
        "response": replace(
            CLOCKS[0], targets=targets(2 * MINUTE, 20 * MINUTE, 2 * HOUR), warn=(25, 90)
        ),
        "resolution": replace(
            CLOCKS[2], targets=targets(MINUTE, 10 * MINUTE, HOUR), calendars=ALWAYS
        ),
        "update": clock_plan("update", stop="customer_updated", warn=(50,)),
    },
    channel_cost={"phone": 1},
    loads={"service": replace(LOADS[0], levels=LOADS[0].levels[1:]), "second": LOADS[2]},
    green=None,
    auto_close=0,
    retention_closed=10 * MINUTE,
)
"""Shorter promises, two clocks less and one more, cheaper phone calls, nothing closes by itself."""

PLAN_C: Final = replace(
    PLAN_A,
    version="3",
    queues={
        "service": replace(
            PLAN_A.queues["service"],
            strategy=Strategy.BROADCAST,
            choice=replace(CHOICE, broadcast=BroadcastPlan(by=Strategy.WEIGHTED_RANDOM, at_most=2)),
        ),
        "second": replace(
            PLAN_A.queues["second"],
            strategy=Strategy.BALANCED,
            ladder=replace(LADDER, ceiling=0, floor=2, steps=LADDER.steps[:1]),
            members=Leaf("quality", Op.GTE, (3,)),
            admission=Admission(limit=4, full=Answer(then=Otherwise.QUEUE, queue="service")),
        ),
    },
    teams={
        "first": TeamPlan(name="first", lead="lead-1", terms={"second": QueueTerms(priority=2)})
    },
    boost={"p1": HOUR},
    loads={},
    channel_cost={"phone": 3},
    escalations=("breached",),
    auto_close=5 * MINUTE,
)
"""A queue less: refused while items stand in it. Dearer calls, fewer questions to the rules."""

PLANS: Final[dict[str, Plan]] = {"a": PLAN_A, "b": PLAN_B, "c": PLAN_C}

AGENTS: Final[tuple[Agent, ...]] = (
    agent(
        "ann",
        queues=("service", "second"),
        skills={"hvac": 2},
        attributes={"quality": 3, "topics": ("hardware", "vip")},
        team="first",
        terms={"second": QueueTerms(delay=2 * MINUTE)},
    ),
    agent(
        "ben",
        queues=("service", "second", "strict"),
        attributes={"topics": ("software",)},
        capacity=3,
    ),
    agent("cho", queues=("strict", "service"), skills={"hvac": 1}, capacity=2, team="first"),
    agent(
        "flo",
        queues=("service", "strict"),
        capacity=4,
        cap=2,
        cap_window=HOUR,
        maximum={"chat": 1},
        terms={"strict": QueueTerms(priority=1)},
    ),
    agent("dee", queues=("second",), skills={"hvac": 3}, capacity=2),
)

_TOPICS: Final[dict[FactValue, str]] = {
    "hardware": "service",
    "software": "second",
    "vip": "strict",
}


_OPENS: Final = {
    "closed": (LinkOrder(kind=ItemKind.SURVEY, role="after"),),
    "breached": (LinkOrder(kind=ItemKind.COLLABORATION), LinkOrder(kind=ItemKind.CALLBACK)),
}


class Rules(FixedRules):
    """A rulebook of one of the plans; asks nothing but the facts."""

    def __init__(self, digest: str) -> None:
        super().__init__()
        self.digest = digest
        self.plan = PLANS[digest]

    def intake(self, facts: Facts) -> Verdict:
        """Topic names the queue, urgency the priority, level the skill; VIPs get every clock."""
        urgency, level = facts.get("urgency"), facts.get("level")
        queue = _TOPICS.get(facts.get("topic", ""), "service")
        vip = facts.get("topic") == "vip"
        return Verdict(
            digest=self.digest,
            fired=(f"route/{queue}",),
            labels={"hot": urgency == 1},
            priority=f"p{urgency}" if urgency in {1, 2} else "p3",
            queue=queue if queue in self.plan.queues else self.plan.fallback_queue,
            requirements=(Requirement("hvac", level),) if isinstance(level, int) else (),
            clocks=tuple(name for name in self.plan.clocks if vip or name != "ownership"),
            green=urgency == 1 and self.plan.green is not None,
            surge=self._surge(facts, queue),
        )

    def _surge(self, facts: Facts, queue: str) -> SurgeAnswer | None:
        """At the peak what is not urgent is sent away, moved, or offered a call-back."""
        stands = str(facts.get(f"surge.{queue}", ""))
        if not stands:
            return None
        answer = SurgeAnswer(load=queue, level=stands, tell="about {minutes} minutes")
        if stands == "busy" or facts.get("urgency") == 1:
            return answer
        if facts.get("urgency") == 2:
            return replace(answer, offer="callback")
        return replace(answer, deflect="web", tell="") if facts.get("level") else _moved(answer)

    def escalate(self, facts: Facts) -> EscalationVerdict:
        """Alerts for all; boost when warned, more urgent when late, another queue at times."""
        trigger, late = facts["trigger"], facts["trigger"] == "breached"
        again = isinstance(count := facts["count"], int) and count > 1
        roles = ("owner", "lead") if late else ("supervisor",)
        return EscalationVerdict(
            digest=self.digest,
            fired=(f"escalate/{trigger}",),
            labels={"late": True} if late else {},
            alerts=(AlertOrder(rule=f"escalate/{trigger}", to=roles, severity="warning"),),
            boost=10 * MINUTE if trigger in {"warned", "declined"} else 0,
            priority="p1" if late and facts.get("clock") == "resolution" else "",
            queue="second" if again or (late and facts["queue"] == "service") else "",
            opens=_OPENS.get(str(trigger), ()),
        )


def _moved(answer: SurgeAnswer) -> SurgeAnswer:
    return replace(answer, queue="second" if answer.load == "service" else "service")
