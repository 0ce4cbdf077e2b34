"""Rows that are not events: people, groups, posts, plan texts, attempts, lines of a transcript."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from bot.domain.terms import Micros
from bot.domain.transcript import Line

Json: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the local directory. id: Slack's user id; stranger: from another workspace (may do nothing)."""

    id: str
    name: str
    zone: str = "UTC"
    bot: bool = False
    deleted: bool = False
    stranger: bool = False
    seen_at: Micros = 0


@dataclass(frozen=True, slots=True)
class Group:
    """A Slack user group. handle without @; seen_at: when its members were read last."""

    id: str
    handle: str
    members: tuple[str, ...]
    seen_at: Micros


@dataclass(frozen=True, slots=True)
class MessageAt:
    """Where a post of ours stands. key: of the thing shown (`inc:42:card`, `inc:42:step:1:2.3:1`); surface: which view."""

    key: str
    stream: str
    surface: str
    channel: str
    ts: str


@dataclass(frozen=True, slots=True)
class PlanText:
    """A plan's text as it was, by the sha256 hex of it."""

    sha: str
    plan: str
    path: str
    text: str
    commit: str = ""


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """An attempt at an action and the runner directory that holds its claim. order: the Order as JSON."""

    id: str
    stream: str
    runner: str
    state: str
    order: Json


@dataclass(frozen=True, slots=True)
class Held:
    """A place that an attempt has until its end is known. target: on what it acts, "" if its row does not say."""

    key: str
    attempt: str
    stream: str
    target: str


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A personal token. hash: sha256 hex of its secret, which nobody keeps; scope: `act`; ended_at: when it was revoked."""

    id: str
    person: str
    scope: str
    hash: str
    made_at: Micros
    ended_at: Micros | None = None


Row: TypeAlias = Person | Group | MessageAt | PlanText | AttemptRow | TokenRow | Line
