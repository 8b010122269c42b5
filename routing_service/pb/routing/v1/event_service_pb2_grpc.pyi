"""Types of the generated services, for grpc.aio only. Generated; never edited."""

from collections.abc import AsyncIterator, Awaitable

from grpc import aio

from routing_service.pb.routing.v1 import event_service_pb2

class EventServiceStub:
    def __init__(self, channel: aio.Channel) -> None: ...
    Watch: aio.UnaryStreamMultiCallable[event_service_pb2.WatchRequest, event_service_pb2.WatchResponse]
    Ack: aio.UnaryUnaryMultiCallable[event_service_pb2.AckRequest, event_service_pb2.AckResponse]

class EventServiceServicer:
    def Watch(self, request: event_service_pb2.WatchRequest, context: aio.ServicerContext[event_service_pb2.WatchRequest, event_service_pb2.WatchResponse]) -> AsyncIterator[event_service_pb2.WatchResponse] | Awaitable[None]: ...
    def Ack(self, request: event_service_pb2.AckRequest, context: aio.ServicerContext[event_service_pb2.AckRequest, event_service_pb2.AckResponse]) -> Awaitable[event_service_pb2.AckResponse]: ...

def add_EventServiceServicer_to_server(servicer: EventServiceServicer, server: aio.Server) -> None: ...
