"""Callers, the table of methods, and codes of refusals."""

import hashlib

import grpc
import pytest
from google.rpc.error_details_pb2 import ErrorInfo, RetryInfo
from grpc_health.v1 import health_pb2
from grpc_reflection.v1alpha import reflection_pb2

from routing_service.core.records.errors import (
    Denied,
    Invalid,
    Kind,
    Overloaded,
    RoutingError,
    Unauthenticated,
)
from routing_service.server import failures
from routing_service.server.identity import (
    ANONYMOUS,
    RPCS,
    Access,
    Credentials,
    Identities,
    bearer,
    is_loopback,
)
from routing_service.server.servicers import API, DEV
from routing_service.settings import CallerEntry

SUBMIT = "/routing.v1.RoutingService/Submit"
HEALTH_LIST = "/grpc.health.v1.Health/List"
"""The health library offers it and does not do it: denied."""
CHECK = "/grpc.health.v1.Health/Check"


def test_table_names_every_method_there_is_and_no_other() -> None:
    health = health_pb2.DESCRIPTOR.services_by_name["Health"]
    reflection = reflection_pb2.DESCRIPTOR.services_by_name["ServerReflection"]
    every = {
        f"/{service.full_name}/{method.name}"
        for service in (*API, DEV, health, reflection)
        for method in service.methods
    }

    assert set(RPCS) == every - {HEALTH_LIST}


def test_only_health_is_open_to_everybody() -> None:
    opened = {name for name, access in RPCS.items() if access is Access.OPEN}

    assert opened == {name for name in RPCS if name.startswith("/grpc.health.")}


def test_method_outside_of_the_table_is_denied_to_anybody() -> None:
    with pytest.raises(Denied):
        Identities().admit("/routing.v1.RoutingService/Explode", Credentials())


def test_without_callers_to_know_everybody_is_anonymous() -> None:
    assert Identities().admit(SUBMIT, Credentials(token="any")).actor == ANONYMOUS  # noqa: S106 - no secret


def test_token_is_known_by_its_hash_only() -> None:
    entry = CallerEntry(actor="a", token_sha256=hashlib.sha256(b"t").hexdigest(), desks=["x"])
    caller = Identities([entry]).admit(SUBMIT, Credentials(token="t"))  # noqa: S106 - no secret

    assert caller.actor == "a"
    assert (caller.may_use("x"), caller.may_use("y")) == (True, False)


def test_certificate_with_a_name_of_the_services_own_is_nobodys() -> None:
    with pytest.raises(Unauthenticated):
        Identities(certificates=True).admit(SUBMIT, Credentials(certificate="engine"))


def test_health_asks_for_nothing() -> None:
    identities = Identities(certificates=True)

    assert identities.admit(CHECK, Credentials()).actor == ANONYMOUS


@pytest.mark.parametrize(
    ("header", "token"),
    [("Bearer abc", "abc"), ("bearer  abc ", "abc"), ("Basic abc", ""), ("", ""), ("Bearer", "")],
)
def test_bearer_token_of_a_header(header: str, token: str) -> None:
    assert bearer(header) == token


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("127.1.2.3", True),
        ("[::1]", True),
        ("localhost", True),
        ("0.0.0.0", False),  # noqa: S104 - the point of the test
        ("[::]", False),
        ("10.0.0.1", False),
        ("example.org", False),
        ("", False),
    ],
)
def test_loopback_is_what_only_this_machine_reaches(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_error_has_its_code(kind: Kind) -> None:
    assert failures.CODES[kind] is not grpc.StatusCode.OK


def test_codes_are_not_shared() -> None:
    assert len(set(failures.CODES.values())) == len(Kind)


def details(error: RoutingError) -> list[str]:
    return [packed.TypeName() for packed in failures.status_of(error).details]


def test_status_carries_reason_and_details() -> None:
    status = failures.status_of(Invalid("LABEL_TYPE", "A number, please.", label="users"))
    info = ErrorInfo()
    status.details[0].Unpack(info)

    assert (status.code, status.message) == (3, "A number, please.")
    assert (info.reason, info.domain) == ("LABEL_TYPE", "routing")
    assert dict(info.metadata) == {"label": "users"}


def test_status_of_too_much_says_when_to_retry() -> None:
    assert RetryInfo.DESCRIPTOR.full_name in details(Overloaded("INBOX_FULL", "Wait."))
    assert RetryInfo.DESCRIPTOR.full_name not in details(Invalid("LABEL_TYPE", "No."))


def test_details_are_cut() -> None:
    failure = failures.failure(Invalid("LABEL_VALUE", "No.", label="x" * 10_000))

    assert len(failure.details["label"]) == failures.DETAIL_CHARACTERS


def test_fault_shows_its_id_only() -> None:
    status = failures.internal_status("abc123")

    assert status.code == grpc.StatusCode.INTERNAL.value[0]
    assert "abc123" in status.message
