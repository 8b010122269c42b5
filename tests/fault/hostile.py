"""Messages of every method filled at random, then damaged: what a broken or hostile client sends.

Personal fields are filled with CANARY, so that a test sees it wherever it comes back.
"""

import random
from collections.abc import Callable
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor, MethodDescriptor
from google.protobuf.message import DecodeError, Message
from google.protobuf.message_factory import GetMessageClass
from grpc_health.v1 import health_pb2

from routing_service.pb.routing.v1 import (
    agent_service_pb2,
    event_service_pb2,
    options_pb2,
    routing_service_pb2,
    rulebook_service_pb2,
)
from tests.fault.workload import DESK

CANARY = "Kanarienvogel"
FILES = (
    agent_service_pb2,
    event_service_pb2,
    health_pb2,
    routing_service_pb2,
    rulebook_service_pb2,
)
METHODS: tuple[MethodDescriptor, ...] = tuple(
    method
    for file in FILES
    for service in file.DESCRIPTOR.services_by_name.values()
    for method in service.methods
)
DEEP = 4
WORDS = ("", DESK, "service_desk", "node", "it0000000001", "of0000000001", "phone", "\0", "é" * 9)
NUMBERS = (0, 1, 2, 3, 7, -1, 2**31 - 1, -(2**31))


def path(method: MethodDescriptor) -> str:
    """As gRPC names it."""
    return f"/{method.containing_service.full_name}/{method.name}"


def is_message(method: MethodDescriptor, body: bytes) -> bool:
    """Whether any conforming server can read it."""
    try:
        GetMessageClass(method.input_type).FromString(body)
    except (DecodeError, UnicodeDecodeError):
        return False
    return True


def body(method: MethodDescriptor, rng: random.Random) -> bytes:
    """A request of the method; of three, two are damaged."""
    message = filled(method.input_type, rng)
    if "desk" in method.input_type.fields_by_name and rng.random() < 0.8:
        message.desk = DESK  # type: ignore[attr-defined] # there is such a field
    whole = message.SerializeToString()
    return rng.choice((whole, damaged(whole, rng), damaged(whole, rng)))


def filled(kind: Descriptor, rng: random.Random, depth: int = 0) -> Message:
    """A message with some of its fields set to something."""
    message = GetMessageClass(kind)()
    for field in kind.fields:
        if rng.random() < 0.6 and depth < DEEP:
            _fill(message, field, rng, depth)
    return message


def _fill(message: Message, field: FieldDescriptor, rng: random.Random, depth: int) -> None:
    target: Any = getattr(message, field.name)
    if field.message_type and field.message_type.GetOptions().map_entry:
        entry: Any = filled(field.message_type, rng, depth)
        if field.message_type.fields_by_name["value"].message_type:
            target[entry.key].CopyFrom(entry.value)
        else:
            target[_personal(field) or entry.key] = _personal(field) or entry.value
    elif field.message_type and field.is_repeated:
        target.extend(filled(field.message_type, rng, depth + 1) for _ in range(rng.randint(0, 3)))
    elif field.message_type:
        target.CopyFrom(filled(field.message_type, rng, depth + 1))
    elif field.is_repeated:
        target.extend(_value(field, rng) for _ in range(rng.randint(0, 3)))
    else:
        setattr(message, field.name, _value(field, rng))


def _personal(field: FieldDescriptor) -> str:
    return CANARY if field.GetOptions().Extensions[options_pb2.pii] else ""


def _value(field: FieldDescriptor, rng: random.Random) -> object:
    if field.enum_type:
        return rng.choice((*(value.number for value in field.enum_type.values), 99, -1))
    match field.cpp_type:
        case FieldDescriptor.CPPTYPE_STRING:
            return _personal(field) or rng.choice(WORDS)
        case FieldDescriptor.CPPTYPE_BOOL:
            return rng.random() < 0.5
        case _:
            return rng.choice(NUMBERS)


def damaged(whole: bytes, rng: random.Random) -> bytes:
    """The bytes after one to four accidents."""
    hurt = bytearray(whole)
    for _ in range(rng.randint(1, 4)):
        rng.choice(ACCIDENTS)(hurt, rng)
    return bytes(hurt)


def _flip(hurt: bytearray, rng: random.Random) -> None:
    if hurt:
        hurt[rng.randrange(len(hurt))] ^= 1 << rng.randrange(8)


def _cut(hurt: bytearray, rng: random.Random) -> None:
    del hurt[rng.randint(0, len(hurt)) :]


def _insert(hurt: bytearray, rng: random.Random) -> None:
    place = rng.randint(0, len(hurt))
    hurt[place:place] = rng.randbytes(rng.randint(1, 16))


def _double(hurt: bytearray, rng: random.Random) -> None:
    first, last = sorted(rng.randint(0, len(hurt)) for _ in range(2))
    hurt[first:first] = hurt[first:last]


def _nest(hurt: bytearray, rng: random.Random) -> None:
    hurt += b"\x0b" * rng.randint(1, 300)  # groups within groups that never end


ACCIDENTS: tuple[Callable[[bytearray, random.Random], None], ...] = (
    _flip,
    _cut,
    _insert,
    _double,
    _nest,
)
