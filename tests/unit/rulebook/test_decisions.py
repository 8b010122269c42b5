"""Decisions in journal records: whose they are, and whether their explanation comes to the same."""

from pathlib import Path

import msgspec
import pytest

from routing_service.core.journal.commands import Escalate, Submit
from routing_service.core.journal.record import Record
from routing_service.core.records.model import AlertOrder, EscalationVerdict
from routing_service.rulebook.case_files import load_cases
from routing_service.rulebook.case_runner import decisions
from routing_service.rulebook.decisions import decides, digest_of, explained
from routing_service.rulebook.explanation import DecisionKind
from routing_service.rulebook.loader import load_pack
from routing_service.rulebook.model import Rulebook
from tests.unit.rulebook.packs import ITSM, ROOT

ITEM = "it0000000001"
PACKS = sorted(path.parent for path in (ROOT / "rules").glob("*/pack.yaml"))


@pytest.fixture(name="itsm", scope="module")
def itsm_rulebook() -> Rulebook:
    return load_pack(ITSM)


@pytest.fixture(name="records", scope="module")
def records_of_a_case(itsm: Rulebook) -> tuple[Record, ...]:
    """An item that is opened, warned about and resolved too late."""
    (case,) = (c for c in load_cases(ITSM, itsm) if c.name == "resolved one second late")
    return decisions(case, itsm)


def test_case_gives_the_records_of_its_own_item(records: tuple[Record, ...]) -> None:
    assert isinstance(records[0].command, Submit)
    assert {Escalate} == {type(record.command) for record in records[1:]}
    assert all(decides(record, ITEM) for record in records)
    assert not any(decides(record, "it0000000002") for record in records)


def test_each_record_is_explained_as_it_was_decided(
    records: tuple[Record, ...], itsm: Rulebook
) -> None:
    told = [explained(record, itsm) for record in records]

    assert all(each.agrees and not each.failed for each in told)
    assert [record.now for record in records] == [each.at for each in told]
    assert DecisionKind.INTAKE is told[0].kind
    assert {digest_of(record) for record in records} == {itsm.digest}


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.name)
def test_every_case_of_every_pack_is_explained_as_it_was_decided(pack: Path) -> None:
    book = load_pack(pack)
    cases = load_cases(pack, book)
    told = [explained(record, book) for case in cases for record in decisions(case, book)]

    assert len(told) >= len(cases) > 0
    assert all(each.agrees for each in told)


def with_verdict(record: Record, **changes: object) -> Record:
    verdict = msgspec.structs.replace(record.command.verdict, **changes)  # type: ignore[union-attr] # of a decision
    return msgspec.structs.replace(
        record, command=msgspec.structs.replace(record.command, verdict=verdict)
    )


@pytest.mark.parametrize("changes", [{"priority": "low"}, {"fired": ()}, {"clocks": ()}])
def test_verdict_that_was_another_is_told(
    changes: dict[str, object], records: tuple[Record, ...], itsm: Rulebook
) -> None:
    assert not explained(with_verdict(records[0], **changes), itsm).agrees


def test_answer_to_a_trigger_that_was_another_is_told(
    records: tuple[Record, ...], itsm: Rulebook
) -> None:
    assert not explained(with_verdict(records[-1], boost=7), itsm).agrees


def test_fallback_is_told_as_a_failure(records: tuple[Record, ...], itsm: Rulebook) -> None:
    told = explained(with_verdict(records[0], failed=True, fired=()), itsm)

    assert told.failed


def test_trigger_the_rules_could_not_answer_is_told_as_a_failure(
    records: tuple[Record, ...], itsm: Rulebook
) -> None:
    alert = AlertOrder(rule="engine/no-answer", to=("supervisor",), severity="critical")
    silent = EscalationVerdict(digest="", alerts=(alert,))
    command = msgspec.structs.replace(records[-1].command, verdict=silent)  # type: ignore[call-overload] # an Escalate
    told = explained(msgspec.structs.replace(records[-1], command=command), itsm)

    assert (True, itsm.digest) == (told.failed, told.digest)


def test_digest_of_that_time_is_kept_when_the_same_sources_have_another_now(
    records: tuple[Record, ...], itsm: Rulebook
) -> None:
    assert "then" == explained(with_verdict(records[0], digest="then"), itsm).digest
