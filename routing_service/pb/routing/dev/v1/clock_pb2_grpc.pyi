"""Types of the generated services, for grpc.aio only. Generated; never edited."""

from collections.abc import AsyncIterator, Awaitable

from grpc import aio

from routing_service.pb.routing.dev.v1 import clock_pb2

class ClockServiceStub:
    def __init__(self, channel: aio.Channel) -> None: ...
    Now: aio.UnaryUnaryMultiCallable[clock_pb2.NowRequest, clock_pb2.NowResponse]
    Advance: aio.UnaryUnaryMultiCallable[clock_pb2.AdvanceRequest, clock_pb2.AdvanceResponse]

class ClockServiceServicer:
    def Now(self, request: clock_pb2.NowRequest, context: aio.ServicerContext[clock_pb2.NowRequest, clock_pb2.NowResponse]) -> Awaitable[clock_pb2.NowResponse]: ...
    def Advance(self, request: clock_pb2.AdvanceRequest, context: aio.ServicerContext[clock_pb2.AdvanceRequest, clock_pb2.AdvanceResponse]) -> Awaitable[clock_pb2.AdvanceResponse]: ...

def add_ClockServiceServicer_to_server(servicer: ClockServiceServicer, server: aio.Server) -> None: ...
