"""Every metric of the service: name, labels, buckets and the sentence that explains it.

Dashboards, alert rules and READMEs may name only what stands here. No value ever enters here.
"""

from msgspec import Struct

WAITING = (5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600, 1200, 1800, 3600)
"""Seconds a customer waits on the phone or in a chat (reliability research B6)."""
WORKING = (
    60, 300, 900, 1800, 3600, 7200, 14400, 28800,
    57600, 86400, 115200, 144000, 172800, 259200, 432000,
)  # fmt: skip
"""Seconds of response and resolution: 28800 is a working day of eight hours, 86400 a whole day."""
LATENESS = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60)
"""Seconds between the instant an alert was due and its release."""
CALL = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
"""Seconds of one call."""
DISK = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)
"""Seconds of one commit or snapshot."""
RULES = (0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25)
"""Seconds of one question to the rules."""

OPEN_LABELS = frozenset(
    {"queue", "channel", "clock", "priority", "severity", "reason", "pack", "variant"}
    | {"load", "level"}
)
"""Labels whose values come from rulebooks or adapters, so their number is capped."""


class Family(Struct, frozen=True):
    """What all metrics have. `help` is one sentence for whoever reads the exposition."""

    name: str
    help: str
    labels: tuple[str, ...] = ()


class Counter(Family, frozen=True):
    """Only grows; starts again at 0 with the process."""


class Gauge(Family, frozen=True):
    """Goes up and down."""


class Histogram(Family, frozen=True, kw_only=True):
    """Cumulative buckets of seconds; `buckets` are the upper bounds, +Inf is added."""

    buckets: tuple[float, ...]


BUILD = Gauge(
    "routing_build_info",
    "1, with the version of the service and of its decisions.",
    ("version", "engine_version"),
)
PLAINTEXT_LISTENER = Gauge(
    "routing_plaintext_listener", "1 when the service listens without TLS beyond loopback."
)
RULEBOOK = Gauge(
    "routing_rulebook_info",
    "1, with the pack and digest of the rulebook the desk runs under.",
    ("desk", "pack", "digest"),
)
RULEBOOK_LOADS = Counter(
    "routing_rulebook_loads_total",
    "Attempts to put a rulebook in force; a failed one leaves the last good one active.",
    ("desk", "result"),
)
RULEBOOK_STALE = Gauge(
    "routing_rulebook_stale",
    "1 while the rules of the desk's folder are refused and older ones stay in force.",
    ("desk",),
)
RULE_ENGINE = Gauge(
    "routing_rule_engine_info",
    "1 for the engine that answers the rules of the desk, 0 for the other.",
    ("desk", "engine"),
)
RULE_DECISIONS = Counter(
    "routing_rule_decisions_total",
    "Answers of rule stages, by what gave them: the memo, or behind it one of the two engines.",
    ("desk", "engine"),
)
RULE_QUARANTINES = Counter(
    "routing_rule_engine_quarantines_total",
    "Times the fast engine was odd and the plain matcher took over, with the same answers.",
    ("desk",),
)
RULE_DIVERGENCES = Counter(
    "routing_rule_divergences_total",
    "Answers of memo or fast engine that the plain matcher corrected; each is a fault of ours.",
    ("desk",),
)

_CALL_LABELS = ("grpc_type", "grpc_service", "grpc_method")
CALLS_STARTED = Counter("grpc_server_started_total", "Calls that began.", _CALL_LABELS)
CALLS_HANDLED = Counter(
    "grpc_server_handled_total", "Calls that ended, by status.", (*_CALL_LABELS, "grpc_code")
)
MESSAGES_RECEIVED = Counter(
    "grpc_server_msg_received_total", "Messages received in calls.", _CALL_LABELS
)
MESSAGES_SENT = Counter("grpc_server_msg_sent_total", "Messages sent in calls.", _CALL_LABELS)
CALL_SECONDS = Histogram(
    "grpc_server_handling_seconds", "Time from the start of a call to its end.", _CALL_LABELS,
    buckets=CALL,
)  # fmt: skip

ITEMS_OPEN = Gauge(
    "routing_items_open",
    "Items queued, offered, assigned or pending: neither resolved nor ended.",
    ("desk", "queue", "state"),
)
OLDEST_WAITING = Gauge(
    "routing_oldest_waiting_age_seconds",
    "Age of the item that has waited longest in the queue without an owner; 0 = nobody waits.",
    ("desk", "queue"),
)
ITEMS_SUBMITTED = Counter(
    "routing_items_submitted_total",
    "Items opened, by the queue and priority the rules gave them first.",
    ("desk", "queue", "channel", "priority"),
)
TRANSITIONS = Counter(
    "routing_item_transitions_total",
    "Steps items took in their life cycle.",
    ("desk", "queue", "step"),
)
REPEAT_CONTACTS = Counter(
    "routing_repeat_contacts_total",
    "Customers who brought a matter up again, by what became of it: an item in work that they"
    " joined, resumed, returned to or re-opened (reopened), or another item (opened).",
    ("desk", "queue", "outcome"),
)
OFFERS = Counter(
    "routing_offers_total", "Offers made, and how they ended.", ("desk", "queue", "outcome")
)
SERVICE_LEVEL_ITEMS = Counter(
    "routing_service_level_items_total",
    "Items of queues with a declared service level; its share is met / (met + missed).",
    ("desk", "queue", "channel", "outcome", "counts", "variant"),
)
SERVICE_LEVEL_GOAL = Gauge(
    "routing_service_level_goal_ratio",
    "The share that a queue promises, by the variant of its terms.",
    ("desk", "queue", "variant"),
)
WAIT_SECONDS = Histogram(
    "routing_wait_seconds",
    "Each wait, age that the item came with included, from its beginning to an acceptance.",
    ("desk", "queue", "channel"), buckets=WAITING,
)  # fmt: skip
ESTIMATES = Counter(
    "routing_estimated_waits_total",
    "Items answered after they were told to wait: within the P50, within the P90, or longer.",
    ("desk", "queue", "outcome"),
)
ESTIMATE_ERROR = Histogram(
    "routing_estimated_wait_error_seconds",
    "How much shorter or longer they waited than the P50 they were told.",
    ("desk", "queue", "direction"), buckets=WAITING,
)  # fmt: skip
RESPONSE_SECONDS = Histogram(
    "routing_response_seconds", "From opening to the first response, by the customer's clock.",
    ("desk", "queue", "priority"), buckets=WORKING,
)  # fmt: skip
RESOLUTION_SECONDS = Histogram(
    "routing_resolution_seconds",
    "From opening to resolution, by the customer's clock; a re-opened item counts again.",
    ("desk", "queue", "priority"), buckets=WORKING,
)  # fmt: skip

LOAD_RATIO = Gauge(
    "routing_queue_load_ratio",
    "What waits and is in hand over the capacity signed in; NaN = something, and nobody is there.",
    ("desk", "queue", "load"),
)
SURGE_LEVEL = Gauge(
    "routing_surge_level",
    "The level in force, counted from 1 in the order of the rulebook; 0 = none.",
    ("desk", "queue", "load"),
)
SURGE_SWITCHED = Gauge(
    "routing_surge_switched",
    "1 while somebody has put the load at a level, whatever it is.",
    ("desk", "queue", "load"),
)
SURGE_CHANGES = Counter(
    "routing_surge_level_changes_total",
    "Changes of the level in force, by the new one and what made it.",
    ("desk", "load", "level", "cause"),
)
SURGE_NOTICES = Counter(
    "routing_surge_notices_total",
    "New items at a level: deflected, moved to another queue, offered something, or only told.",
    ("desk", "queue", "answer"),
)

CLOCK_OUTCOMES = Counter(
    "routing_clock_outcomes_total",
    "Promises, counted once when kept in time or when broken; cancelled ones are in neither.",
    ("desk", "clock", "priority", "outcome"),
)
CLOCK_ELAPSED = Histogram(
    "routing_clock_elapsed_seconds", "Working time counted when a clock was stopped.",
    ("desk", "clock", "priority"), buckets=WORKING,
)  # fmt: skip
CLOCK_WARNINGS = Counter(
    "routing_clock_warnings_total",
    "Warn points that clocks passed.",
    ("desk", "clock", "priority"),
)
CLOCKS_RUNNING = Gauge(
    "routing_clocks_running", "Clocks counting now; paused ones are not.", ("desk", "clock")
)
CLOCKS_OVERDUE = Gauge(
    "routing_clocks_overdue", "Promises broken and still not fulfilled.", ("desk", "clock")
)

ALERTS = Counter("routing_alerts_total", "Alerts raised by escalation rules.", ("desk", "severity"))
ALERT_LATENESS = Histogram(
    "routing_alert_lateness_seconds",
    "From the instant a clock's warning or breach was due to the release of its alert.",
    ("desk",), buckets=LATENESS,
)  # fmt: skip
ESCALATION_LOOPS = Counter(
    "routing_escalation_loops_total",
    "Escalations that triggered each other past the bound and were stopped.",
    ("desk",),
)

AGENTS = Gauge("routing_agents", "Agents by declared presence.", ("desk", "presence"))
CAPACITY = Gauge(
    "routing_agent_capacity_units",
    "Capacity of the agents not offline (total) and what items hold of all agents (held).",
    ("desk", "kind"),
)

INBOX_DEPTH = Gauge("routing_inbox_depth", "Requests waiting for the desk's writer.", ("desk",))
INBOX_REJECTED = Counter(
    "routing_inbox_rejected_total", "Requests refused at the inbox.", ("desk", "reason")
)
APPEND_SECONDS = Histogram(
    "routing_journal_append_seconds", "Time of one durable commit of the journal.", ("desk",),
    buckets=DISK,
)  # fmt: skip
COMMITS = Counter("routing_journal_commits_total", "Durable commits of the journal.", ("desk",))
RECORDS = Counter("routing_journal_records_total", "Records made durable.", ("desk",))
JOURNAL_SEQ = Gauge("routing_journal_seq", "Number of the last released record.", ("desk",))
SNAPSHOT_SECONDS = Histogram(
    "routing_snapshot_seconds", "Time to write one snapshot.", ("desk",), buckets=DISK
)
RECOVERIES = Counter(
    "routing_recoveries_total",
    "Times the desk's state was rebuilt from snapshot and journal, by what made it necessary.",
    ("desk", "cause"),
)
RECOVERY_SECONDS = Gauge("routing_recovery_seconds", "Time the last recovery took.", ("desk",))
SUBSCRIBERS = Gauge("routing_subscribers", "Open event streams.", ("desk",))
EVENTS_SENT = Counter("routing_events_sent_total", "Events written to event streams.", ("desk",))
CLOCK_STEPS = Counter(
    "routing_clock_steps_total", "Jumps of the machine's clock that were followed.", ("desk",)
)
UNDECODABLE = Counter(
    "routing_undecodable_requests_total", "Requests whose bytes could not be decoded."
)
ERRORS = Counter("routing_errors_total", "Calls answered with an error, by reason.", ("reason",))
VERDICT_SECONDS = Histogram(
    "routing_verdict_seconds", "Time the rules took for one question.", ("desk", "stage"),
    buckets=RULES,
)  # fmt: skip

FAMILIES: tuple[Family, ...] = tuple(
    each for each in list(globals().values()) if isinstance(each, Family)
)


def declared_names() -> frozenset[str]:
    """Every name a query may use; a histogram is asked by its _bucket, _sum and _count."""
    return frozenset(
        f"{family.name}{suffix}"
        for family in FAMILIES
        for suffix in (("_bucket", "_sum", "_count") if isinstance(family, Histogram) else ("",))
    )
