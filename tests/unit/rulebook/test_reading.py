"""How files become trees: YAML 1.2 scalars, places, bounds."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing_service.rulebook.findings import Findings
from routing_service.rulebook.loader import load_pack
from routing_service.rulebook.model import RulebookInvalid
from routing_service.rulebook.reading import read
from routing_service.rulebook.tree import Node, Place
from tests.unit.rulebook.packs import ITSM, SMALL, codes, findings, pack


def tree(text: str) -> Node:
    found = Findings()
    node = read(text.encode(), "file.yaml", found)
    assert node is not None, found.told("en")
    return node


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("yes", "yes"),
        ("true", True),
        ("FALSE", False),
        ("12:30:45", "12:30:45"),
        ("2026-05-01", "2026-05-01"),
        ("0x1f", "0x1f"),
        ("1_000", "1_000"),
        ("007", 7),
        ("-3", -3),
        ("1.5", 1.5),
        ('"3"', "3"),
        ("~", None),
        ("", None),
        ("80%", "80%"),
    ],
)
def test_plain_words_follow_yaml_1_2(written: str, value: object) -> None:
    node = tree(f"key: {written}\n").entries["key"]

    assert (value, type(value)) == (node.value, type(node.value))


def test_keys_are_the_words_as_written() -> None:
    node = tree("no: 1\n1: 2\ntrue: 3\n")

    assert {"no": 1, "1": 2, "true": 3} == node.plain()


def test_places_count_from_one_and_in_characters() -> None:
    node = tree("# 注释\n客户: {城市: 北京, tier: vip}\n")

    assert Place("file.yaml", 2, 5) == node.entries["客户"].place
    assert Place("file.yaml", 2, 14) == node.entries["客户"].place_of("tier")


def test_composed_and_decomposed_letters_are_the_same_word() -> None:
    node = tree("cafe\u0301: u\u0308ber\n")

    assert {"caf\u00e9": "\u00fcber"} == node.plain()


def test_windows_line_ends_are_read() -> None:
    node = tree("a: 1\r\nb: 2\r\n")

    assert {"a": 1, "b": 2} == node.plain()


def test_file_over_a_megabyte_is_refused(tmp_path: Path) -> None:
    folder = pack(tmp_path, teams="supervisor: sue\n" + "# filler\n" * 120_000)

    assert ["RB103"] == codes(folder)


def test_file_of_very_many_values_is_refused(tmp_path: Path) -> None:
    folder = pack(tmp_path, teams="supervisor: [" + "a, " * 100_001 + "a]\n")

    assert ["RB118"] == codes(folder)


def test_missing_file_is_named(tmp_path: Path) -> None:
    folder = pack(tmp_path)
    (folder / "route.yaml").unlink()

    (finding,) = findings(folder)
    assert "route.yaml:1:1 RB115 error: The pack has no route.yaml." == str(finding)


def test_optional_files_may_be_missing(tmp_path: Path) -> None:
    folder = pack(tmp_path)
    (folder / "escalate.yaml").unlink()

    assert load_pack(folder).plan.escalations == ()


def test_folder_that_is_not_there_is_a_finding(tmp_path: Path) -> None:
    assert "RB117" in codes(tmp_path / "nowhere")


def test_file_that_is_a_folder_is_a_finding(tmp_path: Path) -> None:
    folder = pack(tmp_path)
    (folder / "signals.yaml").unlink()
    (folder / "signals.yaml").mkdir()

    assert ["RB117"] == codes(folder)


def test_findings_never_show_the_folder(tmp_path: Path) -> None:
    folder = pack(tmp_path, teams="supervisor: [")

    assert str(tmp_path) not in str(findings(folder)[0])


def test_all_files_are_read_before_the_pack_is_refused(tmp_path: Path) -> None:
    folder = pack(tmp_path, teams="supervisor: [", queues="a: 1\na: 2\n")

    assert ["RB107", "RB105"] == codes(folder)


@pytest.mark.parametrize("name", sorted(path.name for path in ITSM.glob("*.yaml")))
def test_file_cut_anywhere_never_breaks_the_loader(name: str, tmp_path: Path) -> None:
    content = (ITSM / name).read_bytes()
    folder = tmp_path / "pack"
    folder.mkdir()
    for path in ITSM.glob("*.yaml"):
        (folder / path.name).write_bytes(path.read_bytes())
    verdicts = set()
    for end in range(0, len(content), max(1, len(content) // 25)):
        (folder / name).write_bytes(content[:end])
        verdicts.add(loads(folder))

    assert False in verdicts
    assert verdicts <= {True, False}


def loads(folder: Path) -> bool:
    try:
        load_pack(folder)
    except RulebookInvalid:
        return False
    return True


@given(st.binary(max_size=200))
def test_any_bytes_give_a_tree_or_a_finding(content: bytes) -> None:
    found = Findings()
    node = read(content, "file.yaml", found)

    assert (node is None) == found.failed or node is not None


@given(st.text(alphabet="ab:-[]{},&*!|>'\"#%@` \n\t?0", max_size=60))
def test_any_yaml_like_text_gives_a_tree_or_a_finding(text: str) -> None:
    found = Findings()
    node = read(text.encode(), "file.yaml", found)

    assert node is not None or found.failed


def test_the_small_pack_and_the_desk_pack_load() -> None:
    assert ["small", "itsm"] == [load_pack(folder).plan.pack for folder in (SMALL, ITSM)]
