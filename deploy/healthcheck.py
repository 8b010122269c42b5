"""Ask the standard gRPC health service once: exit code 0 when SERVING, 1 otherwise.

For container health checks, where no gRPC tool is at hand. Knows nothing of routing.
"""

import sys

import grpc
from grpc_health.v1 import health_pb2

DEFAULT_ADDRESS = "127.0.0.1:7400"
DEADLINE_SECONDS = 2.0


def is_serving(address: str) -> bool:
    """Tell whether the server at `address` (host:port, plaintext) says SERVING in time."""
    with grpc.insecure_channel(address) as channel:
        check = channel.unary_unary(
            "/grpc.health.v1.Health/Check",
            request_serializer=health_pb2.HealthCheckRequest.SerializeToString,
            response_deserializer=health_pb2.HealthCheckResponse.FromString,
        )
        try:
            reply = check(health_pb2.HealthCheckRequest(), timeout=DEADLINE_SECONDS)
        except grpc.RpcError as error:
            sys.stderr.write(f"not healthy: {address}: {error}\n")
            return False
    return bool(reply.status == health_pb2.HealthCheckResponse.SERVING)


if __name__ == "__main__":
    sys.exit(0 if is_serving(sys.argv[1] if len(sys.argv) > 1 else DEFAULT_ADDRESS) else 1)
