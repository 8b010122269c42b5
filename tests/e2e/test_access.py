"""Who may call: TLS, tokens, certificates, desks; and where the service refuses to listen."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest
import yaml
from grpc import aio
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from routing_service.core.records.errors import RoutingError
from routing_service.pb.routing.v1 import routing_service_pb2
from routing_service.server.app import running_app
from routing_service.server.identity import RPCS
from routing_service.server.metric_names import PLAINTEXT_LISTENER
from routing_service.settings import DeskSettings
from tests.e2e.certificates import Authority, server_files
from tests.e2e.desk_client import DESK, PACK, Client, opened, serving, settings
from tests.e2e.errors import refused

TOKEN = "correct horse battery staple"  # noqa: S105 - known to this test only
OTHER = "night shift"
UNAUTHENTICATED = (grpc.StatusCode.UNAUTHENTICATED, "UNAUTHENTICATED")
DENIED = (grpc.StatusCode.PERMISSION_DENIED, "PERMISSION_DENIED")


@pytest.fixture
def tokens(tmp_path: Path) -> str:
    """A tokens file: one caller for all desks, one for another desk only."""
    callers = [
        {"actor": "adapter", "token_sha256": hashlib.sha256(TOKEN.encode()).hexdigest()},
        {
            "actor": "night",
            "token_sha256": hashlib.sha256(OTHER.encode()).hexdigest(),
            "desks": ["night"],
        },
    ]
    file = tmp_path / "tokens.yaml"
    file.write_text(yaml.safe_dump(callers))
    return str(file)


def submit(client: Client, token: str = "") -> Any:
    metadata = (("authorization", f"Bearer {token}"),) if token else ()
    request = routing_service_pb2.SubmitRequest(desk=DESK, event=opened())
    return client.routing.Submit(request, metadata=metadata)


@asynccontextmanager
async def secured(credentials: grpc.ChannelCredentials, **changes: Any) -> AsyncIterator[Client]:
    """A service with TLS and a client of it."""
    async with (
        running_app(settings(**changes)) as app,
        aio.secure_channel(app.address, credentials) as channel,
    ):
        yield Client(channel, app)


async def actor_of_first_record(client: Client) -> str:
    (caller, _), *_ = await client.app_query(lambda world: list(world.remembered))
    return str(caller)


async def test_loopback_caller_is_anonymous(desk: Client) -> None:
    await desk.submit()

    assert await actor_of_first_record(desk) == "anonymous"


async def test_known_token_names_the_actor(tokens: str) -> None:
    async with serving(tokens_file=tokens) as desk:
        await submit(desk, TOKEN)

        assert await actor_of_first_record(desk) == "adapter"


@pytest.mark.parametrize("token", ["", "wrong", TOKEN.upper()])
async def test_missing_or_unknown_token_is_refused(tokens: str, token: str) -> None:
    async with serving(tokens_file=tokens) as desk:
        before = await desk.trace()

        assert await refused(submit(desk, token)) == UNAUTHENTICATED
        assert await desk.trace() == before


async def test_caller_of_another_desk_is_denied(tokens: str) -> None:
    async with serving(tokens_file=tokens) as desk:
        assert await refused(submit(desk, OTHER)) == DENIED


async def test_tokens_over_tls(tokens: str, tmp_path: Path) -> None:
    authority = Authority()
    files = server_files(authority, tmp_path)
    credentials = grpc.ssl_channel_credentials(authority.ca)
    async with secured(credentials, tokens_file=tokens, **files) as client:
        await submit(client, TOKEN)

        assert await refused(submit(client)) == UNAUTHENTICATED


async def test_client_certificate_names_the_actor(tmp_path: Path) -> None:
    authority = Authority()
    files = server_files(authority, tmp_path)
    key, certificate = authority.sign("pbx-7")
    credentials = grpc.ssl_channel_credentials(authority.ca, key, certificate)
    ca = str(tmp_path / "ca.pem")
    async with secured(credentials, client_ca=ca, **files) as client:
        await submit(client)

        assert await actor_of_first_record(client) == "pbx-7"


async def test_client_without_certificate_gets_no_connection(tmp_path: Path) -> None:
    authority = Authority()
    files = server_files(authority, tmp_path)
    credentials = grpc.ssl_channel_credentials(authority.ca)
    async with secured(credentials, client_ca=str(tmp_path / "ca.pem"), **files) as client:
        call = submit(client)

        assert await call.code() == grpc.StatusCode.UNAVAILABLE


async def test_certificate_must_be_listed_when_names_are(tmp_path: Path) -> None:
    authority = Authority()
    files = server_files(authority, tmp_path)
    listed = tmp_path / "tokens.yaml"
    listed.write_text(yaml.safe_dump([{"actor": "pbx", "certificate": "pbx-1"}]))
    key, certificate = authority.sign("pbx-2")
    credentials = grpc.ssl_channel_credentials(authority.ca, key, certificate)
    extra = {"client_ca": str(tmp_path / "ca.pem"), "tokens_file": str(listed)}
    async with secured(credentials, **files, **extra) as client:
        assert await refused(submit(client)) == UNAUTHENTICATED


async def test_plaintext_beyond_loopback_is_refused() -> None:
    with pytest.raises(RoutingError) as refusal:
        async with running_app(settings(listen="0.0.0.0:0")):
            pass

    assert refusal.value.reason == "PLAINTEXT_REFUSED"
    assert "allow_plaintext" in refusal.value.message


async def test_tls_without_identity_beyond_loopback_is_refused(tmp_path: Path) -> None:
    files = server_files(Authority(), tmp_path)
    with pytest.raises(RoutingError) as refusal:
        async with running_app(settings(listen="0.0.0.0:0", **files)):
            pass

    assert refusal.value.reason == "PLAINTEXT_REFUSED"


@pytest.mark.parametrize(("listen", "shown"), [("0.0.0.0:0", 1), ("127.0.0.1:0", 0)])
async def test_allowed_plaintext_shows_in_a_metric(listen: str, shown: int) -> None:
    async with running_app(settings(listen=listen, allow_plaintext=True)) as app:
        assert app.metrics.registry.get_sample_value(PLAINTEXT_LISTENER.name) == shown


async def test_every_method_served_has_its_entry_in_the_table() -> None:
    async with serving(reflection=True) as desk:
        stub = reflection_pb2_grpc.ServerReflectionStub(desk.channel)
        stream = stub.ServerReflectionInfo()
        await stream.write(reflection_pb2.ServerReflectionRequest(list_services=""))
        offered = (await stream.read()).list_services_response.service
        await stream.done_writing()
        services = {name.split("/")[1] for name in RPCS}

        assert {service.name for service in offered} == services


async def test_health_needs_no_token(tokens: str) -> None:
    async with serving(tokens_file=tokens) as desk:
        stub = health_pb2_grpc.HealthStub(desk.channel)
        reply = await stub.Check(health_pb2.HealthCheckRequest())

        assert reply.status == health_pb2.HealthCheckResponse.SERVING


async def test_reflection_needs_a_token(tokens: str) -> None:
    async with serving(tokens_file=tokens, reflection=True) as desk:
        stub = reflection_pb2_grpc.ServerReflectionStub(desk.channel)
        stream = stub.ServerReflectionInfo()

        assert await refused(stream.read()) == UNAUTHENTICATED


async def test_reflection_is_off_unless_asked_for(desk: Client) -> None:
    stream = reflection_pb2_grpc.ServerReflectionStub(desk.channel).ServerReflectionInfo()

    assert await stream.code() == grpc.StatusCode.UNIMPLEMENTED


async def test_dev_clock_is_served_under_dev_only() -> None:
    async with serving(dev=False) as desk:
        call = desk.channel.unary_unary("/routing.dev.v1.ClockService/Now")(b"")

        assert await call.code() == grpc.StatusCode.UNIMPLEMENTED


async def test_desks_do_not_see_each_other() -> None:
    desks = {name: DeskSettings(rules=str(PACK)) for name in (DESK, "night")}
    async with serving(desks=desks) as desk:
        result = await desk.submit()
        request = routing_service_pb2.GetRequest(desk="night", item_id=result.item_id)

        assert await refused(desk.routing.Get(request)) == (
            grpc.StatusCode.NOT_FOUND,
            "ITEM_NOT_FOUND",
        )
