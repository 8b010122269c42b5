"""`serve`: runs the service until it is told to stop. All of it is in server/app.py."""

import argparse
import sys

from routing_service.cli import settings_flags
from routing_service.cli.output import OK
from routing_service.server.app import App
from routing_service.server.app import run as serve


def add(parser: argparse.ArgumentParser) -> None:
    """Every setting is a flag."""
    settings_flags.add(parser)


def run(flags: argparse.Namespace) -> int:
    """Serve until SIGTERM or SIGINT; RoutingError when the service cannot start or go on."""
    serve(settings_flags.settings(flags), _greet if sys.stderr.isatty() else _keep_silent)
    return OK


def greeting(address: str, metrics_address: str) -> str:
    """What a person at the terminal needs to know once calls are taken."""
    metrics = f"metrics on http://{metrics_address}/metrics" if metrics_address else "no metrics"
    return f"routing-service: ready on {address} ({metrics}), stop with Ctrl-C"


def _greet(app: App) -> None:
    print(greeting(app.address, app.metrics_address), file=sys.stderr, flush=True)


def _keep_silent(_app: App) -> None:
    """No person reads along: programs have the log line `ready`."""
