"""Customer keys: sealing, erasing, keyed hashes, and what the key file does not hold."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from routing_service.store.errors import KeyWrong, StoreDamaged
from routing_service.store.keys import Keys

MASTER = bytes(range(32))
TEXT = b"my phone number is on the box"


@pytest.fixture(params=["memory", "file"])
async def keys(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Keys]:
    made = Keys(None if request.param == "memory" else tmp_path, "default", MASTER)
    yield made
    await made.close()


async def test_what_was_sealed_opens_for_the_same_customer(keys: Keys) -> None:
    sealed = await keys.seal("ada", TEXT)

    assert await keys.open("ada", sealed) == TEXT


async def test_sealed_bytes_show_neither_text_nor_customer(keys: Keys) -> None:
    sealed = await keys.seal("ada", TEXT)

    assert TEXT not in sealed
    assert b"ada" not in sealed


async def test_sealing_twice_never_gives_the_same_bytes(keys: Keys) -> None:
    first, second = await asyncio.gather(keys.seal("ada", TEXT), keys.seal("ada", TEXT))

    assert first != second
    assert await keys.open("ada", first) == await keys.open("ada", second) == TEXT


async def test_another_customer_opens_nothing(keys: Keys) -> None:
    sealed = await keys.seal("ada", TEXT)
    await keys.seal("bob", TEXT)

    assert await keys.open("bob", sealed) is None


async def test_an_erased_customer_is_unreadable(keys: Keys) -> None:
    sealed = await keys.seal("ada", TEXT)
    erased = (await keys.erase("ada"), await keys.erase("ada"), await keys.erase("nobody"))

    assert erased == (True, False, False)
    assert await keys.open("ada", sealed) is None


async def test_a_customer_who_returns_after_erasure_gets_a_new_key(keys: Keys) -> None:
    before = await keys.seal("ada", TEXT)
    await keys.erase("ada")
    after = await keys.seal("ada", TEXT)

    assert (await keys.open("ada", before), await keys.open("ada", after)) == (None, TEXT)


@pytest.mark.parametrize("place", [9, 21, -1], ids=["nonce", "ciphertext", "tag"])
async def test_a_flipped_bit_is_noticed(keys: Keys, place: int) -> None:
    sealed = bytearray(await keys.seal("ada", TEXT))
    sealed[place] ^= 1

    with pytest.raises(StoreDamaged):
        await keys.open("ada", bytes(sealed))


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x02" + bytes(60), b"plain text"])
async def test_bytes_of_another_form_are_damaged_not_a_crash(keys: Keys, sealed: bytes) -> None:
    await keys.seal("ada", TEXT)

    with pytest.raises(StoreDamaged):
        await keys.open("ada", sealed)


async def test_many_new_customers_at_once_each_get_one_key(keys: Keys) -> None:
    names = [f"customer {number % 100}" for number in range(300)]
    sealed = await asyncio.gather(*(keys.seal(name, name.encode()) for name in names))
    opened = await asyncio.gather(*map(keys.open, names, sealed))

    assert opened == [name.encode() for name in names]


async def test_keys_survive_a_restart(tmp_path: Path) -> None:
    first = Keys(tmp_path, "default", MASTER)
    sealed = await first.seal("ada", TEXT)
    await first.close()
    second = Keys(tmp_path, "default", MASTER)
    opened = await second.open("ada", sealed)
    await second.close()

    assert opened == TEXT


async def test_an_erasure_survives_a_restart(tmp_path: Path) -> None:
    first = Keys(tmp_path, "default", MASTER)
    sealed = await first.seal("ada", TEXT)
    await first.erase("ada")
    await first.close()
    second = Keys(tmp_path, "default", MASTER)
    opened = await second.open("ada", sealed)
    await second.close()

    assert opened is None


async def test_another_master_key_is_refused(tmp_path: Path) -> None:
    first = Keys(tmp_path, "default", MASTER)
    await first.seal("ada", TEXT)
    await first.close()

    with pytest.raises(KeyWrong):
        Keys(tmp_path, "default", bytes(32))


async def test_the_files_hold_no_customer_name(tmp_path: Path) -> None:
    keys = Keys(tmp_path, "default", MASTER)
    await keys.seal("ada lovelace", TEXT)
    stored = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    await keys.close()

    assert b"lovelace" not in stored


async def test_label_hashes_match_within_a_desk_only() -> None:
    here, again, there = (Keys(None, desk, MASTER) for desk in ("a", "a", "b"))
    hashes = [keys.label_hash("order 7") for keys in (here, again, there)]
    other = here.label_hash("order 8")
    for keys in (here, again, there):
        await keys.close()

    assert hashes[0] == hashes[1] != hashes[2]
    assert other not in hashes
    assert len(other) == 32


async def test_a_fingerprint_is_sixteen_bytes_and_no_label_hash(keys: Keys) -> None:
    mark = keys.fingerprint(b"body")

    assert len(mark) == 16
    assert mark == keys.fingerprint(b"body") != keys.fingerprint(b"other")
    assert mark.hex() != keys.label_hash("body")
