"""`init`: writes a settings file and a master key, once. Nothing else ever makes a key."""

import argparse
import os
import sys
from pathlib import Path

from routing_service.cli.output import OK, say, tell
from routing_service.core.records.errors import WrongState
from routing_service.store.master_key import generate_master_key, save_master_key

SETTINGS = "routing-service.yaml"
KEY = "master.key"
NAME = "routing-service"

_TEXT = """\
# Settings of routing-service; `routing-service serve --help` lists all of them with their defaults.
# Flags win over ROUTING_* variables, those over this file. Paths count from this file's folder.
listen: 127.0.0.1:7400
metrics_listen: 127.0.0.1:9464
data_folder: data
key_file: {key}
desks:
  default: {{rules: "{rules}"}}
# Look at the folder so often, and put saved changes in force; without this line they wait for
# `routing-service activate`, SIGHUP or a restart.
reload_seconds: 2
"""


def add(parser: argparse.ArgumentParser) -> None:
    """Flags."""
    parser.add_argument("--folder", type=Path, default=Path(), help="where to (this folder)")
    parser.add_argument(
        "--rules", type=Path, default=Path("rules/itsm"), help="rule pack of the desk (rules/itsm)"
    )


def run(flags: argparse.Namespace) -> int:
    """Write both, or neither when one is there already."""
    settings, key = write(flags.folder, flags.rules)
    if flags.json:
        tell({"settings": str(settings), "key": str(key)})
        return OK
    say(f"{settings}  settings: look through them")
    say(f"{key}  the key that all data is sealed with: keep a copy elsewhere")
    say(f"To serve with them: {_command()} serve --config {settings}")
    return OK


def _command() -> str:
    """This program as the shell finds it: it need not be on the PATH."""
    called = Path(sys.argv[0])
    return str(called) if called.name == NAME else f"{sys.executable} -m routing_service"


def write(folder: Path, rules: Path) -> tuple[Path, Path]:
    """Make the folder, the settings and the key (0600); WrongState(ALREADY_THERE), never over."""
    settings, key = folder / SETTINGS, folder / KEY
    for path in (settings, key):
        if path.exists():
            raise WrongState("ALREADY_THERE", f"{path} is there already and stays as it is.")
    folder.mkdir(parents=True, exist_ok=True)
    save_master_key(key, generate_master_key())
    place = os.path.relpath(rules, folder)
    settings.write_text(_TEXT.format(key=KEY, rules=place), encoding="utf-8")
    return settings, key
