"""When changed rule files are noticed: once, and not before they stand still."""

import os
from pathlib import Path

import pytest

from routing_service.server.pack_folder import PackFolder

LATER = 10_000_000_000.0
"""An hour at which no file here is young."""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    (tmp_path / "route.yaml").write_text("stage: route\n")
    (tmp_path / "queues.yaml").write_text("queues: {}\n")
    return tmp_path


@pytest.fixture
def folder(pack: Path) -> PackFolder:
    """Files as of now are dealt with; time stands where they are old."""
    folder = PackFolder(pack, now=lambda: LATER)
    folder.settle()
    return folder


def looks(folder: PackFolder, count: int = 3) -> list[bool]:
    return [folder.changed() for _ in range(count)]


def test_untouched_files_have_not_changed(folder: PackFolder) -> None:
    assert looks(folder) == [False, False, False]


def test_change_is_told_once_after_it_stood_still_for_a_look(
    pack: Path, folder: PackFolder
) -> None:
    (pack / "route.yaml").write_text("stage: route\nrules: []\n")

    assert looks(folder) == [False, True, False]


def test_file_that_is_still_being_written_is_left_alone(pack: Path, folder: PackFolder) -> None:
    noticed = []
    for lines in range(1, 5):
        (pack / "route.yaml").write_text("stage: route\n" + "# more\n" * lines)
        noticed.append(folder.changed())

    assert noticed == [False, False, False, False]
    assert looks(folder) == [True, False, False]


def test_touching_a_file_without_changing_it_is_no_change(pack: Path, folder: PackFolder) -> None:
    os.utime(pack / "route.yaml", (1, 1))

    assert looks(folder) == [False, False, False]


def test_change_that_was_taken_back_in_time_is_no_change(pack: Path, folder: PackFolder) -> None:
    (pack / "route.yaml").write_text("half wri")
    first = folder.changed()
    (pack / "route.yaml").write_text("stage: route\n")

    assert [first, *looks(folder)] == [False, False, False, False]


def test_added_and_removed_files_are_changes(pack: Path, folder: PackFolder) -> None:
    (pack / "sla.yaml").write_text("clocks: {}\n")
    added = looks(folder)
    (pack / "sla.yaml").unlink()
    removed = looks(folder)

    assert added == [False, True, False]
    assert removed == [False, True, False]


def test_files_that_are_not_rules_do_not_matter(pack: Path, folder: PackFolder) -> None:
    (pack / "README.md").write_text("hello")
    (pack / "cases").mkdir()
    (pack / "cases" / "one.yaml").write_text("[]")

    assert looks(folder) == [False, False, False]


def test_same_stamp_on_a_young_file_does_not_hide_other_content(pack: Path) -> None:
    route = pack / "route.yaml"
    os.utime(route, (5, 5))
    folder = PackFolder(pack, now=lambda: 6.0)
    folder.settle()
    route.write_text("stage: ruote\n")  # of the same length
    os.utime(route, (5, 5))

    assert looks(folder) == [False, True, False]


def test_folder_that_is_gone_is_a_change_and_so_is_its_return(
    pack: Path, folder: PackFolder
) -> None:
    away = pack.with_name("away")
    pack.rename(away)
    gone = looks(folder)
    away.rename(pack)
    back = looks(folder)

    assert gone == [False, True, False]
    assert back == [False, True, False]


def test_what_could_not_be_dealt_with_is_told_again(pack: Path, folder: PackFolder) -> None:
    (pack / "route.yaml").write_text("stage: route\nrules: []\n")
    first = looks(folder, 2)
    folder.forget()

    assert [*first, *looks(folder)] == [False, True, True, False, False]


def test_link_that_is_turned_to_another_folder_is_a_change(tmp_path: Path) -> None:
    for version in ("one", "two"):
        (tmp_path / version).mkdir()
        (tmp_path / version / "route.yaml").write_text(f"version: {version}\n")
    data, pack = tmp_path / "..data", tmp_path / "pack"
    data.symlink_to("one")
    pack.mkdir()
    (pack / "route.yaml").symlink_to(data / "route.yaml")
    folder = PackFolder(pack, now=lambda: LATER)
    folder.settle()
    data.unlink()
    data.symlink_to("two")

    assert looks(folder) == [False, True, False]
