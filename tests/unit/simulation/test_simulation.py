"""A desk on virtual time: people arrive, are answered, give up; agents come and go."""

from collections.abc import Sequence
from typing import Any, Final

from msgspec.structs import replace

from routing_service.core.journal.record import Record
from routing_service.core.plans.plan import WrapUpMode
from routing_service.core.plans.queue_plan import Admission, Answer, Otherwise
from routing_service.simulation.distributions import Deterministic, Exponential
from routing_service.simulation.driver import simulate
from routing_service.simulation.results import Results
from routing_service.simulation.scenario import Demand, Listed, Poisson, Scenario, Staff
from routing_service.store.codec import encode_record
from tests.builders import HOUR, MINUTE, NOON, SECOND, agent, clock_plan, plan, queue_plan, verdict
from tests.proofs.desks import OneQueue

NO_WRAP_UP: Final = plan(clocks=(), queues={"service": queue_plan(wrap_up=0)})
A_MINUTE: Final = Deterministic(MINUTE)


def calls(*minutes: float, **changes: Any) -> Demand:
    """Customers at these minutes after noon, a minute of work each."""
    instants = tuple(NOON + round(minute * MINUTE) for minute in minutes)
    base = Demand(name="calls", channel="web", arrivals=Listed(instants), handling=A_MINUTE)
    return replace(base, **changes)


def staff(*ids: str, hours: float = 8, **changes: Any) -> tuple[Staff, ...]:
    """Agents on one shift from noon."""
    shift = (NOON, NOON + round(hours * HOUR))
    return tuple(replace(Staff(agent=agent(id_), shifts=(shift,)), **changes) for id_ in ids)


def day(demands: Sequence[Demand], agents: Sequence[Staff], **changes: Any) -> Scenario:
    """From noon to eight."""
    base = Scenario(
        seed=1,
        opens=NOON,
        closes=NOON + 8 * HOUR,
        ends=NOON + 8 * HOUR,
        demands=tuple(demands),
        staff=tuple(agents),
    )
    return replace(base, **changes)


def run(scenario: Scenario, rules: OneQueue | None = None) -> Results:
    return simulate(scenario, rules or OneQueue(NO_WRAP_UP))


def test_who_finds_the_agent_busy_waits_for_the_end_of_the_call_before() -> None:
    queue = run(day([calls(0, 0.25)], staff("ann"))).queues["service"]

    assert (0, 45 * SECOND) == queue.waits
    assert 22.5 * SECOND == queue.asa


def test_wrap_up_of_the_queue_keeps_the_agent_from_the_next_customer() -> None:
    queue = run(day([calls(0, 0.25)], staff("ann")), OneQueue(plan(clocks=()))).queues["service"]

    assert (0, 105 * SECOND) == queue.waits


def test_agent_who_must_end_his_wrap_up_does_so_when_he_is_done() -> None:
    mandatory = queue_plan(wrap_up=10 * SECOND, wrap_up_mode=WrapUpMode.MANDATORY)
    rules = OneQueue(plan(clocks=(), queues={"service": mandatory}))
    two = calls(0, 0.25, wrap_up=Deterministic(25 * SECOND))
    at_once = calls(0, 0.25)

    assert (0, 70 * SECOND) == run(day([two], staff("ann")), rules).queues["service"].waits
    assert (0, 55 * SECOND) == run(day([at_once], staff("ann")), rules).queues["service"].waits


def test_agent_may_end_his_wrap_up_before_its_time() -> None:
    optional = queue_plan(wrap_up=60 * SECOND, wrap_up_mode=WrapUpMode.OPTIONAL)
    rules = OneQueue(plan(clocks=(), queues={"service": optional}))
    quick = calls(0, 0.25, wrap_up=Deterministic(5 * SECOND))
    slow = calls(0, 0.25, wrap_up=Deterministic(90 * SECOND))

    assert (0, 50 * SECOND) == run(day([quick], staff("ann")), rules).queues["service"].waits
    assert (0, 105 * SECOND) == run(day([slow], staff("ann")), rules).queues["service"].waits


def test_who_is_not_answered_in_his_patience_gives_up() -> None:
    impatient = calls(0, 0.25, patience=Deterministic(30 * SECOND))
    queue = run(day([impatient], staff("ann"))).queues["service"]

    assert (0, 30 * SECOND) == queue.waits
    assert (1, 1, 0.5) == (queue.answered, queue.abandoned, queue.abandon_share)


def test_nobody_gives_up_once_he_is_answered() -> None:
    queue = run(day([calls(0, patience=Deterministic(SECOND))], staff("ann"))).queues["service"]

    assert (1, 0) == (queue.answered, queue.abandoned)


def test_offer_rings_as_long_as_the_agent_takes_to_answer() -> None:
    slow = staff("ann", answers=Deterministic(5 * SECOND))
    queue = run(day([calls(0)], slow)).queues["service"]

    assert (5 * SECOND,) == queue.waits


def test_offer_that_rings_too_long_goes_to_another() -> None:
    asleep = staff("ann", answers=Deterministic(HOUR))
    queue = run(day([calls(1)], (*asleep, *staff("bob")))).queues["service"]

    assert (30 * SECOND + 1,) == queue.waits


def test_agent_finishes_what_he_has_at_the_end_of_his_shift_and_gets_nothing_new() -> None:
    short = day([calls(59.5, 60.25)], staff("ann", hours=1))
    done = run(short)

    assert (1, 1) == (done.queues["service"].answered, done.queues["service"].left)
    assert 60.5 * MINUTE == done.agents["ann"].staffed


def test_waiting_customers_are_answered_when_the_next_shift_begins() -> None:
    two_shifts = ((NOON, NOON + HOUR), (NOON + 2 * HOUR, NOON + 3 * HOUR))
    queue = run(day([calls(61)], staff("ann", shifts=two_shifts))).queues["service"]

    assert (59 * MINUTE,) == queue.waits


def test_occupancy_is_work_and_wrap_up_of_the_time_on_shift() -> None:
    done = run(day([calls(0, 10)], staff("ann", hours=1)), OneQueue(plan(clocks=())))

    assert 4 / 60 == done.occupancy


def test_promise_is_kept_by_who_is_answered_in_time() -> None:
    rules = OneQueue(
        plan(clocks=(clock_plan(),), queues={"service": queue_plan(wrap_up=0)}, escalations=()),
        verdict(priority="p1", clocks=("response",)),
    )
    long = calls(0, 0, responds=Deterministic(0), handling=Deterministic(15 * MINUTE))
    clock = run(day([long], staff("ann")), rules).clocks["response"]

    assert (1, 1, 0.5) == (clock.met, clock.breached, clock.attainment)


def test_customers_before_the_measurement_do_not_count() -> None:
    begins = NOON + 30 * SECOND
    done = run(day([calls(0, 0.5)], staff("ann", hours=1), measured_from=begins))

    assert (30 * SECOND,) == done.queues["service"].waits
    assert 59.5 * MINUTE == done.agents["ann"].staffed


def test_ended_items_are_forgotten_early_and_nothing_else_changes() -> None:
    demand = replace(random_calls(), patience=Exponential(2 * MINUTE))
    kept = run(day([demand], staff("ann", "bob")))
    forgotten = run(day([demand], staff("ann", "bob"), forget_after=MINUTE))

    assert kept.queues == forgotten.queues
    assert kept.records < forgotten.records  # one more for each that was archived


def test_same_seed_gives_the_same_journal_to_the_byte() -> None:
    assert journal(seed=5) == journal(seed=5)


def test_another_seed_gives_another_journal() -> None:
    assert journal(seed=5) != journal(seed=6)


def test_more_of_one_demand_changes_nothing_of_another() -> None:
    def waits_of_calls(mails: int) -> tuple[int, ...]:
        mail = Demand(
            name="mail",
            channel="email",
            arrivals=Poisson(gap=MINUTE, limit=mails),
            handling=Exponential(MINUTE),
        )
        both = day([random_calls(), mail], staff("ann", "bob"))
        seen: list[Record] = []
        simulate(both, OneQueue(NO_WRAP_UP), seen.append)
        return tuple(
            record.now for record in seen if getattr(record.command, "channel", "") == "web"
        )

    assert waits_of_calls(1) == waits_of_calls(20)


def random_calls() -> Demand:
    return calls(arrivals=Poisson(gap=MINUTE), handling=Exponential(MINUTE))


def journal(seed: int) -> list[bytes]:
    records: list[Record] = []
    patient = replace(random_calls(), patience=Exponential(2 * MINUTE))
    simulate(
        day([patient], staff("ann", "bob", hours=2), seed=seed),
        OneQueue(NO_WRAP_UP),
        records.append,
    )
    return [encode_record(record).body for record in records]


def test_who_is_not_let_in_is_refused_and_the_day_goes_on() -> None:
    full = Admission(limit=1, full=Answer(then=Otherwise.REFUSE))
    rules = OneQueue(plan(clocks=(), queues={"service": queue_plan(wrap_up=0, admission=full)}))

    queue = run(day([calls(0, 0.1, 0.2, 3)], staff("ann")), rules).queues["service"]

    assert (queue.arrived, queue.answered, queue.refused) == (4, 3, 1)


def test_what_outlives_its_queue_has_expired() -> None:
    rules = OneQueue(plan(clocks=(), queues={"service": queue_plan(ttl=MINUTE)}))

    queue = run(day([calls(0)], ()), rules).queues["service"]

    assert (queue.expired, queue.left, queue.waits) == (1, 0, (MINUTE + 1,))
