"""Profiles over the wire: what a caller says of an agent is what the desk and its watchers see."""

import pytest

from routing_service.core.records.errors import Invalid
from routing_service.core.records.model import QueueTerms
from routing_service.pb.routing.v1 import agent_pb2
from routing_service.server import convert, convert_agents
from tests.builders import MINUTE


def test_terms_for_queues_come_in_and_go_out_as_they_were_said() -> None:
    terms = {"front": agent_pb2.QueueTerms(priority=2), "experts": agent_pb2.QueueTerms()}
    terms["experts"].delay.FromMicroseconds(MINUTE)

    (made,) = convert_agents.agents([agent_pb2.Agent(id="ann", capacity=1, terms=terms)])

    assert {"experts": QueueTerms(delay=MINUTE), "front": QueueTerms(priority=2)} == made.terms
    assert terms == dict(convert.profile(made).terms)


def test_terms_for_more_queues_than_a_profile_may_name_are_refused() -> None:
    terms = {f"q{number}": agent_pb2.QueueTerms(priority=1) for number in range(1_001)}

    with pytest.raises(Invalid) as refused:
        convert_agents.agents([agent_pb2.Agent(id="ann", capacity=1, terms=terms)])

    assert "MAP_TOO_LARGE" == refused.value.reason
