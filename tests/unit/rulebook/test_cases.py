"""Cases and requirement rows: read, typed, and checked against their rulebook."""

import datetime
from pathlib import Path

import pytest

from routing_service.rulebook.case_files import load_cases
from routing_service.rulebook.cases import Case, CaseAgent, ExpectedAlert
from routing_service.rulebook.loader import load_pack
from routing_service.rulebook.model import RulebookInvalid
from routing_service.rulebook.requirements import load_requirements
from tests.unit.rulebook.packs import ITSM, pack

CASE = """
- name: a fault
  row: [A1, A2]
  at: "2026-03-02T14:30+08:00"
  accept: false
  given:
    agents:
      - {id: eng-1, skills: {repair: 6}, queues: experts, team: first, capacity: 2}
      - {id: eng-2}
    event:
      {channel: phone, customer: c1, topic: fault, users: 3, vip: true, tags: [refund], text: 投诉}
  expect:
    priority: urgent
    queue: experts
    agent: none
    state: offered
    labels: {kind: incident}
    fired: [classify/fault, prioritise/angry, route/experts]
    response: running
    due: {response: "14:45", solution: "+1d 09:00:01"}
  then:
    - {at: "14:40", do: pending, reason: customer, expect: {due: {solution: none}}}
    - {at: "+1d 00:00", do: decline, by: eng-1, reason: busy}
    - at: "2026-03-04T00:00Z"
      expect: {alerts: [{rule: breach, to: [owner, lead], severity: critical}, {rule: near}]}
"""


def instant(text: str) -> int:
    return int(datetime.datetime.fromisoformat(text).timestamp()) * 1_000_000


def cases(folder: Path, text: str) -> tuple[Case, ...]:
    made = pack(folder)
    (made / "cases").mkdir()
    (made / "cases" / "some.yaml").write_text(text, "utf-8")
    return load_cases(made, load_pack(made))


def test_case_is_read_whole(tmp_path: Path) -> None:
    (case,) = cases(tmp_path, CASE)

    assert ("a fault", ("A1", "A2"), False) == (case.name, case.rows, case.accept)
    assert instant("2026-03-02T06:30Z") == case.at
    assert case.agents == (
        CaseAgent(id="eng-1", skills={"repair": 6}, queues=("experts",), team="first", capacity=2),
        CaseAgent(id="eng-2"),
    )
    event = {"topic": "fault", "users": 3, "vip": True, "tags": ("refund",)}
    assert ("phone", "c1", "投诉", event) == (
        case.event.channel,
        case.event.customer,
        case.event.text,
        case.event.labels,
    )


def test_expectation_is_read_whole(tmp_path: Path) -> None:
    (case,) = cases(tmp_path, CASE)
    expect = case.expect

    assert expect is not None
    assert ("urgent", "experts", "none", "offered") == (
        expect.priority,
        expect.queue,
        expect.agent,
        expect.state,
    )
    assert ({"kind": "incident"}, {"response": "running"}, None) == (
        expect.labels,
        expect.clocks,
        expect.alerts,
    )
    assert {
        "response": instant("2026-03-02T06:45Z"),
        "solution": instant("2026-03-03T01:00:01Z"),
    } == expect.due


def test_steps_are_read_at_their_instants(tmp_path: Path) -> None:
    (case,) = cases(tmp_path, CASE)
    pending, decline, look = case.steps

    assert ("pending", "customer", {"solution": None}) == (
        pending.do,
        pending.reason,
        pending.expect.due if pending.expect else None,
    )
    assert (instant("2026-03-02T16:00Z"), "eng-1") == (decline.at, decline.by)
    assert look.expect is not None
    assert look.expect.alerts == (
        ExpectedAlert(rule="breach", to=("owner", "lead"), severity="critical"),
        ExpectedAlert(rule="near"),
    )


OTHER = '{at: "14:31", event: {topic: fault}}'
EARLIER = OTHER.replace("14:31", "14:30")
SHORT = '- name: one\n  at: "2026-03-02T14:30Z"\n  given: {event: {topic: fault}}\n'


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (SHORT.replace("14:30Z", "14:30"), "RB601"),
        (SHORT.replace("2026-03-02T14:30Z", "monday"), "RB601"),
        (SHORT.replace("topic: fault", "tags: refund"), "RB302"),
        (SHORT + '  then: [{at: "25:00"}]\n', "RB602"),
        (SHORT + SHORT, "RB603"),
        (SHORT + '  then: [{at: "14:00"}]\n', "RB604"),
        (SHORT + '  then: [{at: "15:00", do: pending}]\n', "RB605"),
        (SHORT + '  then: [{at: "15:00", do: away}]\n', "RB605"),
        (SHORT + "  expect: {answer: met}\n", "RB606"),
        (SHORT.replace("topic: fault", "kind: incident"), "RB610"),
        (SHORT + "  expect: {agent: eng-9}\n", "RB611"),
        (SHORT + "  expect: {fired: [route/nothing]}\n", "RB612"),
        (SHORT + "  expect: {alerts: [{rule: nothing}]}\n", "RB612"),
        (SHORT + "  expect: {due: {answer: none}}\n", "RB309"),
        (SHORT + "  expect: {queue: nowhere}\n", "RB306"),
        (SHORT + "  expect: {priority: high}\n", "RB305"),
        (SHORT + '  then: [{at: "15:00", do: pending, reason: lunch}]\n', "RB311"),
        (SHORT.replace("topic: fault", "topic: fire"), "RB303"),
        (SHORT.replace("topic: fault", "topics: fault"), "RB301"),
        (SHORT.replace("topic: fault", "channel: fax"), "RB324"),
        (SHORT.replace("given: {", "given: {agents: [{id: a, team: z}], "), "RB323"),
        (SHORT + "  expect: {response: done}\n", "RB204"),
        (SHORT + "  expect: {signals: {furious: true}}\n", "RB312"),
        (SHORT.replace("given: {", f"given: {{others: [{OTHER}], "), "RB604"),
        (SHORT + "  step: []\n", "RB202"),
        ("", "RB104"),
    ],
)
def test_case_that_is_wrong_in_itself_is_a_finding(text: str, code: str, tmp_path: Path) -> None:
    with pytest.raises(RulebookInvalid) as refused:
        cases(tmp_path, text)

    (finding,) = refused.value.findings
    assert (code, "cases/some.yaml") == (finding.code, finding.file)


def test_requests_of_others_are_read_at_their_instants(tmp_path: Path) -> None:
    (case,) = cases(tmp_path, SHORT.replace("given: {", f"given: {{others: [{EARLIER}], "))

    assert [(instant("2026-03-02T14:30Z"), "fault")] == [
        (other.at, other.event.labels["topic"]) for other in case.others
    ]


def test_pack_without_cases_has_none(tmp_path: Path) -> None:
    made = pack(tmp_path)

    assert ((), ()) == (load_cases(made, load_pack(made)), load_requirements(made, ()))


def test_requirement_row_finds_its_figure() -> None:
    found = load_cases(ITSM, load_pack(ITSM))
    rows = load_requirements(ITSM, found)

    figures = {(row.file, row.key): row.value for row in rows}
    assert "4h" == figures["sla.yaml", "clocks/resolution/target/critical"]
    assert "critical" == figures["prioritise.yaml", "rules/high-high/then/priority"]


def test_place_in_a_list_is_told_by_number_id_or_word(tmp_path: Path) -> None:
    made = pack(tmp_path)
    keys = ("rules/0/id", "rules/fault/id")
    lines = [f"A1,classify.yaml,{key},one" for key in keys]
    lines.append("A1,pack.yaml,priorities/urgent,one")
    (made / "requirements.csv").write_text("row,file,key,case\n" + "\n".join(lines) + "\n")
    found = load_requirements(made, cases(tmp_path / "cased", SHORT))

    assert ["fault", "fault", "urgent"] == [row.value for row in found]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("A1,sla.yaml,clocks/answer/target/urgent,one", "RB607"),
        ("A1,sla.yaml,clocks/response/target,one", "RB607"),
        ("A1,nothing.yaml,clocks,one", "RB607"),
        ("A1,../pack.yaml,zone,one", "RB607"),
        ("A1,route.yaml,rules/9/then/queue,one", "RB607"),
        ("A1,sla.yaml,clocks/response/target/urgent,two", "RB608"),
    ],
)
def test_row_that_leads_nowhere_is_a_finding(line: str, code: str, tmp_path: Path) -> None:
    (case,) = cases(tmp_path, SHORT)
    (tmp_path / "pack" / "requirements.csv").write_text(f"row,file,key,case\n{line}\n")

    with pytest.raises(RulebookInvalid) as refused:
        load_requirements(tmp_path / "pack", [case])

    (finding,) = refused.value.findings
    assert (code, "requirements.csv", 2) == (finding.code, finding.file, finding.line)


def test_pack_without_cases_says_so_once_not_for_each_row(tmp_path: Path) -> None:
    made = pack(tmp_path)
    rows = "A1,sla.yaml,clocks/response/target/urgent,one\n" * 40
    (made / "requirements.csv").write_text(f"row,file,key,case\n{rows}")

    with pytest.raises(RulebookInvalid) as refused:
        load_requirements(made, ())

    (finding,) = refused.value.findings
    assert "requirements.csv:1:1 RB115 error: The pack has no cases/*.yaml." == str(finding)


def test_requirements_need_their_columns(tmp_path: Path) -> None:
    made = pack(tmp_path)
    (made / "requirements.csv").write_text("row;file\n")

    with pytest.raises(RulebookInvalid) as refused:
        load_requirements(made, ())

    assert ["RB609"] == [finding.code for finding in refused.value.findings]


def listed(folder: Path, line: str) -> Path:
    made = pack(folder)
    header = "row,file,key,case,status,note"
    (made / "requirements.csv").write_text(f"{header}\n{line}\n", "utf-8")
    return made


def test_requirement_without_a_figure_says_what_keeps_it_and_may_name_cases(
    tmp_path: Path,
) -> None:
    found = load_cases(ITSM, load_pack(ITSM))
    rows = load_requirements(
        listed(tmp_path, f"A8,,,{found[0].name},kept,said at intake\nA9,,,,kept,sealed"), found
    )

    assert [("A8", "kept", (found[0].name,)), ("A9", "kept", ())] == [
        (row.row, row.status, row.cases) for row in rows
    ]


def test_requirement_of_a_later_version_says_what_is_missing(tmp_path: Path) -> None:
    found = load_cases(ITSM, load_pack(ITSM))
    (row,) = load_requirements(listed(tmp_path, "A7,,,,later,survey on close"), found)

    assert ("A7", "later", "survey on close", ()) == (row.row, row.status, row.note, row.cases)


@pytest.mark.parametrize(
    "line",
    [
        "A7,,,,soon,survey on close",
        "A7,,,,later,",
        "A7,,,,kept,",
        "A7,pack.yaml,zone,,kept,sealed",
        "A7,pack.yaml,zone,one,later,survey on close",
    ],
)
def test_status_that_is_none_or_says_too_much_is_a_finding(line: str, tmp_path: Path) -> None:
    (case,) = cases(tmp_path / "cased", SHORT)
    (tmp_path / "listed").mkdir()

    with pytest.raises(RulebookInvalid) as refused:
        load_requirements(listed(tmp_path / "listed", line), [case])

    assert ["RB613"] == [finding.code for finding in refused.value.findings]


def test_each_case_of_the_desk_proves_a_row() -> None:
    found = load_cases(ITSM, load_pack(ITSM))
    named = {name for row in load_requirements(ITSM, found) for name in row.cases}
    stray = [case.name for case in found if case.name not in named]

    assert stray == ["the caller gives up"]  # T6 is core's own rule, not a figure of the pack
