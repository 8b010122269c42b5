"""The settings of a process: one frozen value. Flags win over environment, that over the file.

Each field has one name everywhere: `listen` in the file, ROUTING_LISTEN, --listen. No secret is a
setting: key and tokens lie in files of their own, named here.
"""

import difflib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

import msgspec
import yaml

from routing_service.core.journal.command import RESERVED_ACTORS
from routing_service.core.records.errors import RoutingError

Count = Annotated[int, msgspec.Meta(ge=1)]
Seconds = Annotated[float, msgspec.Meta(ge=0)]

PREFIX = "ROUTING_"
IN_MEMORY = "memory:"
PATHS = ("data_folder", "key_file", "tls_cert", "tls_key", "client_ca", "tokens_file")
MAX_DESKS = 1_000
MAX_PORT = 65_535
ENGINES = ("durable", "reference")
LOG_LEVELS = ("debug", "info", "warning", "error")
NO_SETTINGS = ("ROUTING_MASTER_KEY", "ROUTING_TOKEN", "ROUTING_HYPOTHESIS", "ROUTING_REQUIRE_")
"""Beginnings of variables read elsewhere: by the store, by clients, by our tests."""
_SERVICE_LINK = re.compile(r"ROUTING_(\w+_)?(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT(_\d+_\w+)?)")
_LINKED = re.compile(r"\w+://|[\d.:]+$|tcp$|udp$")
_ADDRESS = re.compile(r"(\[[^]]+\]|[^:\[\]]+):(\d{1,5})")


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
    engine: str = ""
    """What answers the rules: "durable" or "reference"; empty = durable where it imports."""
    reload_seconds: Seconds = 0.0
    """How often each desk's folder is looked at for changed rules; 0 = on SIGHUP or a call only."""
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
        if entry.actor in RESERVED_ACTORS or not entry.actor:
            raise SettingsInvalid(
                "SETTINGS_INVALID",
                f"Tokens file {file}: a caller cannot be {entry.actor!r}, choose another name.",
            )
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
    ROUTING_DESKS is `name=folder,name=folder`. An unknown ROUTING_* variable is refused.
    """
    told = _from_file(file) if file is not None else {}
    told |= _from_environment(environment)
    told |= {name: value for name, value in flags.items() if value is not None}
    try:
        settings = msgspec.convert(told, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise SettingsInvalid("SETTINGS_INVALID", f"Settings: {error}.") from error
    for wrong in _flaws(settings):
        raise SettingsInvalid("SETTINGS_INVALID", f"Settings: {wrong}.")
    return settings


def _flaws(settings: Settings) -> Iterator[str]:
    """What no single field's type can say."""
    if not 0 < len(settings.desks) <= MAX_DESKS:
        yield "name at least one desk"
    if settings.log_level.lower() not in LOG_LEVELS:
        yield f"log_level is one of {', '.join(LOG_LEVELS)}, not '{settings.log_level}'"
    if settings.engine and settings.engine not in ENGINES:
        yield f"engine is one of {', '.join(ENGINES)}, not '{settings.engine}'"
    yield from _wrong_addresses(settings)
    if bool(settings.tls_cert) != bool(settings.tls_key):
        given, missing = ("tls_cert", "tls_key") if settings.tls_cert else ("tls_key", "tls_cert")
        yield f"{given} needs {missing} as well"
    if settings.client_ca and not settings.tls_cert:
        yield "client_ca needs tls_cert and tls_key"
    if settings.dev_start and not settings.dev:
        yield "dev_start needs dev: only a developer's clock can be set"


def _wrong_addresses(settings: Settings) -> Iterator[str]:
    """Ports that are no number, and what has no port at all."""
    wanted = {"listen": settings.listen}
    if settings.metrics_listen:
        wanted["metrics_listen"] = settings.metrics_listen
    for name, address in wanted.items():
        read = _ADDRESS.fullmatch(address)
        if read is None or int(read[2]) > MAX_PORT:
            yield f"{name}: write host:port such as 127.0.0.1:7400, not '{address}'"


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
    _require_known(environment)
    told: dict[str, object] = {}
    for field in msgspec.structs.fields(Settings):
        value = environment.get(PREFIX + field.name.upper())
        if value is not None:
            told[field.name] = _desks(value) if field.name == "desks" else value
    return told


def _require_known(environment: Mapping[str, str]) -> None:
    """A variable with a slip of the pen would be a setting that silently does nothing."""
    known = {PREFIX + field.name.upper() for field in msgspec.structs.fields(Settings)}
    for name, value in environment.items():
        if not name.startswith(PREFIX) or name in known or name.startswith(NO_SETTINGS):
            continue
        if _SERVICE_LINK.fullmatch(name) and _LINKED.match(value):
            continue  # Kubernetes tells every container of a service called "routing" like this
        near = difflib.get_close_matches(name, known, n=1)
        meant = f" Did you mean {near[0]}?" if near else ""
        raise SettingsInvalid("SETTINGS_INVALID", f"{name} is no setting.{meant}")


def _desks(value: str) -> dict[str, dict[str, str]]:
    pairs = [part.partition("=") for part in value.split(",") if part]
    return {name.strip(): {"rules": rules.strip()} for name, _, rules in pairs}
