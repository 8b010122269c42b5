"""Types of the generated services, for grpc.aio only. Generated; never edited."""

from collections.abc import AsyncIterator, Awaitable

from grpc import aio

from routing_service.pb.routing.v1 import rulebook_service_pb2

class RulebookServiceStub:
    def __init__(self, channel: aio.Channel) -> None: ...
    Get: aio.UnaryUnaryMultiCallable[rulebook_service_pb2.RulebookServiceGetRequest, rulebook_service_pb2.RulebookServiceGetResponse]
    Activate: aio.UnaryUnaryMultiCallable[rulebook_service_pb2.ActivateRequest, rulebook_service_pb2.ActivateResponse]
    SwitchStrategy: aio.UnaryUnaryMultiCallable[rulebook_service_pb2.SwitchStrategyRequest, rulebook_service_pb2.SwitchStrategyResponse]
    Preview: aio.UnaryUnaryMultiCallable[rulebook_service_pb2.PreviewRequest, rulebook_service_pb2.PreviewResponse]
    Evaluate: aio.UnaryUnaryMultiCallable[rulebook_service_pb2.EvaluateRequest, rulebook_service_pb2.EvaluateResponse]

class RulebookServiceServicer:
    def Get(self, request: rulebook_service_pb2.RulebookServiceGetRequest, context: aio.ServicerContext[rulebook_service_pb2.RulebookServiceGetRequest, rulebook_service_pb2.RulebookServiceGetResponse]) -> Awaitable[rulebook_service_pb2.RulebookServiceGetResponse]: ...
    def Activate(self, request: rulebook_service_pb2.ActivateRequest, context: aio.ServicerContext[rulebook_service_pb2.ActivateRequest, rulebook_service_pb2.ActivateResponse]) -> Awaitable[rulebook_service_pb2.ActivateResponse]: ...
    def SwitchStrategy(self, request: rulebook_service_pb2.SwitchStrategyRequest, context: aio.ServicerContext[rulebook_service_pb2.SwitchStrategyRequest, rulebook_service_pb2.SwitchStrategyResponse]) -> Awaitable[rulebook_service_pb2.SwitchStrategyResponse]: ...
    def Preview(self, request: rulebook_service_pb2.PreviewRequest, context: aio.ServicerContext[rulebook_service_pb2.PreviewRequest, rulebook_service_pb2.PreviewResponse]) -> Awaitable[rulebook_service_pb2.PreviewResponse]: ...
    def Evaluate(self, request: rulebook_service_pb2.EvaluateRequest, context: aio.ServicerContext[rulebook_service_pb2.EvaluateRequest, rulebook_service_pb2.EvaluateResponse]) -> Awaitable[rulebook_service_pb2.EvaluateResponse]: ...

def add_RulebookServiceServicer_to_server(servicer: RulebookServiceServicer, server: aio.Server) -> None: ...
