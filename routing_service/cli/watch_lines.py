"""What `watch` prints for people: one short line for each event, item and agent. Pure.

Names of states and steps come without the prefix they have on the wire.
"""

from collections.abc import Iterator, Mapping

from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from routing_service.pb.routing.v1.agent_pb2 import AgentStatus
from routing_service.pb.routing.v1.event_pb2 import Event
from routing_service.pb.routing.v1.work_item_pb2 import WorkItem

_HIDDEN = ("labels", "fired_rules", "rulebook_digest", "requirements")


def event_line(event: Event) -> str:
    """ "2016-02-29T09:00:00Z item_queued        item_id=it0000000001 queue=group-1"."""
    kind = event.WhichOneof("body") or "unknown"
    words = " ".join(_words(getattr(event, kind, event)))
    return f"{event.occurred_at.ToJsonString()} {kind:<18} {words}"


def item_line(item: WorkItem) -> str:
    """ "INC0000001  it0000000001  queued  priority high, queue group-1, response 2016-...Z"."""
    words = [f"priority {item.priority}", f"queue {item.queue}"]
    if item.owner:
        words.append(f"owner {item.owner}")
    running = [clock for clock in item.clocks if clock.HasField("due")]
    if running:
        soonest = min(running, key=lambda clock: clock.due.ToMicroseconds())
        words.append(f"{soonest.name} {soonest.due.ToJsonString()}")
    return f"{item.number}  {item.id}  {_told(item, 'state')}  {', '.join(words)}"


def agent_line(agent: AgentStatus) -> str:
    """ "agent ada  available, 1 of 3 in use"."""
    presence = _told(agent, "presence")
    return f"agent {agent.agent_id}  {presence}, {agent.held} of {agent.capacity} in use"


def _words(message: Message) -> Iterator[str]:
    for field, _ in message.ListFields():
        if field.name not in _HIDDEN:
            yield f"{field.name}={_told(message, field.name)}"


def _told(message: Message, name: str) -> str:
    field = message.DESCRIPTOR.fields_by_name[name]
    value = getattr(message, name)
    names = _bare_names(message, name)
    if field.is_repeated:
        return f"[{', '.join(_one(each, names) for each in value)}]"
    return _one(value, names)


def _one(value: object, names: Mapping[object, str]) -> str:
    if isinstance(value, Timestamp | Duration):
        return value.ToJsonString()
    if isinstance(value, Message):
        return f"({' '.join(_words(value))})"
    return names.get(value, str(value))


def _bare_names(message: Message, name: str) -> Mapping[object, str]:
    """ITEM_STATE_QUEUED as "queued"; a value newer than this program stays a number."""
    kind = message.DESCRIPTOR.fields_by_name[name].enum_type
    if kind is None:
        return {}
    prefix = kind.values[0].name.removesuffix("UNSPECIFIED")
    return {each.number: each.name.removeprefix(prefix).lower() for each in kind.values}
