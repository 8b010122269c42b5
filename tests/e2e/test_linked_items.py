"""Items that have to do with each other, over the wire: contacts, merges, help, incidents."""

from google.protobuf.timestamp_pb2 import Timestamp
from grpc import StatusCode

from routing_service.pb.routing.v1 import request_event_pb2 as requests
from routing_service.pb.routing.v1 import routing_service_pb2 as calls
from routing_service.pb.routing.v1 import work_item_pb2 as items
from tests.e2e import asks
from tests.e2e.desk_client import DESK, PACK, Client
from tests.e2e.errors import refused

PACK_FILE = (PACK / "pack.yaml").read_text("utf-8")
LINKING = PACK_FILE.replace("pending: {", "pending: {colleague: release, ") + (
    "correlation: {by: [customer, label.topic], window: 3d}\n"
    "links:\n"
    "  collaboration: {parent_waits: colleague}\n"
    "  incident: {spread: [customer_updated, resolved]}\n"
)
SURVEY = """
stage: escalate
rules:
  - id: ask
    trigger: {closed: true}
    when: {item_kind: request}
    then: {open: {kind: survey, role: after}}
"""
FAULT = {"topic": "fault"}


async def linking(desk: Client, **files: str) -> None:
    await asks.activate(pack=LINKING, **files)(desk)


async def merged(desk: Client, item_id: str, into: str) -> items.WorkItem:
    request = calls.MergeRequest(
        desk=DESK, request_id=desk.key(), item_id=item_id, into_item_id=into, reason="duplicate"
    )
    return (await desk.routing.Merge(request)).item


async def linked(desk: Client, item_id: str, parent: str) -> items.WorkItem:
    request = calls.LinkRequest(
        desk=DESK, request_id=desk.key(), item_id=item_id, parent_item_id=parent, role="affected"
    )
    return (await desk.routing.Link(request)).item


async def belonging(desk: Client, item_id: str) -> list[str]:
    request = calls.GetRequest(desk=DESK, item_id=item_id)
    return list((await desk.routing.Get(request)).linked_item_ids)


def ahead(item: items.WorkItem, hours: int) -> Timestamp:
    return Timestamp(seconds=item.received_at.seconds + 3600 * hours)


async def test_a_repeated_request_joins_the_open_item(desk: Client) -> None:
    await linking(desk)
    first = await desk.submit(labels=FAULT)

    again = await desk.submit(labels=FAULT, text="I am still waiting")

    assert (again.item_id, again.number, again.contacts) == (first.item_id, first.number, 2)
    assert (await desk.get(first.item_id)).contacts == 2


async def test_a_repeated_request_re_opens_what_was_resolved_lately(desk: Client) -> None:
    await linking(desk)
    first = await desk.submit(labels=FAULT)
    await desk.report(first.item_id, requests.REPORT_KIND_RESOLVED)
    await desk.advance(days=2)

    again = await desk.submit(labels=FAULT)
    item = await desk.get(again.item_id)

    assert again.item_id == first.item_id
    assert (item.state, item.reopens) == (items.ITEM_STATE_QUEUED, 1)


async def test_rules_ask_how_often_a_matter_came_up(desk: Client) -> None:
    rules = (
        "stage: prioritise\nrules:\n  - id: again\n    when: {contacts: {gte: 3}}\n"
        "    then: {priority: urgent}\ndefault: {priority: normal}\n"
    )
    await linking(desk, prioritise=rules)

    priorities = [(await desk.submit(labels={"topic": "question"})).priority for _ in range(3)]

    assert priorities == ["normal", "normal", "urgent"]


async def test_a_repeat_of_the_same_event_is_no_contact(desk: Client) -> None:
    await linking(desk)
    await desk.submit(labels=FAULT)
    await desk.submit(labels=FAULT, event_id="mail-2")

    replayed = await desk.submit(labels=FAULT, event_id="mail-2")

    assert (replayed.replayed, replayed.contacts) == (True, 2)


async def test_a_merged_item_names_the_one_that_goes_on_and_messages_reach_it(
    desk: Client,
) -> None:
    gone, stays = (await desk.submit()).item_id, (await desk.submit()).item_id
    watching = await desk.watch()

    item = await merged(desk, gone, stays)
    await desk.submit(kind=requests.REQUEST_KIND_MESSAGE, item_id=gone, text="More of it")

    assert (item.state, item.merged_into) == (items.ITEM_STATE_MERGED, stays)
    await watching.until("item_absorbed", item_id=stays, merged_item_id=gone)
    await watching.until("item_messaged", item_id=stays)


async def test_a_collaboration_waits_with_its_parent_and_answers_the_owner(desk: Client) -> None:
    await linking(desk)
    await desk.put_agent("ann", queues=["front"])
    parent = (await desk.submit()).item_id
    await desk.accept(await desk.offer(parent))
    watching = await desk.watch()

    help_ = await desk.submit(
        parent_item_id=parent,
        item_kind=items.ITEM_KIND_COLLABORATION,
        role="warehouse",
        customer_id="",
        channel="",
    )
    waiting = await desk.get(parent)
    await desk.report(help_.item_id, requests.REPORT_KIND_RESOLVED, reason="in stock")
    answer = await watching.until("link_answered", item_id=parent)
    child = await desk.get(help_.item_id)

    assert (waiting.state, waiting.reason) == (items.ITEM_STATE_PENDING, "colleague")
    assert (answer.link_answered.owner, answer.link_answered.reason) == ("ann", "in stock")
    assert (child.kind, child.role) == (items.ITEM_KIND_COLLABORATION, "warehouse")
    assert child.customer_id == waiting.customer_id
    assert (await desk.get(parent)).state != items.ITEM_STATE_PENDING


async def test_an_incident_is_told_once_and_all_its_requests_hear_of_it(desk: Client) -> None:
    await linking(desk)
    incident = (await desk.submit(item_kind=items.ITEM_KIND_INCIDENT)).item_id
    affected = [(await desk.submit(customer_id=f"c-{n}")).item_id for n in range(3)]
    for request in affected:
        await linked(desk, request, incident)

    told = await belonging(desk, incident)
    await desk.report(incident, requests.REPORT_KIND_RESOLVED)

    assert told == affected
    states = [(await desk.get(request)).state for request in affected]
    assert states == [items.ITEM_STATE_RESOLVED] * 3


async def test_a_rule_opens_a_survey_when_a_request_is_closed(desk: Client) -> None:
    await linking(desk, escalate=SURVEY)
    request = (await desk.submit(labels=FAULT)).item_id

    await desk.report(request, requests.REPORT_KIND_CONFIRMED)
    (survey_id,) = await belonging(desk, request)
    survey = await desk.get(survey_id)

    assert (survey.kind, survey.role) == (items.ITEM_KIND_SURVEY, "after")
    assert survey.labels["topic"].text == "fault"


async def test_what_is_written_to_a_helper_needs_no_customer(desk: Client) -> None:
    parent = (await desk.submit()).item_id
    bare = {"item_kind": items.ITEM_KIND_CONSULT, "customer_id": "", "channel": ""}

    help_ = await desk.submit(parent_item_id=parent, text="Is it in stock?", **bare)
    missing = desk.submit(parent_item_id="nothing", text="Is it in stock?", **bare)

    assert (await desk.get(help_.item_id)).customer_id == (await desk.get(parent)).customer_id
    assert await refused(missing) == (StatusCode.NOT_FOUND, "ITEM_NOT_FOUND")


async def test_a_call_back_for_later_begins_at_its_instant(desk: Client) -> None:
    await desk.put_agent("ann", queues=["front"])
    request = await desk.get((await desk.submit()).item_id)

    call = await desk.submit(
        parent_item_id=request.id,
        item_kind=items.ITEM_KIND_CALLBACK,
        scheduled_for=ahead(request, hours=2),
    )
    before = await desk.get(call.item_id)
    await desk.advance(hours=2)
    after = await desk.get(call.item_id)

    assert (before.state, len(before.clocks)) == (items.ITEM_STATE_SCHEDULED, 0)
    assert before.wake_at == ahead(request, hours=2)
    assert after.state in {items.ITEM_STATE_QUEUED, items.ITEM_STATE_OFFERED}
    assert after.clocks


async def test_a_suspended_item_goes_on_by_itself(desk: Client) -> None:
    item = await desk.get((await desk.submit()).item_id)

    laid_aside = await desk.report(
        item.id, requests.REPORT_KIND_SUSPENDED, until=ahead(item, hours=1), reason="tomorrow"
    )
    await desk.advance(hours=1)

    assert (laid_aside.state, laid_aside.reason) == (items.ITEM_STATE_SUSPENDED, "tomorrow")
    assert (await desk.get(item.id)).state == items.ITEM_STATE_QUEUED


async def test_named_agents_work_on_an_item_beside_its_owner(desk: Client) -> None:
    await desk.put_agent("ann")
    item_id = (await desk.submit()).item_id
    request = calls.SetCollaboratorsRequest(
        desk=DESK, request_id="aid", item_id=item_id, collaborators={"ann": "expert"}
    )

    item = (await desk.routing.SetCollaborators(request)).item

    assert dict(item.collaborators) == {"ann": "expert"}


async def test_what_a_repeat_contact_changed_is_explained(desk: Client) -> None:
    await linking(desk)
    await desk.submit(labels=FAULT)
    item_id = (await desk.submit(labels=FAULT)).item_id

    told = await desk.routing.Explain(calls.ExplainRequest(desk=DESK, item=item_id))

    assert [decision.facts["contacts"].integer for decision in told.decisions] == [2]
