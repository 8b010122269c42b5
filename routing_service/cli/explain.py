"""`explain`: why the rules decide as they do, for a pack on its own or an item of a service."""

import argparse
from pathlib import Path

import msgspec

from routing_service.cli import explain_item, explain_pack, explain_routing, explain_why_not
from routing_service.cli.connection import Refused, add_flags
from routing_service.cli.drawing import draw
from routing_service.cli.output import FOUND, OK, plain, say, tell
from routing_service.cli.packs import located, told
from routing_service.cli.routing_words import routing_tree
from routing_service.core.records.errors import Invalid
from routing_service.rulebook.explain_words import Branch, tree
from routing_service.rulebook.explanation import Explanation
from routing_service.rulebook.local_time import LocalTime
from routing_service.rulebook.why_not_words import why_not_tree


def add(parser: argparse.ArgumentParser) -> None:
    """Flags."""
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--rules", type=Path, metavar="PACK", help="folder of a rule pack")
    what.add_argument("--item", help="id or number of an item of the service")
    parser.add_argument("--lang", choices=("en", "zh"), default="", help="language (the pack's)")
    parser.add_argument(
        "--full", action="store_true", help="every condition of every rule, not of the winners only"
    )
    explain_pack.add_flags(parser.add_argument_group("of a pack"))
    online = parser.add_argument_group("of an item")
    online.add_argument(
        "--at",
        default="",
        metavar="INSTANT",
        help="decisions and acts of this instant, as watch shows it",
    )
    online.add_argument(
        "--why-not",
        action="store_true",
        help="why it waits, who is nearest and what bars each",
    )
    add_flags(parser)


def run(flags: argparse.Namespace) -> int:
    """2 when the pack cannot be loaded; its findings are told."""
    if flags.why_not:
        return _why_not(flags)
    if flags.item is not None:
        return _item(flags)
    pack = explain_pack.load(flags)
    if pack.rulebook is None or (flags.case and pack.failed):
        if flags.json:
            tell([told(pack.folder, finding) for finding in pack.findings])
        for finding in () if flags.json else pack.findings:
            say(located(pack.folder, finding), "red" if finding.severity == "error" else "yellow")
        return FOUND
    decisions = explain_pack.decisions(pack, pack.rulebook, flags)
    if flags.json:
        tell({"decisions": decisions})
        return OK
    for each in decisions:
        draw(_told(each, flags))
    return OK


def _told(decision: Explanation, flags: argparse.Namespace, zone: str = "UTC") -> Branch:
    return tree(decision, flags.lang or decision.language, full=flags.full, zone=zone)


def _item(flags: argparse.Namespace) -> int:
    """The rules' decisions, and what was done to bring it to an agent: all, or of an instant."""
    explain_item.check_flags(flags)
    routing = explain_routing.ask(flags)
    found = _decided(flags, routing)
    if flags.json:
        tell({**msgspec.structs.asdict(found), "routing": list(map(plain, routing.acts))})
        return OK
    say(f"{found.number}  {found.item_id}{'  (archived)' if found.archived else ''}", "bold")
    for each in found.decisions:
        draw(_told(each, flags, found.time_zone))
    if routing.acts or not flags.at:
        time = LocalTime(routing.time_zone)
        language = flags.lang or routing.language
        draw(routing_tree(routing.acts, language, time, left_out=routing.left_out))
    return OK


def _decided(flags: argparse.Namespace, routing: explain_routing.Told) -> explain_item.Told:
    """Nothing at an instant at which something was done, but the rules were not asked."""
    try:
        return explain_item.ask(flags)
    except Refused as error:
        if error.reason != "DECISION_NOT_FOUND" or not (flags.at and routing.acts):
            raise
        return explain_item.Told(
            item_id=routing.item_id, number=routing.number, archived=routing.archived
        )


def _why_not(flags: argparse.Namespace) -> int:
    if flags.item is None:
        raise Invalid("FLAGS_CONFLICT", "--why-not belongs to --item.")
    found = explain_why_not.ask(flags)
    if flags.json:
        tell(found)
    else:
        time = LocalTime(found.time_zone, found.as_of)
        language = flags.lang or found.language
        draw(why_not_tree(found.why_not, found.number, language, time))
    return OK
