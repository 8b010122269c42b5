"""The command `routing-service`: finds the verb, runs it, turns errors into exit codes.

0 = done, 1 = wrong use or it could not be done, 2 = done and something was found. Each verb is a
module with `add` (its flags) and `run`; what a verb does is nobody's business here.
"""

import argparse
import sys
import zoneinfo
from collections.abc import Callable, Sequence
from typing import NoReturn

from routing_service import __version__
from routing_service.cli import check, demo, init, serve, submit, test, verify, watch
from routing_service.cli.output import FAILED, OK, complain
from routing_service.core.errors import RoutingError

VERBS = {
    "init": init,
    "serve": serve,
    "check": check,
    "test": test,
    "submit": submit,
    "watch": watch,
    "demo": demo,
    "verify": verify,
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
    flags = parser().parse_args(argv)
    run: Callable[[argparse.Namespace], int] = VERBS[flags.verb].run
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


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = _Parser(prog="routing-service", description="Routing and SLA service.")
    top.add_argument("--version", action="version", version=__version__)
    verbs = top.add_subparsers(dest="verb", required=True, metavar="VERB")
    for name, verb in VERBS.items():
        sub = verbs.add_parser(name, help=verb.HELP, description=verb.HELP)
        sub.add_argument("--json", action="store_true", help="print for programs")
        verb.add(sub)
    return top
