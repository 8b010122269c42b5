"""The master key: where it may come from, and what is refused with which advice."""

from base64 import b64encode
from pathlib import Path

import pytest

from routing_service.store.errors import KeyExposed, KeyMissing, KeyWrong
from routing_service.store.master_key import (
    derive_key,
    generate_master_key,
    load_master_key,
    save_master_key,
)

KEY = bytes(range(32))


def test_a_generated_key_is_saved_for_its_owner_only_and_read_back(tmp_path: Path) -> None:
    path, key = tmp_path / "master.key", generate_master_key()
    save_master_key(path, key)

    assert path.stat().st_mode & 0o777 == 0o600
    assert load_master_key(path, {}) == key


def test_two_generated_keys_differ() -> None:
    assert generate_master_key() != generate_master_key()


def test_saving_never_overwrites(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    save_master_key(path, KEY)

    with pytest.raises(FileExistsError):
        save_master_key(path, bytes(32))

    assert load_master_key(path, {}) == KEY


@pytest.mark.parametrize("text", [KEY.hex(), KEY.hex().upper(), b64encode(KEY).decode()])
def test_the_environment_gives_hexadecimal_or_base64_and_wins(tmp_path: Path, text: str) -> None:
    save_master_key(tmp_path / "master.key", bytes(32))

    assert load_master_key(tmp_path / "master.key", {"ROUTING_MASTER_KEY": text}) == KEY


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o660, 0o644])
def test_a_key_file_open_to_others_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "master.key"
    save_master_key(path, KEY)
    path.chmod(mode)

    with pytest.raises(KeyExposed) as refused:
        load_master_key(path, {})

    assert refused.value.reason == "STORE_KEY_EXPOSED"
    assert "chmod 600" in refused.value.message


def test_no_key_at_all_says_how_to_make_one(tmp_path: Path) -> None:
    for path in (None, tmp_path / "absent.key"):
        with pytest.raises(KeyMissing) as refused:
            load_master_key(path, {})

        assert refused.value.reason == "STORE_KEY_MISSING"
        assert "routing-service init" in refused.value.message
        assert str(tmp_path) not in refused.value.message


@pytest.mark.parametrize("text", ["short", "z" * 64, KEY.hex()[:-2], b64encode(KEY + KEY).decode()])
def test_a_key_of_another_form_is_refused_without_showing_it(text: str) -> None:
    with pytest.raises(KeyWrong) as refused:
        load_master_key(None, {"ROUTING_MASTER_KEY": text})

    assert text not in refused.value.message


def test_derived_keys_differ_by_purpose_and_desk() -> None:
    keys = {
        derive_key(KEY, purpose, desk) for purpose in ("journal", "label") for desk in ("a", "b")
    }

    assert len(keys) == 4
