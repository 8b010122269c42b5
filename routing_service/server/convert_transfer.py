"""What callers say about transfers, as commands: checked here once, with precise reasons."""

from routing_service.core.journal.commands import Transfer
from routing_service.core.records.errors import Invalid
from routing_service.pb.routing.v1 import routing_service_pb2 as pb
from routing_service.server import wire
from routing_service.server.convert_requests import (
    identifier,
    optional_identifier,
    reason,
    version,
)

MAX_WAIT = 7 * 86_400 * wire.MICRO
"""A week: nobody is waited for longer."""


def transfer(request: pb.TransferRequest) -> Transfer:
    """A transfer in the words of core; Invalid with the reason."""
    wait = wire.micros_of(request.wait, "wait") if request.HasField("wait") else 0
    if not 0 <= wait <= MAX_WAIT:
        raise Invalid("FIELD_OUT_OF_RANGE", "wait is between 0 and 7 days.", field="wait")
    return Transfer(
        item=identifier(request.item_id, "item_id"),
        queue=optional_identifier(request.queue, "queue"),
        agent=optional_identifier(request.agent_id, "agent_id"),
        warm=request.warm,
        wait=wait,
        drop_requirements=request.drop_requirements,
        reason=reason(request.reason),
        version=version(request.expected_version),
        by=optional_identifier(request.by_agent_id, "by_agent_id"),
    )
