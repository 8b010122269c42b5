"""The composition root: makes every part from settings, runs them, ends them in the right order.

The only module that knows all others. It decides nothing about items.
"""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path

import prometheus_client
import uvloop

from routing_service import log as logs
from routing_service.core.records.errors import Unavailable
from routing_service.server import metric_names as names
from routing_service.server import reload, transport
from routing_service.server.arming import chosen_kind
from routing_service.server.desks import Desks
from routing_service.server.founding import Ground, data_folder, found_desk, start_desk
from routing_service.server.health import Health
from routing_service.server.interceptors import Front
from routing_service.server.metrics import Metrics
from routing_service.server.servicers import API, add_services, methods
from routing_service.settings import IN_MEMORY, Settings
from routing_service.store import open_store
from routing_service.store.errors import StoreFailed
from routing_service.store.history import History
from routing_service.store.master_key import generate_master_key, load_master_key
from routing_service.store.sqlite.desk import SqliteOptions

log = logging.getLogger(__name__)

DRAINING = Unavailable("DRAINING", "The service is shutting down: go on at another address.")


class App:
    """A running service: where it listens, what it is made of, and whether it should end."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.metrics = Metrics(self._now, methods(dev=settings.dev))
        self.health = Health(service.full_name for service in API)
        self.desks = Desks({})
        self.address = ""
        self.metrics_address = ""
        self.failure = ""
        self.stopping = asyncio.Event()
        self.hangup = asyncio.Event()
        """Set by SIGHUP: read the rules of all desks again."""

    def fail(self, why: str) -> None:
        """A store stays unusable: end, and not with success."""
        log.critical("fatal", extra={"why": why})
        self.failure = why
        self.stopping.set()

    def _now(self) -> int:
        return next(iter(self.desks)).partition.clock.now()


def run(settings: Settings, ready: Callable[[App], None]) -> None:
    """Serve until a signal, on the fast event loop. Raises what `serve` raises."""
    uvloop.run(serve(settings, ready))


async def serve(settings: Settings, ready: Callable[[App], None]) -> None:
    """Serve until SIGTERM or SIGINT, then drain. RoutingError when it cannot start or go on.

    `ready` is called once, when calls are taken. SIGHUP before that does nothing.
    """
    logs.configure(settings.log_level)
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGHUP, lambda: None)
    attended = sys.stdin is not None and sys.stdin.isatty()
    async with running_app(settings) as app:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, app.stopping.set)
        loop.add_signal_handler(signal.SIGHUP, partial(_hung_up, app, attended=attended))
        fields = {"address": app.address, "metrics": app.metrics_address, "dev": settings.dev}
        log.info("ready", extra={**fields, "desks": sorted(settings.desks)})
        ready(app)
        await app.stopping.wait()
        log.info("draining")
    if app.failure:
        raise StoreFailed(app.failure)
    log.info("stopped")


def _hung_up(app: App, *, attended: bool) -> None:
    """Reload; but end with the terminal that somebody had started it at and closed."""
    if attended and not sys.stdin.isatty():
        app.stopping.set()
    else:
        app.hangup.set()


@asynccontextmanager
async def running_app(
    settings: Settings, environment: Mapping[str, str] = os.environ
) -> AsyncIterator[App]:
    """The whole service, ready; drained at the end. RoutingError when it cannot start.

    Unwinds in reverse: calls, streams, desks, keys, store.
    """
    transport.require_fast_protobuf()
    where = transport.listening(settings)
    app = App(settings)
    async with AsyncExitStack() as stack:
        server = transport.make_server(settings)
        stack.push_async_callback(server.stop, None)
        app.address = transport.bind(server, where)
        _open_desks(app, environment, stack)
        front = Front(app.metrics, where.identities)
        add_services(front, settings, app.desks, app.metrics, app.health)
        server.add_generic_rpc_handlers((front,))
        await app.health.begin()
        await server.start()
        stack.push_async_callback(server.stop, settings.drain_seconds)
        _tell_exposure(app, exposed=where.exposed)
        _serve_metrics(app, stack)
        for desk in app.desks:
            await start_desk(desk)
        _look_after(app, stack)
        following = asyncio.create_task(app.health.follow(app.desks, app.metrics))
        stack.push_async_callback(_let_go, app, following)
        await app.health.look(app.desks)
        yield app


def _open_desks(app: App, environment: Mapping[str, str], stack: AsyncExitStack) -> None:
    settings = app.settings
    key = _master_key(settings, environment)
    options = SqliteOptions(pace_us=settings.pace_us)
    store = open_store(settings.data_folder, key, options, app.metrics.journal_committed)
    stack.push_async_callback(store.close)
    history = History(data_folder(settings), key)
    stack.push_async_callback(history.close)
    ground = Ground(
        settings=settings,
        store=store,
        history=history,
        master_key=key,
        engine=chosen_kind(settings.engine),
        metrics=app.metrics,
        fail=app.fail,
    )
    desks = {name: found_desk(name, ground) for name in settings.desks}
    for desk in desks.values():
        stack.push_async_callback(desk.keys.close)
        stack.push_async_callback(desk.feed.close)
    for desk in desks.values():
        stack.push_async_callback(desk.partition.drain)
        stack.push_async_callback(desk.activation.settled)
    app.desks = Desks(desks)


def _master_key(settings: Settings, environment: Mapping[str, str]) -> bytes:
    """What is kept in memory only needs no key that outlives it."""
    if settings.data_folder == IN_MEMORY:
        return generate_master_key()
    return load_master_key(Path(settings.key_file), environment)


def _tell_exposure(app: App, *, exposed: bool) -> None:
    app.metrics.put(names.PLAINTEXT_LISTENER, int(exposed))
    if exposed:
        log.warning("plaintext_listener", extra={"address": app.address})


def _serve_metrics(app: App, stack: AsyncExitStack) -> None:
    """Over HTTP in a thread of its own: a scrape never runs on the event loop."""
    if not app.settings.metrics_listen:
        return
    host, _, port = app.settings.metrics_listen.rpartition(":")
    try:
        server, thread = prometheus_client.start_http_server(
            int(port), host.strip("[]"), app.metrics.registry
        )
    except OSError as error:
        raise transport.port_in_use(app.settings.metrics_listen) from error
    app.metrics_address = f"{host}:{server.server_port}"
    stack.callback(thread.join)
    stack.callback(server.server_close)
    stack.callback(server.shutdown)


def _look_after(app: App, stack: AsyncExitStack) -> None:
    """Rules that change, and the engines they run on, until the end."""
    seconds = app.settings.reload_seconds
    tasks = [asyncio.create_task(reload.on_hangup(app.hangup, app.desks))]
    for desk in app.desks:
        tasks.append(asyncio.create_task(desk.keeper.keep()))
        if seconds:
            tasks.append(asyncio.create_task(reload.watch(desk, desk.folder, seconds)))
    stack.callback(lambda: [task.cancel() for task in tasks])


async def _let_go(app: App, following: "asyncio.Task[None]") -> None:
    """First of all at the end: say so, and let the open streams go on elsewhere."""
    await app.health.drain()
    following.cancel()
    for desk in app.desks:
        desk.hub.end(DRAINING)
        desk.leases.end(DRAINING)
