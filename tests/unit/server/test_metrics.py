"""What Prometheus sees of a desk: every figure counted from records that core really made."""

import asyncio
from typing import Final

import pytest
from prometheus_client.exposition import generate_latest

from routing_service.core.journal.commands import ReportKind, RequestKind, StopEscalation, Submit
from routing_service.core.plans.plan import CorrelationPlan, Strategy
from routing_service.core.records.lifecycle import Presence
from routing_service.core.records.model import Trigger, TriggerKind
from routing_service.server import metric_names as names
from routing_service.server.commit import Batch
from routing_service.server.metrics import Metrics
from routing_service.server.rpc_series import Method
from routing_service.server.series import CAPS, HISTOGRAM_SHARE, OTHER
from tests.builders import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    FixedRules,
    agent,
    alert,
    clock_plan,
    escalation,
    opened,
    plan,
    queue_plan,
    verdict,
)
from tests.desk import Desk

SUBMIT: Final = Method("unary", "routing.v1.RoutingService", "Submit")


class Watched:
    """A desk whose records go to metrics as the partition's do, released `late` after their now."""

    def __init__(self, desk: Desk | None = None, budget: int = 10_000) -> None:
        self.desk = desk or Desk()
        self.late = 0
        self.metrics = Metrics(lambda: self.desk.now + self.late, [SUBMIT], budget)
        self._released = 0

    def __call__(self, name: str, **labels: str) -> float | None:
        """The value of a series, after everything decided so far was committed."""
        self.release()
        if not name.startswith("grpc"):
            labels = {"desk": self.desk.world.desk, **labels}
        return self.metrics.registry.get_sample_value(name, labels)

    def release(self) -> None:
        batch = Batch()
        batch.add(self.desk.records[self._released :], self.desk.world)
        self._released = len(self.desk.records)
        self.metrics.committed(self.desk.world.desk, batch.committed)

    def series(self) -> int:
        self.release()
        return sum(len(family.samples) for family in self.metrics.collect())


@pytest.fixture
def seen() -> Watched:
    return Watched()


def recovered_from(desk: Desk) -> Watched:
    """A new process that recovered the desk."""
    seen = Watched(desk)
    seen._released = len(desk.records)
    seen.metrics.recovered(desk.world, "start", 0.5)
    return seen


def test_an_item_counts_as_submitted_with_what_the_rules_gave_it(seen: Watched) -> None:
    seen.desk.open(priority="p1", channel="phone")

    assert (
        seen("routing_items_submitted_total", queue="service", channel="phone", priority="p1") == 1
    )


def test_open_items_follow_their_state(seen: Watched) -> None:
    seen.desk.sign_in("ann")
    item = seen.desk.open()
    seen.desk.open()
    offered = seen("routing_items_open", queue="service", state="offered")
    seen.desk.accept(item)

    assert offered == 1
    assert seen("routing_items_open", queue="service", state="offered") == 0
    assert seen("routing_items_open", queue="service", state="assigned") == 1
    assert seen("routing_items_open", queue="service", state="queued") == 1


def test_a_resolved_item_is_no_longer_open(seen: Watched) -> None:
    item = seen.desk.open()
    seen.desk.report(item, ReportKind.RESOLVED)

    assert seen("routing_items_open", queue="service", state="queued") == 0
    assert seen("routing_items_open", queue="service", state="resolved") is None


def test_the_oldest_wait_is_that_of_the_first_without_an_owner(seen: Watched) -> None:
    first = seen.desk.open()
    seen.desk.wait(40 * SECOND)
    second = seen.desk.open()
    seen.desk.wait(20 * SECOND)
    both = seen("routing_oldest_waiting_age_seconds", queue="service")
    seen.desk.cancel(first)
    younger = seen("routing_oldest_waiting_age_seconds", queue="service")
    seen.desk.cancel(second)

    assert (both, younger) == (60, 20)
    assert seen("routing_oldest_waiting_age_seconds", queue="service") == 0


def test_many_moves_of_one_item_do_not_make_the_oldest_wait_grow_in_memory(seen: Watched) -> None:
    item = seen.desk.open()
    for _ in range(200):
        seen.desk.report(item, ReportKind.PENDING, reason="waiting_customer")
        seen.desk.report(item, ReportKind.RESUMED)
    seen.release()
    (ages,) = seen.metrics._desks["desk"]._mirror._ages.values()

    assert len(ages._heap) <= 66


def test_waiting_ends_with_the_acceptance(seen: Watched) -> None:
    item = seen.desk.open(channel="web")
    seen.desk.wait(40 * SECOND)
    seen.desk.sign_in("ann")
    seen.desk.wait(5 * SECOND)
    seen.desk.accept(item)

    assert seen("routing_wait_seconds_sum", queue="service", channel="web") == 45
    assert seen("routing_wait_seconds_bucket", queue="service", channel="web", le="30.0") == 0
    assert seen("routing_wait_seconds_bucket", queue="service", channel="web", le="45.0") == 1
    assert seen("routing_wait_seconds_count", queue="service", channel="web") == 1


def test_repeat_contacts_count_by_what_became_of_them() -> None:
    correlation = CorrelationPlan(by=("customer",), window=HOUR)
    seen = Watched(Desk(plan(correlation=correlation)))
    item = seen.desk.open(customer="c1")
    seen.desk.submit(opened(customer="c1"))
    seen.desk.cancel(item)
    seen.desk.open(customer="c1")
    counts = {
        outcome: seen("routing_repeat_contacts_total", queue="service", outcome=outcome)
        for outcome in ("joined", "opened", "reopened")
    }

    assert {"joined": 1, "opened": 1, "reopened": None} == counts


def test_an_offer_that_another_was_quicker_to_take_counts_as_rescinded() -> None:
    queue = queue_plan(strategy=Strategy.BROADCAST)
    seen = Watched(Desk(plan(queues={"service": queue})))
    seen.desk.sign_in("ann", "ben")
    seen.desk.accept(seen.desk.open())
    ended = {
        outcome: seen("routing_offers_total", queue="service", outcome=outcome)
        for outcome in ("made", "accepted", "rescinded")
    }

    assert {"made": 2, "accepted": 1, "rescinded": 1} == ended


def test_offers_count_as_made_and_by_their_end(seen: Watched) -> None:
    seen.desk.sign_in("ann", "bob")
    item = seen.desk.open()
    seen.desk.decline(item)
    seen.desk.wait(31 * SECOND)
    seen.desk.accept(item)

    outcomes = ("made", "declined", "expired", "accepted", "withdrawn", "voided")
    counted = [
        seen("routing_offers_total", queue="service", outcome=outcome) for outcome in outcomes
    ]

    assert counted == [3, 1, 1, 1, 0, 0]


def test_an_offer_ends_in_the_queue_it_was_made_in(seen: Watched) -> None:
    seen.desk.sign_in("ann")
    item = seen.desk.open()
    update = Submit(
        kind=RequestKind.UPDATED, item=item, occurred_at=0, verdict=verdict(queue="second")
    )
    seen.desk.submit(update)

    assert seen("routing_offers_total", queue="service", outcome="withdrawn") == 1
    assert seen("routing_offers_total", queue="second", outcome="withdrawn") == 0


def test_responses_and_resolutions_are_timed_by_the_source(seen: Watched) -> None:
    item = seen.desk.open(priority="p2", occurred_at=seen.desk.now - 10 * MINUTE)
    seen.desk.wait(HOUR)
    seen.desk.report(item, ReportKind.RESPONDED, ago=30 * MINUTE)
    seen.desk.report(item, ReportKind.RESOLVED)

    labels = {"queue": "service", "priority": "p2"}

    assert seen("routing_response_seconds_sum", **labels) == 40 * 60
    assert seen("routing_resolution_seconds_sum", **labels) == 70 * 60


def test_a_promise_counts_once_as_kept(seen: Watched) -> None:
    item = seen.desk.open(priority="p1")
    seen.desk.wait(10 * MINUTE)
    seen.desk.report(item, ReportKind.RESPONDED)

    labels = {"clock": "response", "priority": "p1"}

    assert seen("routing_clock_outcomes_total", outcome="met", **labels) == 1
    assert seen("routing_clock_outcomes_total", outcome="breached", **labels) == 0
    assert seen("routing_clock_elapsed_seconds_sum", **labels) == 600
    assert seen("routing_clock_warnings_total", **labels) == 2


def test_a_promise_counts_as_broken_when_its_time_is_over_and_never_again(seen: Watched) -> None:
    item = seen.desk.open(priority="p1")
    seen.desk.wait(11 * MINUTE)
    overdue = seen("routing_clocks_overdue", clock="response")
    seen.desk.report(item, ReportKind.RESPONDED)

    labels = {"clock": "response", "priority": "p1"}

    assert overdue == 1
    assert seen("routing_clocks_overdue", clock="response") == 0
    assert seen("routing_clock_outcomes_total", outcome="met", **labels) == 0
    assert seen("routing_clock_outcomes_total", outcome="breached", **labels) == 1


def test_a_cancelled_clock_is_neither_kept_nor_broken(seen: Watched) -> None:
    item = seen.desk.open(priority="p1")
    running = seen("routing_clocks_running", clock="response")
    seen.desk.cancel(item)

    labels = {"clock": "response", "priority": "p1"}

    assert running == 1
    assert seen("routing_clocks_running", clock="response") == 0
    assert seen("routing_clock_outcomes_total", outcome="met", **labels) == 0
    assert seen("routing_clock_outcomes_total", outcome="breached", **labels) == 0


def test_a_paused_clock_is_not_running(seen: Watched) -> None:
    item = seen.desk.open()
    seen.desk.report(item, ReportKind.PENDING, reason="waiting_customer")
    paused = seen("routing_clocks_running", clock="resolution")
    seen.desk.report(item, ReportKind.RESUMED)

    assert paused == 0
    assert seen("routing_clocks_running", clock="resolution") == 1


def watched_alerts() -> Watched:
    rules = FixedRules(escalations={"warned": escalation(alert("supervisor"))})
    return Watched(Desk(plan(clocks=[clock_plan(warn=(50,))]), rules))


def test_an_alert_is_late_by_the_time_from_due_to_release() -> None:
    seen = watched_alerts()
    seen.desk.open(priority="p1")
    seen.desk.wait(5 * MINUTE)
    seen.late = 200_000

    assert seen("routing_alerts_total", severity="warning") == 1
    assert seen("routing_alert_lateness_seconds_sum") == 0.2
    assert seen("routing_alert_lateness_seconds_bucket", le="0.1") == 0
    assert seen("routing_alert_lateness_seconds_bucket", le="0.25") == 1


def test_an_alert_of_an_item_told_late_counts_from_the_telling() -> None:
    seen = watched_alerts()
    seen.desk.open(priority="p1", occurred_at=seen.desk.now - 8 * MINUTE)
    seen.desk.tick()

    assert seen("routing_alert_lateness_seconds_count") == 1
    assert seen("routing_alert_lateness_seconds_sum") == 0


def test_stopped_escalation_loops_are_counted(seen: Watched) -> None:
    trigger = Trigger(kind=TriggerKind.BREACHED, item=seen.desk.open())
    seen.desk.do(StopEscalation(trigger=trigger, rounds=8))

    assert seen("routing_escalation_loops_total") == 1


def test_agents_and_capacity_follow_presence_and_holds(seen: Watched) -> None:
    seen.desk.sign_in(agent("ann", capacity=3), agent("bob", capacity=2))
    seen.desk.presence("bob", Presence.OFFLINE)
    seen.desk.open(channel="phone")

    assert seen("routing_agents", presence="available") == 1
    assert seen("routing_agents", presence="offline") == 1
    assert seen("routing_agent_capacity_units", kind="total") == 3
    assert seen("routing_agent_capacity_units", kind="held") == 2


def test_held_capacity_is_given_back_after_the_wrap_up(seen: Watched) -> None:
    seen.desk.sign_in("ann")
    item = seen.desk.open()
    seen.desk.accept(item)
    seen.desk.complete(item, "ann")
    in_wrap_up = seen("routing_agent_capacity_units", kind="held")
    seen.desk.wait(MINUTE)

    assert in_wrap_up == 1
    assert seen("routing_agent_capacity_units", kind="held") == 0


def test_a_recovery_sets_gauges_and_counts_nothing_again(seen: Watched) -> None:
    seen.desk.sign_in("ann")
    accepted = seen.desk.open(priority="p1")
    seen.desk.accept(accepted)
    seen.desk.open(priority="p1")
    seen.desk.wait(11 * MINUTE)
    seen.release()

    after = recovered_from(seen.desk)

    labels = {"clock": "response", "priority": "p1", "outcome": "breached"}

    assert after("routing_recoveries_total", cause="start") == 1
    assert after("routing_clock_outcomes_total", **labels) == 0
    for gauge in (names.ITEMS_OPEN, names.CLOCKS_RUNNING, names.CLOCKS_OVERDUE, names.AGENTS,
                  names.CAPACITY, names.OLDEST_WAITING, names.JOURNAL_SEQ):  # fmt: skip
        assert nonzero(after, gauge) == nonzero(seen, gauge)


def nonzero(seen: Watched, gauge: names.Gauge) -> dict[tuple[str, ...], float]:
    family = next(each for each in seen.metrics.collect() if each.name == gauge.name)
    return {tuple(each.labels.values()): each.value for each in family.samples if each.value}


def test_a_second_recovery_of_the_same_process_starts_the_gauges_anew(seen: Watched) -> None:
    seen.desk.sign_in("ann")
    item = seen.desk.open()
    seen.desk.accept(item)
    seen.release()
    seen.metrics.recovered(seen.desk.world, "append_failed", 0.1)

    assert seen("routing_items_open", queue="service", state="assigned") == 1
    assert seen("routing_agents", presence="available") == 1
    assert seen("routing_agent_capacity_units", kind="held") == 1


def test_gauges_go_on_from_a_recovery(seen: Watched) -> None:
    seen.desk.sign_in("ann")
    item = seen.desk.open()
    after = recovered_from(seen.desk)
    seen.desk.accept(item)
    seen.desk.report(item, ReportKind.RESOLVED)
    seen.desk.wait(DAY)

    assert after("routing_offers_total", queue="service", outcome="accepted") == 1
    assert after("routing_agent_capacity_units", kind="held") == 0
    assert nonzero(after, names.ITEMS_OPEN) == {}


def test_archived_items_leave_nothing_behind(seen: Watched) -> None:
    item = seen.desk.open()
    seen.desk.cancel(item)
    seen.desk.wait(2 * DAY)
    seen.release()

    assert item not in seen.desk.world.items
    assert seen.metrics._desks["desk"]._mirror.item(item) is None


def test_the_rulebook_in_force_is_shown_alone(seen: Watched) -> None:
    first = seen("routing_rulebook_info", pack="sample", digest="d1")
    seen.desk.activate(plan(), digest="d2")

    assert first == 1
    assert seen("routing_rulebook_info", pack="sample", digest="d2") == 1
    assert seen("routing_rulebook_info", pack="sample", digest="d1") is None


def test_rates_of_calls_start_at_zero(seen: Watched) -> None:
    labels = {"grpc_type": "unary", "grpc_service": SUBMIT.service, "grpc_method": "Submit"}

    assert seen("grpc_server_started_total", **labels) == 0
    assert seen("grpc_server_handled_total", grpc_code="OK", **labels) == 0
    assert seen("grpc_server_handling_seconds_count", **labels) == 0


def test_calls_are_counted_by_method_and_code(seen: Watched) -> None:
    submit = seen.metrics.rpc(SUBMIT)
    submit.started()
    submit.received()
    submit.sent()
    submit.sent()
    submit.handled("NOT_FOUND", 0.01)
    labels = {"grpc_type": "unary", "grpc_service": SUBMIT.service, "grpc_method": "Submit"}

    assert seen("grpc_server_started_total", **labels) == 1
    assert seen("grpc_server_msg_received_total", **labels) == 1
    assert seen("grpc_server_msg_sent_total", **labels) == 2
    assert seen("grpc_server_handled_total", grpc_code="NOT_FOUND", **labels) == 1
    assert seen("grpc_server_handling_seconds_bucket", le="0.01", **labels) == 1


def test_unknown_methods_share_one_series(seen: Watched) -> None:
    for number in range(100):
        seen.metrics.rpc(Method("unary", f"scan{number}", "x")).started()
    labels = {"grpc_type": "unary", "grpc_service": OTHER, "grpc_method": OTHER}

    assert seen("grpc_server_started_total", **labels) == 100


def test_a_commit_of_the_journal_is_timed_and_counted(seen: Watched) -> None:
    seen.metrics.journal_committed("desk", 7, 3, 0.002)

    assert seen("routing_journal_commits_total") == 1
    assert seen("routing_journal_records_total") == 7
    assert seen("routing_journal_append_seconds_bucket", le="0.0025") == 1


def test_values_past_a_cap_are_counted_as_other(seen: Watched) -> None:
    for number in range(CAPS["channel"] + 5):
        seen.desk.open(channel=f"adapter-{number}")

    others = seen("routing_items_submitted_total", queue="service", channel=OTHER, priority="p3")

    assert others == 5


def test_series_stay_within_the_budget_whatever_the_labels() -> None:
    queues = {f"q{number}": queue_plan(f"q{number}") for number in range(70)}
    seen = Watched(Desk(plan(queues=queues | {"service": queue_plan()})), budget=2_000)
    for number, queue in enumerate(queues):
        item = seen.desk.open(queue=queue, channel=f"c{number % 9}", priority=f"p{number % 3 + 1}")
        seen.desk.report(item, ReportKind.RESOLVED)
    histograms = [
        sample
        for family in seen.metrics.collect()
        if family.type == "histogram"
        for sample in family.samples
    ]

    assert seen.series() <= 2_000 + len(names.FAMILIES) * 19
    assert len(histograms) <= 2_000 * HISTOGRAM_SHARE + len(names.FAMILIES) * 19


def test_what_does_not_fit_is_still_counted() -> None:
    seen = Watched(Desk(), budget=0)
    item = seen.desk.open(priority="p1")
    seen.desk.report(item, ReportKind.RESOLVED)

    assert seen("routing_resolution_seconds_count", queue=OTHER, priority=OTHER) == 1


def test_every_metric_is_declared_and_explained(seen: Watched) -> None:
    seen.desk.sign_in("ann")
    seen.desk.accept(seen.desk.open())
    seen.release()
    shown = {sample.name for family in seen.metrics.collect() for sample in family.samples}

    assert shown <= names.declared_names()
    assert all(family.help.endswith(".") or "; " in family.help for family in names.FAMILIES)
    assert len({family.name for family in names.FAMILIES}) == len(names.FAMILIES)


def test_the_exposition_is_what_prometheus_reads(seen: Watched) -> None:
    seen.desk.sign_in("ann")
    seen.desk.accept(seen.desk.open())
    seen.release()
    text = generate_latest(seen.metrics.registry).decode()

    assert "# TYPE routing_offers_total counter\n" in text
    assert 'routing_offers_total{desk="desk",outcome="made",queue="service"} 1.0\n' in text
    assert "routing_plaintext_listener 0.0\n" in text
    assert "process_cpu_seconds_total" in text


async def test_a_scrape_in_another_thread_may_happen_at_any_time(seen: Watched) -> None:
    scrape = asyncio.to_thread(lambda: [generate_latest(seen.metrics.registry) for _ in range(20)])
    scraping = asyncio.ensure_future(scrape)
    for number in range(200):
        seen.desk.open(channel=f"c{number}", queue="service")
        seen.release()
        await asyncio.sleep(0)

    assert len(await scraping) == 20
