"""`check`: every finding of rule packs with its place and code. Silent when all is well."""

import argparse

from routing_service.cli.output import FOUND, OK, say, tell
from routing_service.cli.packs import add_flags, located, read, told


def add(parser: argparse.ArgumentParser) -> None:
    """Flags."""
    add_flags(parser)


def run(flags: argparse.Namespace) -> int:
    """2 when a pack has an error; warnings are told and pass."""
    packs = [read(folder, flags.lang) for folder in flags.packs]
    if flags.json:
        tell([told(pack.folder, finding) for pack in packs for finding in pack.findings])
    else:
        for pack in packs:
            for finding in pack.findings:
                style = "red" if finding.severity == "error" else "yellow"
                say(located(pack.folder, finding), style)
    return FOUND if any(pack.failed for pack in packs) else OK
