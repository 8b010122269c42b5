"""One running service per test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.e2e.desk_client import Client, serving
from tests.e2e.gated import Disk


@pytest.fixture
async def desk() -> AsyncIterator[Client]:
    """A desk under dev with the small pack, its clock standing still."""
    async with serving() as client:
        yield client


@pytest.fixture(params=["memory", "sqlite"])
async def disk(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Disk]:
    """Each kind of store, so that it can be opened again."""
    made = Disk(request.param, tmp_path)
    yield made
    await made.close()
