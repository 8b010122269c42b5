"""Cases run through the same engine as the service, and say what is otherwise."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from routing_service.core.choice.why_not import LackKind
from routing_service.rulebook.case_check import Mismatch
from routing_service.rulebook.case_files import load_cases
from routing_service.rulebook.case_outcome import CaseOutcome
from routing_service.rulebook.case_runner import run_case
from routing_service.rulebook.cases import (
    Case,
    CaseAgent,
    CaseEvent,
    CaseOther,
    CaseStep,
    Expectation,
    ExpectedAlert,
)
from routing_service.rulebook.loader import load_pack
from routing_service.rulebook.tree import Place
from tests.unit.rulebook.packs import SMALL, pack

PACK = Path(__file__).parents[3] / "rules" / "itsm"
RULEBOOK = load_pack(PACK)
CASES = {case.name: case for case in load_cases(PACK, RULEBOOK)}
HERE = Place("cases/here.yaml", 1, 1)
LIKE_IT = CASES["the usual incident"].event
LATER = CASES["the usual incident"].at + 60_000_000


def expecting(name: str, expect: Expectation) -> CaseOutcome:
    """The named case of the pack, with only this expectation at its beginning."""
    return run_case(replace(CASES[name], expect=expect, steps=()), RULEBOOK)


def then(name: str, *steps: CaseStep) -> Case:
    return replace(CASES[name], expect=None, steps=steps)


@pytest.mark.parametrize("name", CASES)
def test_case_of_the_pack_passes(name: str) -> None:
    outcome = run_case(CASES[name], RULEBOOK)

    assert [step for step in outcome.steps if not step.passed] == []


def test_what_is_otherwise_is_told_with_both_values() -> None:
    outcome = expecting("the usual incident", Expectation(priority="low", place=HERE))

    assert not outcome.passed
    assert outcome.steps[0].mismatches == (Mismatch("priority", "low", "moderate"),)


def test_due_one_second_off_is_a_mismatch_that_names_both_instants() -> None:
    case = CASES["the usual incident"]
    assert case.expect is not None
    due = (case.expect.due["response"] or 0) + 1_000_000

    outcome = expecting(case.name, Expectation(due={"response": due}, place=HERE))

    assert outcome.steps[0].mismatches == (
        Mismatch("due.response", "2016-02-29T13:00:01Z", "2016-02-29T13:00:00Z"),
    )


def test_clock_that_the_item_has_not_is_absent() -> None:
    outcome = expecting("the usual incident", Expectation(clocks={"nonesuch": "met"}, place=HERE))

    assert outcome.steps[0].mismatches == (Mismatch("nonesuch", "met", "absent"),)


def test_who_should_have_the_item_and_has_it_not_is_told_with_the_reason() -> None:
    case = CASES["nobody is there for an urgent incident"]
    nobody = expecting(case.name, Expectation(agent="ann", place=HERE)).steps[0]
    as_said = expecting(case.name, Expectation(agent="none", place=HERE)).steps[0]

    assert nobody.mismatches == (Mismatch("agent", "ann", "none"),)
    assert nobody.why_not is not None
    assert nobody.why_not.lack.kind is LackKind.NOBODY_IN_QUEUE
    assert as_said.why_not is None


def test_alert_that_nobody_expected_is_a_mismatch() -> None:
    case = CASES["nobody is there for an urgent incident"]
    silent = CaseStep(at=case.steps[1].at, expect=Expectation(alerts=(), place=HERE), place=HERE)

    outcome = run_case(then(case.name, silent), RULEBOOK)

    assert outcome.steps[-1].mismatches == (
        Mismatch("alerts", "none", "nobody-answers to lead (warning)"),
    )


def test_alert_that_did_not_come_is_a_mismatch() -> None:
    wanted = Expectation(alerts=(ExpectedAlert(rule="breach"),), place=HERE)

    outcome = expecting("the usual incident", wanted)

    assert outcome.steps[0].mismatches == (Mismatch("alerts", "breach", "none"),)


def test_alert_with_other_recipients_is_a_mismatch() -> None:
    case = CASES["nobody is there for an urgent incident"]
    wanted = ExpectedAlert(rule="nobody-answers", to=("supervisor",))
    look = CaseStep(
        at=case.steps[1].at, expect=Expectation(alerts=(wanted,), place=HERE), place=HERE
    )

    outcome = run_case(then(case.name, look), RULEBOOK)

    assert outcome.steps[-1].mismatches == (
        Mismatch("alerts", "nobody-answers to supervisor", "nobody-answers to lead (warning)"),
    )


def test_step_that_the_engine_refuses_ends_the_case_with_its_reason() -> None:
    case = CASES["the usual incident"]
    steps = (
        CaseStep(at=case.at, do="reopened", place=HERE),
        CaseStep(at=case.at, do="resolved", place=HERE),
    )

    outcome = run_case(then(case.name, *steps), RULEBOOK)

    assert len(outcome.steps) == 2
    assert outcome.steps[-1].refused.startswith("ILLEGAL_TRANSITION: ")


def test_agents_do_not_accept_where_the_case_says_so() -> None:
    case = replace(CASES["the usual incident"], accept=False, steps=())
    offered = replace(case, expect=Expectation(state="offered", agent="ada", place=HERE))

    assert run_case(offered, RULEBOOK).passed


def test_agent_accepts_by_a_step_and_completes() -> None:
    case = replace(CASES["the usual incident"], accept=False)
    steps = (
        CaseStep(
            at=case.at, do="accept", expect=Expectation(state="assigned", place=HERE), place=HERE
        ),
        CaseStep(at=case.at, do="complete", place=HERE),
    )

    assert run_case(replace(case, expect=None, steps=steps), RULEBOOK).passed


def test_item_that_was_archived_is_told() -> None:
    case = CASES["nobody confirms"]
    day = 86_400_000_000
    look = CaseStep(at=case.at + 100 * day, expect=Expectation(place=HERE), place=HERE)

    outcome = run_case(replace(case, steps=(case.steps[0], look)), RULEBOOK)

    assert outcome.steps[-1].mismatches == (Mismatch("item", "in memory", "archived"),)


def opened_after(*others: CaseEvent, **expect: object) -> CaseOutcome:
    """The usual incident after others of the same minute, with nobody there to take them."""
    case = CASES["the usual incident"]
    before = tuple(CaseOther(at=case.at, event=event, place=HERE) for event in others)
    expected = replace(Expectation(place=HERE), **expect)
    return run_case(replace(case, others=before, agents=(), expect=expected, steps=()), RULEBOOK)


def test_requests_of_others_come_first() -> None:
    outcome = opened_after(LIKE_IT, LIKE_IT, number="INC0000003", position=3)

    assert outcome.passed


def test_more_urgent_request_passes_those_who_wait() -> None:
    urgent = replace(LIKE_IT, labels={**LIKE_IT.labels, "impact": "high"})

    outcome = opened_after(urgent, position=1)

    assert outcome.steps[0].mismatches == (Mismatch("position", "1", "2"),)


def test_agent_who_is_away_when_the_case_begins_gets_nothing() -> None:
    case = CASES["the usual incident"]
    away = tuple(replace(agent, presence="away") for agent in case.agents)
    expected = Expectation(agent="none", position=1, place=HERE)

    outcome = run_case(replace(case, agents=away, expect=expected, steps=()), RULEBOOK)

    assert outcome.passed


def test_signals_are_expected_one_by_one(tmp_path: Path) -> None:
    angry = "signals: {angry: outrage, calm: thank you}\n"
    text = (
        "- name: one\n  at: '2026-03-02T09:00Z'\n"
        "  given: {event: {channel: phone, text: What an outrage}}\n"
        "  expect: {signals: {angry: false, calm: false}}\n"
    )
    folder = pack(tmp_path, signals=angry)
    (folder / "cases").mkdir()
    (folder / "cases" / "one.yaml").write_text(text, "utf-8")
    made = load_pack(folder)

    outcome = run_case(load_cases(folder, made)[0], made)

    assert outcome.steps[0].mismatches == (Mismatch("signals.angry", "not shown", "shown"),)


def transferred(*agents: str, warm: bool = False, **to: str) -> CaseOutcome:
    """An incident of the first of these agents, transferred a minute later."""
    case = CASES["the usual incident"]
    crew = tuple(CaseAgent(id=id_) for id_ in agents)
    expect = Expectation(agent=agents[-1], queue=to.get("to_queue", ""), place=HERE)
    step = CaseStep(at=LATER, do="transfer", warm=warm, **to, expect=expect, place=HERE)
    return run_case(replace(case, agents=crew, expect=None, steps=(step,)), RULEBOOK)


def test_an_item_may_be_transferred_to_a_queue_to_an_agent_or_back() -> None:
    outcomes = (
        transferred("ann", "ben", to_queue="group-2"),
        transferred("ann", "ben", "cho", to_agent="cho", warm=True),
        transferred("ann", "ben"),
    )

    assert [()] * 3 == [outcome.steps[-1].mismatches for outcome in outcomes]


def test_a_transfer_by_who_does_not_own_the_item_is_refused() -> None:
    outcome = transferred("ann", "ben", to_queue="group-2", by="ben")

    assert outcome.steps[-1].refused.startswith("NOT_HANDLING")


def test_step_may_be_about_an_item_that_was_linked() -> None:
    case = then(
        "the usual incident",
        CaseStep(at=LATER, do="linked", of="collaboration", role="cabling", place=HERE),
        CaseStep(
            at=LATER,
            do="resolved",
            of="collaboration",
            expect=Expectation(number="INC0000002", state="resolved", place=HERE),
            place=HERE,
        ),
        CaseStep(at=LATER, expect=Expectation(number="INC0000001", place=HERE), place=HERE),
    )

    assert run_case(case, RULEBOOK).passed


def test_linked_item_that_nobody_opened_is_absent() -> None:
    absent = Expectation(state="absent", place=HERE)
    there = Expectation(state="queued", place=HERE)
    look = CaseStep(at=LATER, of="survey", expect=absent, place=HERE)

    assert run_case(then("the usual incident", look), RULEBOOK).passed
    missing = run_case(then("the usual incident", replace(look, expect=there)), RULEBOOK)
    assert missing.steps[1].mismatches == (Mismatch("item", "queued", "absent"),)


SAMPLED = """
stage: escalate
rules:
  - {id: checked, trigger: {closed: true}, when: {sample: {lt: 30}}, then: {set: {checked: true}}}
"""


@pytest.mark.parametrize("drawn", [0, 29, 30, 99])
def test_request_has_the_draw_that_the_case_gives_it(drawn: int, tmp_path: Path) -> None:
    checked = "labels:\n  checked: {type: boolean, derived: true}"
    told = (SMALL / "pack.yaml").read_text("utf-8").replace("labels:", checked)
    made = pack(tmp_path, pack=told, escalate=SAMPLED)
    (made / "cases").mkdir()
    (made / "cases" / "some.yaml").write_text(
        f"""
- name: drawn
  at: "2026-03-02T14:30+08:00"
  given: {{sample: {drawn}, agents: [{{id: ann}}], event: {{topic: fault}}}}
  then:
    - at: "15:00"
      do: confirmed
      expect: {{state: closed, labels: {{checked: {"true" if drawn < 30 else "absent"}}}}}
""",
        "utf-8",
    )
    rulebook = load_pack(made)
    (case,) = load_cases(made, rulebook)

    assert [step.mismatches for step in run_case(case, rulebook).steps] == [(), ()]
