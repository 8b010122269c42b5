"""The engine of the rules in force: put to work after a start, and again after a recovery."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from routing_service.core.records.errors import RoutingError
from routing_service.rulebook.engine import AVAILABLE
from routing_service.rulebook.model import Rulebook
from routing_service.server.desks import Desk
from routing_service.server.engine_figures import durable_of
from routing_service.settings import DeskSettings
from routing_service.store.errors import StoreFailed
from routing_service.store.master_key import generate_master_key, save_master_key
from tests.e2e.desk_client import DESK, PACK, serving

pytestmark = pytest.mark.skipif(not AVAILABLE, reason="durable_rules does not import here")
PATIENCE = 40


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A desk that started again, on a folder whose rules can be changed."""
    pack = Path(shutil.copytree(PACK, tmp_path / "pack"))
    key = tmp_path / "master.key"
    save_master_key(key, generate_master_key())
    desks = {DESK: DeskSettings(rules=str(pack))}
    settings = {"data_folder": str(tmp_path / "data"), "key_file": str(key), "desks": desks}
    async with serving(**settings):
        pass
    async with serving(**settings) as client:
        yield next(iter(client.app.desks))


async def armed(desk: Desk, digest: str = "") -> Rulebook:
    """The rulebook in force (of this digest), once its engine answers."""
    async with asyncio.timeout(PATIENCE):
        while not _is_armed(desk.partition.rulebook, digest):  # noqa: ASYNC110 - nobody is told
            await asyncio.sleep(0.05)
    return desk.partition.rulebook


def _is_armed(rulebook: Rulebook, digest: str) -> bool:
    return digest in ("", rulebook.digest) and durable_of(rulebook) is not None


async def test_rules_in_force_before_get_their_engine_back_when_a_change_is_lost(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await armed(desk)
    route = desk.activation.pack / "route.yaml"
    text = route.read_text()
    route.write_text(text.replace("default: {queue: front}", "default: {queue: experts}"))
    store = desk.partition._store
    append = store.append

    def lose(lease: object, expected_seq: int, records: object) -> "asyncio.Future[None]":
        monkeypatch.setattr(store, "append", append)
        lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        lost.set_exception(StoreFailed(desk=DESK))
        return lost

    monkeypatch.setattr(store, "append", lose)
    with pytest.raises(RoutingError):
        await desk.activation.activate({}, cause="test")
    again = await armed(desk, before.digest)

    assert again is not before
