"""Choosing a store by its location."""

from pathlib import Path

import pytest

from routing_service.store import open_store
from routing_service.store.errors import KeyMissing
from routing_service.store.memory import MemoryStore
from routing_service.store.sqlite.store import SqliteStore


async def test_memory_needs_no_key() -> None:
    store = open_store("memory:")
    await store.close()

    assert isinstance(store, MemoryStore)


async def test_a_folder_opens_the_embedded_store(tmp_path: Path) -> None:
    store = open_store(tmp_path / "data", bytes(32))
    await store.close()

    assert isinstance(store, SqliteStore)


def test_a_folder_without_a_key_is_refused_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(KeyMissing):
        open_store(tmp_path / "data")

    assert not (tmp_path / "data").exists()
