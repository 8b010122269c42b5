"""One running service per test."""

from collections.abc import AsyncIterator

import pytest

from tests.e2e.desk_client import Client, serving


@pytest.fixture
async def desk() -> AsyncIterator[Client]:
    """A desk under dev with the small pack, its clock standing still."""
    async with serving() as client:
        yield client
