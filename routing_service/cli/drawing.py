"""Trees of lines, such as an explanation, on a terminal."""

import textwrap

from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from routing_service.rulebook.explain_words import Branch, Tone

WIDE = 10_000
_STYLE = {Tone.HEAD: "bold", Tone.TRUE: "green", Tone.FALSE: "dim", Tone.WARNING: "bold red"}


def draw(branch: Branch, indent: int = 0) -> None:
    """Folded to a terminal; whatever else reads it gets whole lines."""
    terminal = Console(markup=False, highlight=False)
    width = terminal.width - indent if terminal.is_terminal else WIDE
    root = Tree(_text(branch), guide_style="dim")
    _grow(root, branch)
    console = Console(markup=False, highlight=False, width=width)
    with console.capture() as lines:
        console.print(root, overflow="fold")
    print(textwrap.indent(lines.get(), " " * indent), end="", flush=True)


def _grow(root: Tree, branch: Branch) -> None:
    for below in branch.branches:
        _grow(root.add(_text(below)), below)


def _text(branch: Branch) -> Text:
    return Text(branch.text, style=_STYLE.get(branch.tone, ""))
