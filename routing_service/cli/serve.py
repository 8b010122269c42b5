"""`serve`: runs the service until it is told to stop. All of it is in server/app.py."""

import argparse

from routing_service.cli import settings_flags
from routing_service.cli.output import OK
from routing_service.server.app import run as serve


def add(parser: argparse.ArgumentParser) -> None:
    """Every setting is a flag."""
    settings_flags.add(parser)


def run(flags: argparse.Namespace) -> int:
    """Serve until SIGTERM or SIGINT; RoutingError when the service cannot start or go on."""
    serve(settings_flags.settings(flags))
    return OK
