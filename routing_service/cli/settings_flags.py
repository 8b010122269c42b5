"""The settings of a process as flags: one flag for each, under the setting's own name."""

import argparse
import os
from pathlib import Path

import msgspec

from routing_service.cli.init import SETTINGS
from routing_service.core.records.errors import Invalid
from routing_service.settings import Settings, load_settings

MEANING = {
    "listen": "host:port of gRPC; port 0 = any free one",
    "metrics_listen": "host:port of the metrics over HTTP; empty = none",
    "data_folder": 'folder of the embedded store; "memory:" keeps nothing',
    "key_file": "the master key, unless ROUTING_MASTER_KEY holds it",
    "desks": "a desk and its rule pack; may be given several times",
    "tls_cert": "certificate chain of the server, PEM; empty = plaintext",
    "tls_key": "its private key, PEM",
    "client_ca": "authorities whose client certificates are asked for, PEM",
    "allow_plaintext": "listen beyond loopback without TLS and identity",
    "tokens_file": "who may call, YAML",
    "reflection": "serve reflection, for grpcurl and friends",
    "max_streams_per_connection": "calls under way on one connection",
    "pace_us": "pause between commits while busy, microseconds",
    "inbox_limit": "requests that may wait at a desk",
    "snapshot_every_records": "records between snapshots",
    "watch_retention_records": "how far back a watch may resume, in records",
    "engine": "what answers the rules: durable or reference; empty = durable where it imports",
    "reload_seconds": "look so often for changed rule files; 0 = on SIGHUP or a call only",
    "lease_seconds": "a Work stream silent for longer is lost",
    "lease_grace_seconds": "from the end of a Work stream to the loss of its agent's offers",
    "drain_seconds": "from SIGTERM to the end of calls still running",
    "dev": "movable clock and ClockService; never in production",
    "dev_start": "where the movable clock stands at first, ISO 8601; empty = now",
    "log_level": "debug, info, warning or error",
}
"""What `--help` says of each setting."""


def add(parser: argparse.ArgumentParser, *names: str) -> None:
    """A flag for each of these settings (none = all), and one for the file."""
    parser.add_argument(
        "--settings",
        "--config",
        type=Path,
        metavar="FILE",
        help=f"settings file (./{SETTINGS} when it is there)",
    )
    for field in msgspec.structs.fields(Settings):
        if not names or field.name in names:
            _add_one(parser, field)


def _add_one(parser: argparse.ArgumentParser, field: msgspec.structs.FieldInfo) -> None:
    flag = "--" + field.name.replace("_", "-")
    meaning = MEANING[field.name]
    if field.name == "desks":
        parser.add_argument(
            "--rules", action="append", metavar="[DESK=]FOLDER", dest="desks", help=meaning
        )
    elif field.type is bool:
        action = argparse.BooleanOptionalAction
        parser.add_argument(flag, action=action, default=None, help=meaning)
    else:
        default = field.default if field.default != "" else "empty"
        parser.add_argument(flag, default=None, metavar="VALUE", help=f"{meaning} ({default})")


def settings(flags: argparse.Namespace) -> Settings:
    """Flags over ROUTING_* variables over the file; SettingsInvalid."""
    names = [field.name for field in msgspec.structs.fields(Settings)]
    told = {name: getattr(flags, name, None) for name in names}
    if told["desks"] is not None:
        told["desks"] = desks(told["desks"])
    found = flags.settings
    if found is None and Path(SETTINGS).exists():
        found = Path(SETTINGS)
    return load_settings(found, os.environ, told)


def desks(told: list[str]) -> dict[str, dict[str, str]]:
    """ "default=rules/itsm" or just "rules/itsm", as the settings have it."""
    pairs = [part.rpartition("=") for part in told]
    if any(not rules for _, _, rules in pairs):
        raise Invalid("SETTINGS_INVALID", "--rules wants a folder, or DESK=FOLDER.")
    return {name or "default": {"rules": rules} for name, _, rules in pairs}
