"""The settings of a process: one frozen value. Flags win over environment, that over the file.

Each field has one name everywhere: `listen` in the file, ROUTING_LISTEN, --listen. No secret is a
setting: key and tokens lie in files of their own, named here.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import msgspec
import yaml

from routing_service.core.errors import RoutingError

Count = Annotated[int, msgspec.Meta(ge=1)]
Seconds = Annotated[float, msgspec.Meta(ge=0)]

PREFIX = "ROUTING_"
IN_MEMORY = "memory:"
PATHS = ("data_folder", "key_file", "tls_cert", "tls_key", "client_ca", "tokens_file")
MAX_DESKS = 1_000


class SettingsInvalid(RoutingError):
    """A setting is unknown or has a value it cannot have."""


class DeskSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One desk: the folder with its rule pack."""

    rules: str


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that can be set, with units and defaults."""

    listen: str = "127.0.0.1:7400"
    """host:port of gRPC; port 0 = any free one."""
    metrics_listen: str = "127.0.0.1:9464"
    """host:port of the metrics over HTTP; empty = none."""
    data_folder: str = "./var/data"
    """Folder of the embedded store; "memory:" keeps nothing."""
    key_file: str = "./var/master.key"
    """The master key, unless ROUTING_MASTER_KEY holds it."""
    desks: dict[str, DeskSettings] = msgspec.field(
        default_factory=lambda: {"default": DeskSettings(rules="rules/itsm")}
    )
    tls_cert: str = ""
    """Certificate chain of the server, PEM; empty = plaintext."""
    tls_key: str = ""
    client_ca: str = ""
    """Authorities whose client certificates are asked for, PEM; empty = none asked."""
    allow_plaintext: bool = False
    """Listen beyond loopback without TLS and identity: for container networks and TLS proxies."""
    tokens_file: str = ""
    """Who may call, YAML: a list of CallerEntry; empty = nobody needs to prove who he is."""
    reflection: bool = False
    max_streams_per_connection: Count = 100
    pace_us: Annotated[int, msgspec.Meta(ge=0)] = 1_000
    """Pause between commits while busy, microseconds."""
    inbox_limit: Count = 10_000
    """Requests that may wait at a desk before it answers INBOX_FULL."""
    snapshot_every_records: Count = 50_000
    watch_retention_records: Count = 1_000_000
    """How far back a watch may resume, in records."""
    lease_seconds: Annotated[float, msgspec.Meta(gt=0)] = 30.0
    """A Work stream that is silent for longer is lost."""
    lease_grace_seconds: Seconds = 10.0
    """From the end of a Work stream to the loss of its agent's offers."""
    drain_seconds: Seconds = 10.0
    """From SIGTERM to the end of calls still running."""
    dev: bool = False
    """Manual clock and ClockService; the journal is marked and refused without it."""
    dev_start: str = ""
    """Where the manual clock stands at first, ISO 8601; empty = the present time."""
    log_level: str = "info"


class CallerEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One caller, known by the SHA-256 of his token or by the common name of his certificate."""

    actor: str
    token_sha256: str = ""
    certificate: str = ""
    desks: list[str] = []
    """Desks he may use; empty = all."""


def load_callers(file: Path) -> list[CallerEntry]:
    """The callers of a tokens file; SettingsInvalid."""
    try:
        callers = msgspec.convert(
            yaml.safe_load(file.read_text(encoding="utf-8")), list[CallerEntry]
        )
    except (OSError, UnicodeDecodeError, yaml.YAMLError, msgspec.ValidationError) as error:
        raise SettingsInvalid("SETTINGS_INVALID", f"Tokens file {file}: {error}.") from error
    for entry in callers:
        if bool(entry.token_sha256) == bool(entry.certificate):
            raise SettingsInvalid(
                "SETTINGS_INVALID",
                f"Tokens file {file}: {entry.actor} needs either token_sha256 or certificate.",
            )
    return callers


def load_settings(
    file: Path | None, environment: Mapping[str, str], flags: Mapping[str, object]
) -> Settings:
    """Settings from the file (None = defaults), ROUTING_* variables and flags. SettingsInvalid.

    Relative paths in the file count from the file's folder, all others from the working directory.
    ROUTING_DESKS is `name=folder,name=folder`. ROUTING_MASTER_KEY is the store's and skipped here.
    """
    told = _from_file(file) if file is not None else {}
    told |= _from_environment(environment)
    told |= {name: value for name, value in flags.items() if value is not None}
    try:
        settings = msgspec.convert(told, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise SettingsInvalid("SETTINGS_INVALID", f"Settings: {error}.") from error
    if not 0 < len(settings.desks) <= MAX_DESKS:
        raise SettingsInvalid("SETTINGS_INVALID", "Settings: name at least one desk.")
    return settings


def _from_file(file: Path) -> dict[str, object]:
    try:
        told = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SettingsInvalid("SETTINGS_INVALID", f"Settings file {file}: {error}.") from error
    if not isinstance(told, dict):
        raise SettingsInvalid("SETTINGS_INVALID", f"Settings file {file}: names and values wanted.")
    base = file.resolve().parent
    for name in PATHS:
        if isinstance(told.get(name), str):
            told[name] = _placed(base, told[name])
    desks = told.get("desks")
    for desk in desks.values() if isinstance(desks, dict) else ():
        if isinstance(desk, dict) and isinstance(desk.get("rules"), str):
            desk["rules"] = _placed(base, desk["rules"])
    return told


def _placed(base: Path, path: str) -> str:
    return path if path in ("", IN_MEMORY) else str(base / path)


def _from_environment(environment: Mapping[str, str]) -> dict[str, object]:
    told: dict[str, object] = {}
    for field in msgspec.structs.fields(Settings):
        value = environment.get(PREFIX + field.name.upper())
        if value is not None:
            told[field.name] = _desks(value) if field.name == "desks" else value
    return told


def _desks(value: str) -> dict[str, dict[str, str]]:
    pairs = [part.partition("=") for part in value.split(",") if part]
    return {name.strip(): {"rules": rules.strip()} for name, _, rules in pairs}
