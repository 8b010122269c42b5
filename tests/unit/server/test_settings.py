"""Settings: where a value comes from, and what is said of a wrong one."""

import hashlib
from pathlib import Path

import pytest

from routing_service.settings import (
    DeskSettings,
    Settings,
    SettingsInvalid,
    load_callers,
    load_settings,
)


def written(folder: Path, text: str) -> Path:
    file = folder / "settings.yaml"
    file.write_text(text)
    return file


def test_without_anything_the_defaults_hold() -> None:
    assert load_settings(None, {}, {}) == Settings()


def test_flags_win_over_environment_and_environment_over_file(tmp_path: Path) -> None:
    file = written(tmp_path, "listen: '127.0.0.1:1'\npace_us: 1\ninbox_limit: 1\n")
    environment = {"ROUTING_PACE_US": "2", "ROUTING_INBOX_LIMIT": "2"}
    settings = load_settings(file, environment, {"inbox_limit": 3, "listen": None})

    assert (settings.listen, settings.pace_us, settings.inbox_limit) == ("127.0.0.1:1", 2, 3)


def test_paths_in_the_file_count_from_its_folder(tmp_path: Path) -> None:
    file = written(tmp_path, "data_folder: data\ndesks: {one: {rules: ../rules}}\n")
    settings = load_settings(file, {}, {})

    assert settings.data_folder == str(tmp_path / "data")
    assert settings.desks == {"one": DeskSettings(rules=str(tmp_path / ".." / "rules"))}


def test_memory_is_no_path(tmp_path: Path) -> None:
    settings = load_settings(written(tmp_path, "data_folder: 'memory:'\n"), {}, {})

    assert settings.data_folder == "memory:"


def test_desks_of_the_environment() -> None:
    settings = load_settings(None, {"ROUTING_DESKS": "day=rules/day,night=rules/night"}, {})

    assert settings.desks == {
        "day": DeskSettings(rules="rules/day"),
        "night": DeskSettings(rules="rules/night"),
    }


def test_switches_of_the_environment_are_words() -> None:
    settings = load_settings(None, {"ROUTING_DEV": "true", "ROUTING_REFLECTION": "0"}, {})

    assert (settings.dev, settings.reflection) == (True, False)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("lisen: '127.0.0.1:1'\n", "lisen"),
        ("inbox_limit: many\n", "inbox_limit"),
        ("inbox_limit: 0\n", "inbox_limit"),
        ("drain_seconds: -1\n", "drain_seconds"),
        ("desks: {}\n", "desk"),
        ("desks: [default]\n", "desks"),
        ("- listen\n", "settings.yaml"),
        ("listen: [\n", "settings.yaml"),
        ("log_level: loud\n", "debug, info, warning, error"),
        ("listen: abc\n", "listen: write host:port"),
        ("listen: ':7400'\n", "listen: write host:port"),
        ("listen: 'here:70000'\n", "listen: write host:port"),
        ("metrics_listen: '9464'\n", "metrics_listen: write host:port"),
        ("tls_cert: a.pem\n", "tls_cert needs tls_key"),
        ("tls_key: a.pem\n", "tls_key needs tls_cert"),
        ("client_ca: a.pem\n", "client_ca needs tls_cert"),
        ("dev_start: 2026-01-05T08:00:00Z\n", "dev_start"),
        ("dev_start: '2026-01-05T08:00:00Z'\n", "dev_start needs dev"),
        ("", "settings.yaml"),
    ],
)
def test_wrong_setting_is_named(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(SettingsInvalid) as refusal:
        load_settings(written(tmp_path, text), {}, {})

    assert refusal.value.reason == "SETTINGS_INVALID"
    assert named in refusal.value.message


@pytest.mark.parametrize("address", ["[::1]:0", "localhost:7400", "0.0.0.0:65535"])
def test_address_is_host_and_port(address: str) -> None:
    assert load_settings(None, {}, {"listen": address}).listen == address


def test_log_level_may_be_written_large() -> None:
    assert load_settings(None, {"ROUTING_LOG_LEVEL": "DEBUG"}, {}).log_level == "DEBUG"


@pytest.mark.parametrize(
    ("variable", "meant"), [("ROUTING_LISTENN", "ROUTING_LISTEN"), ("ROUTING_PORT", "no setting")]
)
def test_variable_that_is_no_setting_is_refused(variable: str, meant: str) -> None:
    with pytest.raises(SettingsInvalid, match=meant) as refusal:
        load_settings(None, {variable: "seven"}, {})

    assert variable in refusal.value.message


def test_variables_of_others_are_left_alone() -> None:
    environment = {
        "ROUTING_MASTER_KEY": "00",
        "ROUTING_TOKEN": "secret",
        "ROUTING_REQUIRE_NODE": "1",
        "ROUTING_SERVICE_HOST": "10.0.0.7",
        "ROUTING_SERVICE_SERVICE_PORT_GRPC": "7400",
        "ROUTING_PORT": "tcp://10.0.0.7:7400",
        "ROUTING_PORT_7400_TCP_PROTO": "tcp",
        "PATH": "/bin",
    }

    assert load_settings(None, environment, {}) == Settings()


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid, match=r"nowhere\.yaml"):
        load_settings(tmp_path / "nowhere.yaml", {}, {})


def test_callers_are_known_by_token_or_certificate(tmp_path: Path) -> None:
    digest = hashlib.sha256(b"token").hexdigest()
    file = written(
        tmp_path, f"- {{actor: a, token_sha256: {digest}}}\n- {{actor: b, certificate: pbx}}\n"
    )
    first, second = load_callers(file)

    assert (first.actor, first.token_sha256) == ("a", digest)
    assert (second.actor, second.certificate) == ("b", "pbx")


@pytest.mark.parametrize("name", ["engine", "system", "anonymous", ""])
def test_no_caller_goes_by_a_name_of_the_services_own(tmp_path: Path, name: str) -> None:
    with pytest.raises(SettingsInvalid, match="choose another name"):
        load_callers(written(tmp_path, f"- {{actor: '{name}', certificate: pbx}}\n"))


@pytest.mark.parametrize(
    "text", ["- {actor: a}\n", "- {actor: a, token_sha256: x, certificate: y}\n", "- {who: a}\n"]
)
def test_caller_needs_exactly_one_proof(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsInvalid, match="Tokens file"):
        load_callers(written(tmp_path, text))
