"""The shipped schema: valid itself, and one definition per kind of file."""

import json
import re
from pathlib import Path

import jsonschema
import pytest

from routing_service.rulebook import files, schema
from routing_service.rulebook.findings import Findings
from routing_service.rulebook.loader import load_pack
from routing_service.rulebook.reading import read
from routing_service.rulebook.schema import KEPT, check_form
from tests.unit.rulebook.packs import ROOT, changed, codes

SCHEMA = json.loads((ROOT / "routing_service" / "rulebook" / "schema.json").read_text("utf-8"))
KINDS = [name.removesuffix(".yaml") for name in files.REQUIRED + files.OPTIONAL] + ["cases"]


def test_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_file_has_its_definition(kind: str) -> None:
    assert SCHEMA["$defs"][kind]["title"].removesuffix(".yaml") in {kind, "cases/*"}


def tables(value: object) -> list[dict[str, object]]:
    if isinstance(value, list):
        return [found for item in value for found in tables(item)]
    if not isinstance(value, dict):
        return []
    inside = [found for item in value.values() for found in tables(item)]
    return [value, *inside] if value.get("type") == "object" and "properties" in value else inside


def test_no_table_lets_an_unknown_field_through() -> None:
    open_tables = [table for table in tables(SCHEMA) if "additionalProperties" not in table]

    assert open_tables == []


TOP = [
    (kind, key) for kind in KINDS if kind != "cases" for key in SCHEMA["$defs"][kind]["properties"]
]


@pytest.mark.parametrize(("kind", "key"), TOP)
def test_every_key_of_a_file_is_described_and_its_examples_are_valid(kind: str, key: str) -> None:
    of_key = SCHEMA["$defs"][kind]["properties"][key]
    check = jsonschema.Draft202012Validator(SCHEMA | {"$ref": f"#/$defs/{kind}/properties/{key}"})

    assert len(of_key["description"]) > 0
    assert [list(check.iter_errors(example)) for example in of_key["examples"]] == [[]]


def test_guide_names_every_key_and_whether_it_is_required() -> None:
    text = (ROOT / "rules" / "README.md").read_text("utf-8")
    told = re.findall(r"^\| `(\w+)\.yaml` \| `(\w+)` \| (yes)? ?\|", text, flags=re.MULTILINE)
    required = {
        (kind, key): "yes" if key in SCHEMA["$defs"][kind]["required"] else "" for kind, key in TOP
    }

    assert {(kind, key): word for kind, key, word in told} == required


@pytest.mark.parametrize("minimum", ["true", '"1"', "1.0"])
def test_form_that_was_right_says_nothing_of_equal_values_of_another_type(
    minimum: str, tmp_path: Path
) -> None:
    """What had its form is remembered, and 1 equals true in Python."""
    users = "users: {type: integer, minimum: "
    before = changed(tmp_path / "before", "pack", users + "0", users + "1")
    after = changed(tmp_path / "after", "pack", users + "0", users + minimum)

    assert load_pack(before).plan.labels["users"].minimum == 1
    assert codes(after) == ["RB201"]


def test_file_without_its_form_is_told_each_time(tmp_path: Path) -> None:
    folder = changed(tmp_path, "queues", "wrap_up", "wrapup")

    assert codes(folder) == codes(folder) == ["RB202"]


def test_only_so_many_forms_are_remembered() -> None:
    for number in range(KEPT + 10):
        tree = read(f"supervisor: sue-{number}\nteams: {{}}\n".encode(), "teams.yaml", Findings())
        assert tree is not None
        assert check_form(tree, "teams", Findings())

    assert len(schema._fitting) == KEPT
