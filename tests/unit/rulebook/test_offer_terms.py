"""What queues say about offers and wrap-ups, and packs about teams and channels, in the plan."""

from pathlib import Path

import pytest

from routing_service.core.plans.plan import OfferPlan, QueuePlan, TeamPlan, WrapUpMode
from routing_service.core.records.model import QueueTerms
from routing_service.rulebook.loader import load_pack
from routing_service.rulebook.model import Rulebook
from tests.unit.rulebook.packs import pack

SECOND = 1_000_000


def front(folder: Path, line: str) -> QueuePlan:
    """The queue `front` with this line in it."""
    (folder / "queues.yaml").write_text(
        f"defaults: {{offer_timeout: 30s}}\nqueues: {{front: {{{line}}}, experts: {{}}}}\n", "utf-8"
    )
    return load_pack(folder).plan.queues["front"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return pack(tmp_path)


def test_offers_say_what_follows_when_nobody_takes_the_item(folder: Path) -> None:
    said = "offers: {attempts: 5, again_after: 2m, pause_after: 3, cool_down: {expired: 10s}}"

    assert front(folder, said).offers == OfferPlan(
        attempts=5,
        again_after=120 * SECOND,
        pause_after=3,
        cool_down={"expired": 10 * SECOND},
    )


@pytest.mark.parametrize(
    ("said", "time", "mode", "renewals"),
    [
        ("30s", 30, WrapUpMode.TIMED, 0),
        ("{mode: none}", 0, WrapUpMode.TIMED, 0),
        ("{mode: timed, time: 1m}", 60, WrapUpMode.TIMED, 0),
        ("{mode: optional, time: 1m, renewals: 2}", 60, WrapUpMode.OPTIONAL, 2),
        ("{mode: mandatory, time: 20s}", 20, WrapUpMode.MANDATORY, 0),
    ],
)
def test_a_wrap_up_is_a_duration_or_a_mode(
    folder: Path, said: str, time: int, mode: WrapUpMode, renewals: int
) -> None:
    made = front(folder, f"wrap_up: {said}")

    assert (time * SECOND, mode, renewals) == (
        made.wrap_up,
        made.wrap_up_mode,
        made.wrap_up_renewals,
    )


def test_a_queue_may_keep_the_place_of_who_leaves(folder: Path) -> None:
    assert front(folder, "abandon_grace: 1m").abandon_grace == 60 * SECOND


def with_file(folder: Path, name: str, text: str) -> Rulebook:
    (folder / name).write_text(text, "utf-8")
    return load_pack(folder)


def test_a_team_has_leads_roles_and_shifts(folder: Path) -> None:
    said = "{lead: [lee, kim], calendar: always, roles: {trainer: tom, quality: [quin, rae]}}"
    made = with_file(folder, "teams.yaml", f"supervisor: sue\nteams: {{first: {said}}}\n")

    assert made.plan.teams["first"] == TeamPlan(
        name="first",
        lead="lee",
        leads=("lee", "kim"),
        roles={"trainer": ("tom",), "quality": ("quin", "rae")},
        calendar="always",
    )


def test_a_channel_names_those_that_may_interrupt_it(folder: Path) -> None:
    pack = (folder / "pack.yaml").read_text("utf-8")
    made = with_file(
        folder, "pack.yaml", pack.replace("email: {}", "email: {interrupted_by: phone}")
    )

    assert made.plan.interrupts == {"phone": ("email",)}


def test_a_team_says_on_which_terms_its_agents_serve_queues(folder: Path) -> None:
    terms = "{front: {priority: 2}, experts: {delay: 1m}}"
    (folder / "teams.yaml").write_text(
        f"supervisor: sue\nteams: {{first: {{lead: lee, terms: {terms}}}}}\n", "utf-8"
    )

    assert load_pack(folder).plan.teams["first"].terms == {
        "front": QueueTerms(priority=2),
        "experts": QueueTerms(delay=60 * SECOND),
    }
