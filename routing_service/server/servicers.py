"""Which services there are: put on the server, told to health, reflection and metrics."""

from typing import cast

from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor
from grpc import aio
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection, reflection_pb2_grpc

from routing_service.pb.routing.dev.v1 import clock_pb2
from routing_service.pb.routing.dev.v1.clock_pb2_grpc import add_ClockServiceServicer_to_server
from routing_service.pb.routing.v1 import (
    agent_service_pb2,
    event_service_pb2,
    routing_service_pb2,
    rulebook_service_pb2,
)
from routing_service.pb.routing.v1.agent_service_pb2_grpc import (
    add_AgentServiceServicer_to_server,
)
from routing_service.pb.routing.v1.event_service_pb2_grpc import (
    add_EventServiceServicer_to_server,
)
from routing_service.pb.routing.v1.routing_service_pb2_grpc import (
    add_RoutingServiceServicer_to_server,
)
from routing_service.pb.routing.v1.rulebook_service_pb2_grpc import (
    add_RulebookServiceServicer_to_server,
)
from routing_service.server.agent_service import AgentServicer
from routing_service.server.desks import Desks
from routing_service.server.dev_clock import ClockServicer
from routing_service.server.event_service import EventServicer
from routing_service.server.health import Health
from routing_service.server.interceptors import Front
from routing_service.server.metrics import Metrics
from routing_service.server.rpc_series import Method
from routing_service.server.rulebook_service import RulebookServicer
from routing_service.server.services import RoutingServicer
from routing_service.settings import Settings

API: tuple[ServiceDescriptor, ...] = (
    routing_service_pb2.DESCRIPTOR.services_by_name["RoutingService"],
    agent_service_pb2.DESCRIPTOR.services_by_name["AgentService"],
    event_service_pb2.DESCRIPTOR.services_by_name["EventService"],
    rulebook_service_pb2.DESCRIPTOR.services_by_name["RulebookService"],
)
DEV = clock_pb2.DESCRIPTOR.services_by_name["ClockService"]
HEALTH = cast("ServiceDescriptor", health_pb2.DESCRIPTOR.services_by_name["Health"])


def add_services(
    front: Front, settings: Settings, desks: Desks, metrics: Metrics, health: Health
) -> None:
    """All that the settings ask for; the dev clock only under dev, reflection by its flag."""
    server = cast("aio.Server", front)  # generated code asks for no more than Front has
    add_RoutingServiceServicer_to_server(RoutingServicer(desks), server)
    add_AgentServiceServicer_to_server(AgentServicer(desks, settings.lease_seconds), server)
    add_EventServiceServicer_to_server(EventServicer(desks, metrics), server)
    add_RulebookServiceServicer_to_server(RulebookServicer(desks), server)
    health_pb2_grpc.add_HealthServicer_to_server(health.servicer, server)
    if settings.dev:
        add_ClockServiceServicer_to_server(ClockServicer(desks), server)
    if settings.reflection:
        offered = [*API, HEALTH, *([DEV] if settings.dev else [])]
        named = [service.full_name for service in offered]
        servicer = reflection.aio.ReflectionServicer([*named, reflection.SERVICE_NAME])
        add = reflection_pb2_grpc.add_ServerReflectionServicer_to_server
        add(servicer, server)  # type: ignore[no-untyped-call]  # generated without types


def methods(*, dev: bool) -> list[Method]:
    """Every RPC as metrics label it."""
    offered = [*API, HEALTH, *([DEV] if dev else [])]
    return [
        Method(_kind(method), service.full_name, method.name)
        for service in offered
        for method in service.methods
    ]


def _kind(method: MethodDescriptor) -> str:
    if method.client_streaming:
        return "bidi_stream" if method.server_streaming else "client_stream"
    return "server_stream" if method.server_streaming else "unary"
