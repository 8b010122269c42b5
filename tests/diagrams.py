"""Draws the life-cycle tables as Mermaid into the package README: python -m tests.diagrams"""

from collections.abc import Mapping
from enum import Enum
from pathlib import Path

from routing_service.core.records.lifecycle import CLOCK, HOLD, ITEM, OFFER

README = Path(__file__).parents[1] / "routing_service" / "README.md"
TABLES: dict[str, Mapping[tuple[Enum, Enum], Enum]] = {
    "item": ITEM,
    "offer": OFFER,
    "clock": CLOCK,
    "hold": HOLD,
}


def diagram(name: str) -> str:
    """The block of one table, with the marks between which it stands in the README."""
    rows = [
        (before.value, step.value, after.value) for (before, step), after in TABLES[name].items()
    ]
    left = {before for before, _, _ in rows}
    entered = {after for before, _, after in rows if before != after}
    first, steps = (
        rows[0][0],
        {(b, a): [s for x, s, y in rows if (x, y) == (b, a)] for b, _, a in rows},
    )
    lines = [
        f"    [*] --> {first}",
        *(
            f"    {before} --> {after}: {', '.join(names)}"
            for (before, after), names in steps.items()
        ),
        *(f"    {state} --> [*]" for state in sorted(entered - left)),
    ]
    body = "\n".join(lines)
    return f"<!-- {name} -->\n```mermaid\nstateDiagram-v2\n{body}\n```\n<!-- /{name} -->"


def drawn(text: str) -> str:
    """The README with every diagram as the tables say now."""
    for name in TABLES:
        before, _, rest = text.partition(f"<!-- {name} -->")
        _, _, after = rest.partition(f"<!-- /{name} -->")
        text = before + diagram(name) + after
    return text


if __name__ == "__main__":
    README.write_text(drawn(README.read_text("utf-8")), "utf-8")
