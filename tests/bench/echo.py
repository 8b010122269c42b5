"""The baseline: the same messages, the same transport settings, and a handler that does nothing.

Started as a process of its own; prints its port.
"""

import grpc.aio
import uvloop

from routing_service.pb.routing.v1 import request_event_pb2, routing_service_pb2
from routing_service.pb.routing.v1.routing_service_pb2_grpc import (
    RoutingServiceServicer,
    add_RoutingServiceServicer_to_server,
)

OPTIONS = (("grpc.so_reuseport", 0), ("grpc.max_concurrent_streams", 100))


Asked = routing_service_pb2.SubmitRequest
Answered = routing_service_pb2.SubmitResponse
Batch = routing_service_pb2.SubmitStreamRequest
Outcomes = routing_service_pb2.SubmitStreamResponse


class Echo(RoutingServiceServicer):
    """Reads the event and answers with a result of the usual size."""

    async def Submit(  # noqa: N802 - the proto's name
        self,
        request: routing_service_pb2.SubmitRequest,
        context: "grpc.aio.ServicerContext[Asked, Answered]",
    ) -> routing_service_pb2.SubmitResponse:
        """One event."""
        return routing_service_pb2.SubmitResponse(result=_result(request.event))

    async def SubmitStream(  # noqa: N802 - the proto's name
        self, request_iterator: object, context: "grpc.aio.ServicerContext[Batch, Outcomes]"
    ) -> None:  # explicit read and write: the request iterator is not used
        """Batches, answered in order."""
        while isinstance(request := await context.read(), Batch):  # else EOF
            outcomes = [
                routing_service_pb2.SubmitOutcome(result=_result(event)) for event in request.events
            ]
            await context.write(routing_service_pb2.SubmitStreamResponse(outcomes=outcomes))


def _result(event: request_event_pb2.RequestEvent) -> request_event_pb2.SubmitResult:
    return request_event_pb2.SubmitResult(
        item_id=event.event_id, number="B0000001", queue="desk", priority="low", position=1
    )


async def main() -> None:
    """Serve until killed."""
    server = grpc.aio.server(options=OPTIONS)
    add_RoutingServiceServicer_to_server(Echo(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    print(port, flush=True)
    await server.wait_for_termination()


if __name__ == "__main__":
    uvloop.run(main())
