"""The command `routing-service`: finds the verb, runs it, turns errors into exit codes.

0 = done, 1 = wrong use or it could not be done, 2 = done and something was found. Each verb is a
module of its name with `add` (its flags) and `run`; only the one that is called is loaded, so that
a check of rules does not wait for a server's imports.
"""

import argparse
import importlib
import os
import sys
import zoneinfo
from collections.abc import Callable, Sequence
from typing import NoReturn

from routing_service import __version__
from routing_service.cli.output import FAILED, OK, complain
from routing_service.core.records.errors import RoutingError

VERBS = {
    "init": "write a settings file and a master key into a folder",
    "serve": "run the service; flags win over ROUTING_* variables, those over the settings file",
    "check": "check rule packs; findings with file:line:column and a code",
    "test": "run the cases of rule packs",
    "explain": "why rules decide as they do: a pack's on a request or case, a service's on an item",
    "activate": "put rules in force at a running service; --preview: tell what would change",
    "submit": "send one request event",
    "surge": "how loads stand; puts them at a level by hand, for a time, and gives them back",
    "watch": "follow what happens at a desk",
    "demo": "replay a real incident log against a real service and check the figures",
    "verify": "decide the journal again and compare; the service must not be running",
}


class _Parser(argparse.ArgumentParser):
    """Says 1 on wrong use: 2 means that something was found."""

    def error(self, message: str) -> NoReturn:
        """Tell what is wrong, and where help is."""
        self.print_usage(sys.stderr)
        self.exit(FAILED, f"{self.prog}: {message} (--help tells more)\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; its exit code."""
    # The pinned tzdata package is the only source of time zones: the same due on every machine.
    zoneinfo.reset_tzpath(to=())
    # Read when gRPC is imported. What we start are other programs: it has nothing to carry over,
    # and would tell of each in the log, in lines of its own form.
    os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")
    flags = parse(sys.argv[1:] if argv is None else argv)
    run: Callable[[argparse.Namespace], int] = flags.run
    try:
        return run(flags)
    except RoutingError as error:
        complain(error.reason, error.message, error.details, as_json=flags.json)
        return FAILED
    except BrokenPipeError:  # whoever read our output has enough
        sys.stderr.close()
        return OK
    except KeyboardInterrupt:
        return FAILED


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """The flags of a command line; SystemExit on wrong use and after --help."""
    top = _Parser(prog="routing-service", description="Routing and SLA service.")
    top.add_argument("--version", action="version", version=__version__)
    verbs = top.add_subparsers(dest="verb", required=True, metavar="VERB")
    for name, what in VERBS.items():
        verb = verbs.add_parser(name, help=what, description=what)
        verb.add_argument("--json", action="store_true", help="print for programs")
        if name in argv[:1]:
            module = importlib.import_module(f"{__name__}.{name}")
            module.add(verb)
            verb.set_defaults(run=module.run)
    return top.parse_args(argv)
