"""The tables, the same on SQLite and PostgreSQL.

Moments are µs UTC in BIGINT. JSON is TEXT exactly as it was written (and hashed, for events). Flags are 0 or 1. The database has
no clock, no default that matters and no trigger: what is in a row was decided by the program.
"""

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, Table, Text, text

metadata = MetaData()


def _words(*names: str, key: bool = False) -> list[Column[str]]:
    return [Column(name, Text, primary_key=key, nullable=False) for name in names]


def _whole(*names: str, key: bool = False) -> list[Column[int]]:
    """Moments, counts, numbers."""
    return [Column(name, BigInteger, primary_key=key, autoincrement=False, nullable=False) for name in names]


def _zero(*names: str) -> list[Column[int]]:
    """Numbers that a first row begins without."""
    return [Column(name, BigInteger, nullable=False, server_default=text("0")) for name in names]


def _maybe(*names: str) -> list[Column[int]]:
    return [Column(name, BigInteger, nullable=True) for name in names]


def _flags(*names: str) -> list[Column[int]]:
    return [Column(name, Integer, nullable=False) for name in names]


# The truth

event = Table(
    "event",
    metadata,
    *_words("stream", key=True),
    *_whole("seq", key=True),
    *_whole("version"),
    *_words("kind"),
    *_whole("occurred_at", "recorded_at"),
    *_words("actor", "source", "input", "data", "body_hash", "prev", "hash"),
)

event_body = Table(
    "event_body", metadata, *_words("stream", key=True), *_whole("seq", key=True), *_words("salt", "body")
)

# The head of each stream: the row that who appends locks.
stream = Table("stream", metadata, *_words("stream", key=True), *_whole("seq"), *_words("hash"))

input_ = Table("input", metadata, *_words("id", key=True), *_whole("at"), *_words("stream", "answer"))

# What follows from it

incident_state = Table(
    "incident_state",
    metadata,
    *_whole("number", key=True),
    *_whole("seq", "opened_at"),
    *_maybe("resolved_at"),
    *_words("kind", "severity", "status", "service", "channel"),
    *_flags("is_open", "private"),
    *_words("state"),
)
Index(
    "incident_state_channel",
    incident_state.c.channel,
    sqlite_where=text("channel <> ''"),
    postgresql_where=text("channel <> ''"),
)
Index(
    "incident_state_open",
    incident_state.c.number,
    sqlite_where=text("is_open = 1"),
    postgresql_where=text("is_open = 1"),
)

incident_facts = Table(
    "incident_facts",
    metadata,
    *_whole("number", key=True),
    *_whole("opened_at"),
    *_flags("private"),
    *_words("kind", "service", "facts"),
)
Index("incident_facts_opened", incident_facts.c.opened_at)

# Who may see a private incident.
insider = Table("insider", metadata, *_whole("number", key=True), *_words("person", key=True))

# Alerts

alert = Table(
    "alert",
    metadata,
    *_words("source", "fingerprint", "kind", key=True),
    *_words("status"),
    *_whole("starts_at"),
    *_maybe("ends_at"),
    *_words("group_key", "severity", "service", "title", "summary", "detail"),
    *_whole("truncated"),
    *_words("raw_ref"),
    *_whole("first_seen", "last_seen", "count"),
)
Index("alert_by_group", alert.c.source, alert.c.group_key, alert.c.kind)

alert_group = Table(
    "alert_group",
    metadata,
    *_words("source", "group_key", "kind", key=True),
    *_maybe("incident"),
    *_whole("since", "last_seen", "flaps", "truncated"),
)
Index("alert_group_incident", alert_group.c.incident)

# One row per kind: when channels were opened, and the storm incident that is open.
storm = Table("storm", metadata, *_words("kind", key=True), *_words("opened", "urgent"), *_maybe("incident"))

# People, posts, plans

person = Table(
    "person",
    metadata,
    *_words("id", key=True),
    *_words("name", "zone"),
    *_flags("bot", "deleted", "stranger"),
    *_whole("seen_at"),
)
usergroup = Table("usergroup", metadata, *_words("id", key=True), *_words("handle", "members"), *_whole("seen_at"))
Index("usergroup_handle", usergroup.c.handle)

message = Table("message", metadata, *_words("key", key=True), *_words("stream", "surface", "channel", "ts"))
Index("message_at", message.c.channel, message.c.ts)

# What people write in the channels of incidents, where that is wanted: no event, so that each word can go.
transcript = Table(
    "transcript",
    metadata,
    *_words("channel", "ts", key=True),
    *_whole("number"),
    *_words("thread"),
    *_whole("at"),
    *_words("author", "body"),
    *_whole("changed"),
    *_flags("gone"),
)
Index("transcript_number", transcript.c.number, transcript.c.at)

# By what people act through the API; only the hash of a token is kept.
token = Table(
    "token",
    metadata,
    *_words("id", key=True),
    *_words("person", "scope", "hash"),
    *_whole("made_at"),
    *_maybe("ended_at"),
)

plan_revision = Table("plan_revision", metadata, *_words("sha", key=True), *_words("plan", "path", "body", "revision"))

# What the bot does on machines

attempt = Table("attempt", metadata, *_words("id", key=True), *_words("stream", "runner", "state", "spec"))
Index("attempt_state", attempt.c.state)

# holder '' is the row by which takers of one key queue up.
lock = Table("lock", metadata, *_words("key", "holder", key=True), *_whole("taken_at"))
Index("lock_holder", lock.c.holder)

counter = Table("counter", metadata, *_words("id", key=True), *_words("key"), *_whole("at"))
Index("counter_key", counter.c.key, counter.c.at)

breaker = Table(
    "breaker", metadata, *_words("plan", key=True), *_words("state"), *_maybe("opened_at"), *_words("closed_by")
)

# The outbox

lane = Table("lane", metadata, *_words("lane", key=True), *_zero("fence", "next_seq"))

# status: planned | started | done | failed | skipped | expired | unknown | folded
effect = Table(
    "effect",
    metadata,
    *_words("key", key=True),
    *_words("lane"),
    *_whole("seq", "priority"),
    *_words("kind", "policy", "stream", "args"),
    Column("coalesce_key", Text, nullable=True),
    *_whole("not_before"),
    *_maybe("expires_at"),
    *_words("status"),
    *_zero("attempts", "fence", "again"),
    Column("folded_into", Text, nullable=True),
    Column("waits_for", Text, nullable=True),
    *_whole("created_at"),
    *_maybe("started_at", "ended_at"),
    Column("result", Text, nullable=True),
    Column("error", Text, nullable=True),
)
_OPEN = text("status IN ('planned', 'started')")
_PLANNED = text("status = 'planned'")
_WAITING = text("waits_for IS NOT NULL")
_FOLDED = text("folded_into IS NOT NULL")
Index("effect_open", effect.c.lane, effect.c.seq, sqlite_where=_OPEN, postgresql_where=_OPEN)
Index("effect_coalesce", effect.c.coalesce_key, unique=True, sqlite_where=_PLANNED, postgresql_where=_PLANNED)
Index("effect_waits", effect.c.waits_for, sqlite_where=_WAITING, postgresql_where=_WAITING)
Index("effect_folded", effect.c.folded_into, sqlite_where=_FOLDED, postgresql_where=_FOLDED)
Index("effect_stream", effect.c.stream)

effect_after = Table("effect_after", metadata, *_words("effect", "after_key", key=True))
Index("effect_after_key", effect_after.c.after_key)

rate = Table("rate", metadata, *_words("key", key=True), *_zero("tat", "blocked_until"))

timer = Table("timer", metadata, *_words("lane", "key", key=True), *_whole("due"))
Index("timer_due", timer.c.due)

schedule = Table("schedule", metadata, *_words("name", key=True), *_words("cron", "zone"), *_whole("next_due"))

# The processes

replica = Table("replica", metadata, *_words("id", key=True), *_words("runner", "version"), *_whole("seen_at"))

# Odds and ends

serial = Table("serial", metadata, *_words("name", key=True), *_whole("value"))
setting = Table("setting", metadata, *_words("key", key=True), *_words("value"))
