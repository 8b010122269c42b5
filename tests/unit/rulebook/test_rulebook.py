"""What a loaded rulebook answers, and how it is named."""

from pathlib import Path

import pytest

from routing_service.core.records.model import AlertOrder, Facts, Requirement
from routing_service.rulebook.digest import bundle
from routing_service.rulebook.loader import load_pack, load_source
from routing_service.rulebook.model import Rulebook, RulebookInvalid
from tests.unit.rulebook.packs import ITSM, SMALL, changed, findings, pack, rulebook

MINUTE = 60_000_000


@pytest.fixture(name="small", scope="module")
def small_rulebook() -> Rulebook:
    return load_pack(SMALL)


def test_each_stage_sees_the_outcomes_before_it(small: Rulebook) -> None:
    verdict = small.intake({"channel": "phone", "topic": "fault", "vip": True})

    fired = ("classify/fault", "prioritise/incident", "route/experts")
    assert fired == verdict.fired
    assert {"kind": "incident"} == verdict.labels
    assert ("urgent", "experts") == (verdict.priority, verdict.queue)
    assert (Requirement("repair", 2),) == verdict.requirements


def test_default_answers_when_no_rule_holds(small: Rulebook) -> None:
    verdict = small.intake({"channel": "email"})

    assert ("classify/default", "prioritise/default", "route/default") == verdict.fired
    assert ("normal", "front") == (verdict.priority, verdict.queue)


def test_clock_with_a_condition_applies_only_where_it_holds(small: Rulebook) -> None:
    incident = small.intake({"channel": "phone", "topic": "fault"})
    request = small.intake({"channel": "phone", "topic": "question"})

    assert (("response", "solution"), ("response",)) == (incident.clocks, request.clocks)


@pytest.mark.parametrize(
    ("facts", "queue"),
    [({"area": "experts"}, "experts"), ({"area": "moon"}, "front"), ({}, "front")],
)
def test_label_names_the_queue_and_an_unknown_one_falls_back(
    small: Rulebook, facts: Facts, queue: str
) -> None:
    verdict = small.intake({"channel": "phone", **facts})

    assert (queue, False) == (verdict.queue, verdict.failed)


def test_signal_reaches_the_rules_as_a_fact(small: Rulebook) -> None:
    signals = small.signals("这个我要投诉")
    verdict = small.intake({"channel": "phone"} | {f"signal.{name}": True for name in signals})

    assert (("angry",), "urgent") == (signals, verdict.priority)


def test_all_escalation_rules_that_hold_are_merged(tmp_path: Path) -> None:
    rules = """
stage: escalate
rules:
  - id: a
    trigger: {clock: any, at: breach}
    then: {alert: {to: lead, severity: warning}, boost: 5m, priority: normal}
  - id: b
    trigger: {clock: response, at: breach}
    then: {alert: [{to: lead, severity: warning}, {to: owner, severity: warning}], boost: 9m, queue: experts}
  - id: c
    trigger: {clock: [response, solution], at: breach}
    when: {state: queued}
    then: {priority: urgent}
  - id: d
    trigger: {reopened: 1}
    then: {boost: 1h}
"""  # noqa: E501 - one rule a line, as authors write them
    facts: Facts = {"trigger": "breached", "clock": "response", "state": "queued", "count": 0}
    verdict = rulebook(tmp_path, escalate=rules).escalate(facts)

    assert ("escalate/a", "escalate/b", "escalate/c") == verdict.fired
    assert verdict.alerts == (
        AlertOrder(rule="a", to=("lead",), severity="warning"),
        AlertOrder(rule="b", to=("owner",), severity="warning"),
    )
    assert (9 * MINUTE, "urgent", "experts") == (verdict.boost, verdict.priority, verdict.queue)


@pytest.mark.parametrize(
    ("facts", "fired"),
    [
        ({"trigger": "warned", "clock": "response", "share": 80}, ("escalate/near",)),
        ({"trigger": "warned", "clock": "response", "share": 50}, ()),
        ({"trigger": "warned", "clock": "solution", "share": 80}, ()),
        ({"trigger": "breached", "clock": "solution"}, ("escalate/breach",)),
        ({"trigger": "declined", "count": 1}, ()),
        ({"trigger": "declined", "count": 2}, ("escalate/refused",)),
        ({"trigger": "declined", "count": 9}, ("escalate/refused",)),
        ({"trigger": "reopened", "count": 9}, ()),
    ],
)
def test_trigger_is_met_at_its_point(small: Rulebook, facts: Facts, fired: tuple[str, ...]) -> None:
    assert fired == small.escalate(facts).fired


def test_plan_names_the_triggers_that_have_rules(small: Rulebook) -> None:
    assert ("breached", "declined", "warned") == small.plan.escalations


def test_stage_without_file_decides_nothing(small: Rulebook) -> None:
    outcome = small.evaluate("surge", {})

    assert ((), "") == (outcome.fired, outcome.outcome.queue)


def test_pack_without_classify_labels_nothing(tmp_path: Path) -> None:
    folder = pack(
        tmp_path, prioritise="stage: prioritise\nrules: []\ndefault: {priority: normal}\n"
    )
    (folder / "classify.yaml").unlink()
    verdict = load_pack(folder).intake({"channel": "phone"})

    assert ({}, ("prioritise/default", "route/default")) == (verdict.labels, verdict.fired)


def test_fallback_verdict_is_marked_as_failed(small: Rulebook) -> None:
    verdict = small.fallback()

    assert ("normal", "front", True) == (verdict.priority, verdict.queue, verdict.failed)
    assert small.digest == verdict.digest


@pytest.mark.parametrize("folder", [SMALL, ITSM], ids=lambda path: path.name)
def test_source_gives_the_same_rulebook_again(folder: Path) -> None:
    first = load_pack(folder)
    again = load_source(first.source)

    assert (first.digest, first.plan, first.stages) == (again.digest, again.plan, again.stages)


def test_broken_source_is_a_finding() -> None:
    with pytest.raises(RulebookInvalid) as refused:
        load_source(b"\xc1")

    assert "RB119" in [finding.code for finding in refused.value.findings]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"phone": "pack: itsm"}, "RB116"),
        ({"x" * 5_000: ""}, "RB116"),
        ({"pack.yaml": None}, "RB115"),
        (dict.fromkeys(("pack.yaml", "teams.yaml", "route.yaml")), "RB115"),
    ],
)
def test_source_with_a_stray_or_without_a_needed_file_is_a_finding(
    changes: dict[str, str | None], code: str
) -> None:
    files = {path.name: path.read_text("utf-8") for path in SMALL.glob("*.yaml")} | changes
    source = bundle({name: text for name, text in files.items() if text is not None})
    with pytest.raises(RulebookInvalid) as refused:
        load_source(source)

    assert {finding.code for finding in refused.value.findings} >= {code}
    assert all(len(finding.file) <= 64 for finding in refused.value.findings)


def test_digest_knows_content_and_not_line_ends(tmp_path: Path) -> None:
    same = pack(tmp_path / "a")
    for path in same.glob("*.yaml"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    other = changed(tmp_path / "b", "sla", "15m", "16m")

    assert load_pack(SMALL).digest == load_pack(same).digest
    assert load_pack(SMALL).digest != load_pack(other).digest


def test_cases_and_notes_do_not_change_the_digest(tmp_path: Path) -> None:
    folder = pack(tmp_path)
    (folder / "cases").mkdir()
    (folder / "cases" / "some.yaml").write_text("not read")
    (folder / "NOTES.md").write_text("why it is so")

    assert load_pack(SMALL).digest == load_pack(folder).digest


def test_refusal_is_an_error_that_callers_can_read(tmp_path: Path) -> None:
    folder = changed(tmp_path, "route", "queue: experts", "queue: expert")

    with pytest.raises(RulebookInvalid) as refused:
        load_pack(folder)

    assert ("RULEBOOK_INVALID", "1") == (refused.value.reason, refused.value.details["findings"])
    assert "route.yaml:5:19 RB306" in refused.value.message


def test_signal_may_name_what_it_is_not(tmp_path: Path) -> None:
    text = "signals:\n  angry: {any: outrage, except: [no outrage, not outrageous]}\n"

    made = rulebook(tmp_path, signals=text)

    assert (("angry",), ()) == (made.signals("an outrage"), made.signals("it is no outrage"))


def test_exception_that_is_not_re2_is_told_at_its_place(tmp_path: Path) -> None:
    text = 'signals:\n  angry:\n    any: outrage\n    except: ["no outrage", "("]\n'

    told = findings(pack(tmp_path, signals=text))

    assert [("RB408", 4)] == [(finding.code, finding.line) for finding in told]


def test_parts_of_patterns_are_written_out(tmp_path: Path) -> None:
    text = (
        "parts: {no: [cannot, unable to], login: ['{no} (log|sign) ?in']}\n"
        "signals: {angry: ['^{login}$', '\\p{Greek}{2}']}\n"
    )

    made = rulebook(tmp_path, signals=text)

    found = [made.signals(said) for said in ("unable to sign in", "cannot", "αβ")]
    assert [("angry",), (), ("angry",)] == found


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("parts:\n  a: x\nsignals:\n  angry: '{b}y'\n", "RB413", 4),
        ("parts:\n  a: '{b}'\n  b: y\nsignals:\n  angry: y\n", "RB413", 2),
        ("parts:\n  a: '('\nsignals:\n  angry: '{a}y'\n", "RB408", 4),
    ],
)
def test_part_that_cannot_be_used_is_told_where_it_is_used(
    text: str, code: str, line: int, tmp_path: Path
) -> None:
    told = findings(pack(tmp_path, signals=text))

    assert [(code, line)] == [(finding.code, finding.line) for finding in told]


def test_parts_that_grow_without_bound_are_refused(tmp_path: Path) -> None:
    lines = [f"  p{n + 1}: '{{p{n}}}{{p{n}}}{{p{n}}}{{p{n}}}'" for n in range(9)]
    text = "\n".join(["parts:", "  p0: xxxx", *lines, "signals:", "  angry: '{p9}'", ""])

    told = findings(pack(tmp_path, signals=text))

    assert {"RB409"} <= {finding.code for finding in told}
