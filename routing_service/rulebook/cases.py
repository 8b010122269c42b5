"""Cases: what a rule pack promises, as examples that can be run. Values only.

case_files.py reads them, the case runner drives them through core. Instants are microseconds UTC.
"""

import msgspec

from routing_service.core.records.model import FactValue
from routing_service.rulebook.tree import Place

NOBODY = "none"
"""Expected agent or due when there is to be none."""

ABSENT = "absent"
"""Expected state of a clock, or value of a label, that the item is not to have."""


class CaseAgent(msgspec.Struct, frozen=True, kw_only=True):
    """An agent who is there when the case begins. No queues = every queue."""

    id: str
    skills: dict[str, int] = {}
    queues: tuple[str, ...] = ()
    team: str = ""
    attributes: dict[str, FactValue] = {}
    capacity: int = 1
    presence: str = "available"


class CaseEvent(msgspec.Struct, frozen=True, kw_only=True):
    """What the customer's side sends. `text` is where signals are looked for."""

    channel: str
    customer: str = ""
    labels: dict[str, FactValue] = {}
    text: str = ""
    place: Place


class CaseOther(msgspec.Struct, frozen=True, kw_only=True):
    """A request of somebody else that came before the case's own, at `at` or earlier."""

    at: int
    event: CaseEvent
    place: Place


class ExpectedAlert(msgspec.Struct, frozen=True, kw_only=True):
    """An alert by its rule. `to` are the recipients as the rule names them; empty = not said."""

    rule: str
    to: tuple[str, ...] = ()
    severity: str = ""


class Expectation(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be true at an instant, after everything due until then has happened.

    Empty or None = not said. `due` holds None for a clock without due (paused, ended). `clocks`
    holds the state of clocks, ABSENT for one the item has not. `alerts` are all that were raised
    since the step before, in any order. `position` is the place in the queue, from 1; 0 = not
    waiting. `signals` tells which show and which do not; those not named may do either. `surge` is
    the level of loads, NOBODY for none; `notice` what the customer is told because of them.
    """

    number: str = ""
    position: int | None = None
    signals: dict[str, bool] = {}
    priority: str = ""
    queue: str = ""
    agent: str = ""
    state: str = ""
    labels: dict[str, FactValue] = {}
    fired: tuple[str, ...] | None = None
    due: dict[str, int | None] = {}
    clocks: dict[str, str] = {}
    surge: dict[str, str] = {}
    notice: dict[str, str] = {}
    alerts: tuple[ExpectedAlert, ...] | None = None
    place: Place


class CaseStep(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happens to the item at `at`, and what is to be true then.

    `do` is a report ("responded" … "closed"), a request event ("message", "updated", "labelled",
    "abandoned", "returned"), "cancel", "transfer" (to a queue, an agent, or back; `warm`), an
    agent's act ("accept", "decline", "complete") or presence ("available" … "offline"); "" = only
    look. `by` is the agent: by default the one who has the
    offer, or the owner. `reason` belongs to pending, cancel, decline, presence; `event` to message,
    updated and labelled. With `of`, a kind of linked item, the step is about the newest one that
    was opened for the case's own; "linked" opens it, with this `role`. "switch_surge" puts a `load`
    at a `level` `until` then, "release_surge" gives it back.
    """

    at: int
    do: str = ""
    reason: str = ""
    by: str = ""
    of: str = ""
    role: str = ""
    load: str = ""
    level: str = ""
    until: int = 0
    to_queue: str = ""
    to_agent: str = ""
    warm: bool = False
    event: CaseEvent | None = None
    expect: Expectation | None = None
    place: Place


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One item from its opening at `at`, after `others` in the order of their arrival.

    `accept`: agents take every offer at once. `sample` is the draw it has; None = any.
    """

    name: str
    rows: tuple[str, ...] = ()
    at: int
    accept: bool = True
    sample: int | None = None
    agents: tuple[CaseAgent, ...] = ()
    others: tuple[CaseOther, ...] = ()
    event: CaseEvent
    expect: Expectation | None = None
    steps: tuple[CaseStep, ...] = ()
    place: Place


class RequirementRow(msgspec.Struct, frozen=True, kw_only=True):
    """A requirement, the figure in a rule file that keeps it, and the cases that prove it.

    `key` is the way to the figure: "clocks/resolution/target/critical", rules by id. `value` is the
    figure as written, `place` where it is written. A row with a `status` has no figure but a
    note: what keeps it, or what is missing.
    """

    row: str
    file: str = ""
    key: str = ""
    cases: tuple[str, ...] = ()
    value: str = ""
    status: str = ""
    note: str = ""
    place: Place
