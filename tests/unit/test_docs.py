"""What the documents say is what the code does: links, commands and diagrams are real."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.diagrams import README, drawn

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted(
    [
        *ROOT.glob("*.md"),
        *(
            p
            for top in ("proto", "routing_service", "rules", "deploy", "tests")
            for p in (ROOT / top).rglob("*.md")
        ),
    ]
)
DOCUMENTS = [path for path in DOCUMENTS if "node_modules" not in path.parts]
README_LINES = 120


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_every_relative_link_leads_to_a_file(path: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text("utf-8"))
    local = [target for target in targets if not target.startswith(("http", "mailto"))]

    assert [target for target in local if not (path.parent / target).exists()] == []


def anchors(path: Path) -> set[str]:
    """The headings of a guide as links name them."""
    headings = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_every_link_to_a_heading_leads_to_one(path: Path) -> None:
    links = re.findall(r"\]\(([^)#\s:]*)#([^)\s]+)\)", path.read_text("utf-8"))
    there = [(path.parent / file if file else path, heading) for file, heading in links]

    assert [heading for file, heading in there if heading not in anchors(file)] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_every_make_target_named_exists(path: Path) -> None:
    text = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z-]+):", text, flags=re.MULTILINE))
    told = set(re.findall(r"(?:`|^)make ([a-z-]+)", path.read_text("utf-8"), flags=re.MULTILINE))

    assert told - targets == set()


@pytest.mark.parametrize("folder", ["proto", "routing_service", "rules", "deploy", "tests"])
def test_every_top_folder_has_its_guide(folder: str) -> None:
    assert (ROOT / folder / "README.md").is_file()


def test_guide_of_the_tests_has_a_row_for_every_folder() -> None:
    told = set(
        re.findall(
            r"^\| `(\w+)/` ", (ROOT / "tests" / "README.md").read_text("utf-8"), flags=re.MULTILINE
        )
    )
    there = {path.parent.name for path in (ROOT / "tests").glob("*/*") if path.suffix == ".py"}

    assert told == there


def test_readme_is_read_in_a_few_minutes() -> None:
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= README_LINES


def test_map_of_core_has_a_row_for_each_package_with_all_its_modules() -> None:
    core = README.parent / "core"
    there: dict[str, list[str]] = {}
    for path in sorted(core.rglob("*.py")):
        if path.stem != "__init__":
            there.setdefault(str(path.parent.relative_to(core)), []).append(path.stem)
    text = README.read_text("utf-8")
    part = text[text.index("### What is where in core") : text.index("## How a request travels")]
    rows = re.findall(r"^\| (on top|`\w+/`) \|.*\|(.*)\|$", part, flags=re.MULTILINE)
    told = {
        name.strip("`/").replace("on top", "."): sorted(re.findall(r"`(\w+)`", modules))
        for name, modules in rows
    }

    assert told == there


def test_diagrams_are_drawn_from_the_life_cycle_tables() -> None:
    text = README.read_text("utf-8")

    assert drawn(text) == text


def test_ci_runs_the_test_command_of_the_readme() -> None:
    told = re.search(r"^(make test)\b", (ROOT / "README.md").read_text("utf-8"), flags=re.MULTILINE)
    run = (ROOT / ".ci" / "run").read_text("utf-8").splitlines()

    assert told is not None
    assert told.group(1) in run


def test_every_dependency_says_why_it_is_there() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    project = tomllib.loads(text)["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    silent = [name for name in wanted if not re.search(rf'"{re.escape(name)}", +# \w', text)]

    assert silent == []


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_lock_files_name_no_host_and_no_folder(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")

    assert (
        re.findall(r"\w+://\S+|--index-url|--find-links|^\s+#?\s*/\S+", text, flags=re.MULTILINE)
        == []
    )
