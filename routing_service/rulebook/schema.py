"""Checks trees against the shipped JSON Schema: the only importer of jsonschema.

What had its form is remembered, so a reload checks the files that changed and no others.
"""

import functools
import hashlib
import importlib.resources
import itertools
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

import jsonschema
import msgspec

from routing_service.rulebook import form
from routing_service.rulebook.findings import Findings
from routing_service.rulebook.tree import Node, Plain

MAX_VIOLATIONS = 50
KEPT = 1_000
"""Files that are remembered; of each a digest only."""

_fitting: "OrderedDict[bytes, None]" = OrderedDict()
"""Digests of what had its form in this process: it would have it again."""


def check_form(tree: Node, kind: str, findings: Findings) -> bool:
    """Check a file against the shipped schema; `kind` is a key of its `$defs`, as "queues".

    True when it has the form; else every violation is noted.
    """
    plain = tree.plain()
    seen = _digest(kind, plain)
    if seen in _fitting:
        return True
    fits = _note_violations(tree, plain, kind, findings) == 0
    if fits:
        _fitting[seen] = None
        if len(_fitting) > KEPT:
            _fitting.popitem(last=False)
    return fits


def _digest(kind: str, plain: Plain) -> bytes:
    """Equal for equal values of equal types: 1 is not true, and 1.0 is not 1."""
    return hashlib.sha256(repr((kind, plain)).encode()).digest()


def _note_violations(tree: Node, plain: Plain, kind: str, findings: Findings) -> int:
    errors = list(itertools.islice(_validator(kind).iter_errors(plain), MAX_VIOLATIONS))
    for error in errors:
        violation = form.Violation(
            rule=str(error.validator),
            limit=error.validator_value,
            value=error.instance,
            schema=error.schema if isinstance(error.schema, Mapping) else {},
            path=tuple(error.absolute_path),
            of_key="propertyNames" in error.absolute_schema_path,
        )
        form.note(violation, tree, findings)
    return len(errors)


@functools.cache
def _validator(kind: str) -> Any:
    """A validator for one kind of file; numbers like 1.0 are no integers here."""
    text = importlib.resources.files(__package__).joinpath("schema.json").read_bytes()
    schema = msgspec.json.decode(text) | {"$ref": f"#/$defs/{kind}"}
    base = jsonschema.Draft202012Validator
    strict = base.TYPE_CHECKER.redefine("integer", lambda _, value: type(value) is int)
    extended: Any = jsonschema.validators.extend(base, type_checker=strict)  # type: ignore[no-untyped-call]  # untyped in its stubs
    return extended(schema)
