"""The pack of the real incidents: its matrix is the one the log shows."""

import pytest

from routing_service.rulebook.loader import load_pack
from routing_service.rulebook.model import Rulebook
from tests.unit.rulebook.packs import ITSM

# Impact, urgency -> priority, as the first 300 incidents of the log have them.
# (UCI Machine Learning Repository, "Incident management process enriched event log", CC BY 4.0.)
LOGGED = {
    ("medium", "medium"): "moderate",
    ("high", "medium"): "high",
    ("low", "low"): "low",
    ("medium", "low"): "low",
    ("low", "medium"): "low",
    ("high", "high"): "critical",
    ("low", "high"): "moderate",
    ("medium", "high"): "high",
}


@pytest.fixture(name="desk", scope="module")
def desk_rulebook() -> Rulebook:
    return load_pack(ITSM)


def test_pack_has_no_findings(desk: Rulebook) -> None:
    assert desk.warnings == ()


@pytest.mark.parametrize(("cell", "priority"), LOGGED.items())
def test_priority_is_what_the_desk_computed(
    desk: Rulebook, cell: tuple[str, str], priority: str
) -> None:
    verdict = desk.intake({"channel": "phone", "impact": cell[0], "urgency": cell[1]})

    assert (priority, f"prioritise/{cell[0]}-{cell[1]}") == (verdict.priority, verdict.fired[0])


def test_every_group_has_its_queue(desk: Rulebook) -> None:
    groups = [f"group-{number}" for number in range(1, 91)]
    queues = [
        desk.intake({"channel": "phone", "assignment_group": group}).queue for group in groups
    ]

    assert groups == queues


def test_waiting_for_anybody_stops_the_resolution_clock(desk: Rulebook) -> None:
    assert set(desk.plan.pending_reasons) == set(desk.plan.clocks["resolution"].pause)


def test_numbers_look_like_those_of_the_log(desk: Rulebook) -> None:
    assert "INC0000045" == desk.plan.number_format.format(n=45)
