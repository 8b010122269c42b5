"""Agents as callers send them: profiles and ids, checked here once."""

import unicodedata
from collections.abc import Sequence

from routing_service.core.records.errors import Invalid
from routing_service.core.records.model import Agent, FactValue, QueueTerms
from routing_service.pb.routing.v1 import agent_pb2, work_item_pb2
from routing_service.server import wire
from routing_service.server.convert_requests import (
    MAX_LABEL_CHARACTERS,
    MAX_LABELS,
    MAX_MAP_ENTRIES,
    identifier,
    optional_identifier,
)

MAX_AGENTS = 500


def agents(sent: Sequence[agent_pb2.Agent]) -> tuple[Agent, ...]:
    """Profiles; what they name is checked by core."""
    if not 0 < len(sent) <= MAX_AGENTS:
        raise Invalid(
            "FIELD_OUT_OF_RANGE", f"Put 1 to {MAX_AGENTS} agents at a time.", field="agents"
        )
    return tuple(_agent(each) for each in sent)


def agent_ids(sent: Sequence[str]) -> tuple[str, ...]:
    """Ids of agents; that they are here is checked by core."""
    if not 0 < len(sent) <= MAX_AGENTS:
        raise Invalid(
            "FIELD_OUT_OF_RANGE", f"Name 1 to {MAX_AGENTS} agents at a time.", field="agent_ids"
        )
    return tuple(identifier(each, "agent_ids") for each in sent)


def _agent(sent: agent_pb2.Agent) -> Agent:
    names = sorted(sent.attributes)
    if max(len(sent.skills), len(sent.queues), len(sent.terms), len(names)) > MAX_MAP_ENTRIES:
        raise Invalid(
            "MAP_TOO_LARGE",
            f"At most {MAX_MAP_ENTRIES} skills, queues and attributes.",
            field="agents.skills",
        )
    return Agent(
        id=identifier(sent.id, "agents.id"),
        name=optional_identifier(sent.display_name, "agents.display_name"),
        skills={
            identifier(skill, "agents.skills"): level
            for skill, level in sorted(sent.skills.items())
        },
        attributes={name: _attribute(name, sent.attributes[name]) for name in names},
        queues=tuple(dict.fromkeys(sent.queues)),
        team=optional_identifier(sent.team, "agents.team"),
        capacity=sent.capacity,
        calendar=optional_identifier(sent.calendar, "agents.calendar"),
        cap=sent.cap,
        cap_window=wire.micros_of(sent.cap_window, "agents.cap_window"),
        maximum=dict(sorted(sent.maximum.items())),
        terms={queue: _terms(sent.terms[queue]) for queue in sorted(sent.terms)},
    )


def _terms(sent: agent_pb2.QueueTerms) -> QueueTerms:
    return QueueTerms(
        priority=sent.priority, delay=wire.micros_of(sent.delay, "agents.terms.delay")
    )


def _attribute(name: str, sent: work_item_pb2.LabelValue) -> FactValue:
    """The value of an agent's attribute; what the pack declares is checked by core."""
    match sent.WhichOneof("kind"):
        case "text":
            return unicodedata.normalize("NFC", sent.text[: MAX_LABEL_CHARACTERS + 1])
        case "integer":
            return sent.integer
        case "boolean":
            return sent.boolean
        case "list" if len(sent.list.values) <= MAX_LABELS:
            return tuple(sorted({unicodedata.normalize("NFC", each) for each in sent.list.values}))
        case _:
            raise Invalid("ATTRIBUTE_VALUE", "The attribute has no value.", attribute=name[:64])
