"""The shipped schema: valid itself, and one definition per kind of file."""

import json

import jsonschema
import pytest

from routing_service.rulebook import files
from tests.unit.rulebook.packs import ROOT

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
