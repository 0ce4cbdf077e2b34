"""The kinds of effects: what a crash, an outage and a limit mean for each, in one table.

policy   reconcile      look it up first (channel by name, message by metadata key)
         idempotent     do it again
         repeat_marked  do it again, marked as a repeat, unless it can be seen that it was done
         inner          decides only: no handler; one transaction calls its reaction and marks it done
         unknown        runbook steps only: the runner directory is asked, else nobody knows
outage   state          renders the present state when sent: one waiting row per coalesce key
         record         delivered late with its true time; more than three waiting of a kind become one digest
         moment         expires
"""

from collections.abc import Callable
from dataclasses import dataclass

from bot.ports import Effect

PAGE, APPROVAL, URGENT, CARD, TALK, PEOPLE, NOTICE, BOOKMARK = 10, 20, 30, 40, 50, 60, 70, 90
"""Priorities: the lower goes first when a limit frees."""

CALLS = 75.0
"""Seconds for what may need three calls of Slack, each of which has 20 of its own: so it is Slack's silence that ends a try, and
not ours."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What holds for a kind. rates: the limits that its call takes from; there: those of the call that is made instead where
    its message stands already (its row is there), None if that makes no difference; timeout: seconds for the handler."""

    policy: str
    outage: str
    rates: Callable[[Effect], tuple[str, ...]]
    there: Callable[[Effect], tuple[str, ...]] | None = None
    timeout: float = 30.0
    digests: bool = False
    attempts: int = 12


def _method(name: str) -> Callable[[Effect], tuple[str, ...]]:
    return lambda effect: (name,)


def into(effect: Effect) -> str:
    """The limit of a post. Slack limits them per channel; a surface's room stands for its channel, which may not exist yet."""
    return f"chat.postMessage:{effect.args.get('room', effect.stream)}"


def _into(effect: Effect) -> tuple[str, ...]:
    return (into(effect),)


def _free(effect: Effect) -> tuple[str, ...]:
    return ()


KINDS: dict[str, Policy] = {
    # Slack
    "channel": Policy("reconcile", "record", _method("conversations.create"), timeout=CALLS),
    "topic": Policy("idempotent", "state", _method("conversations.setTopic")),
    "invite": Policy("idempotent", "record", _method("conversations.invite"), timeout=CALLS),
    # post the surface if it is not there, else bring it up to date
    "show": Policy("reconcile", "state", _into, there=_method("chat.update"), timeout=CALLS),
    "pin": Policy("idempotent", "record", _method("pins.add")),
    # one line, in the channel or the card's thread
    "say": Policy("reconcile", "record", _into, digests=True, timeout=CALLS),
    "dm": Policy("repeat_marked", "record", _into, timeout=CALLS),
    "page": Policy("repeat_marked", "record", _into, timeout=CALLS),
    "file": Policy("reconcile", "record", _method("files.completeUploadExternal"), timeout=CALLS),
    # runbook actions
    "action.start": Policy("unknown", "record", _free),
    "action.poll": Policy("unknown", "record", _free),
    "action.verify": Policy("idempotent", "record", _free, timeout=180.0),
    "action.late": Policy("idempotent", "record", _free),  # a runner that was silent tells what it knows
    # decisions that are due later
    "clock.role": Policy("inner", "moment", _free),
    "clock.step": Policy("inner", "moment", _free),
    "clock.update": Policy("inner", "moment", _free),
    "clock.approval": Policy("inner", "moment", _free),
    "clock.clear": Policy("inner", "moment", _free),
    "clock.page": Policy("inner", "moment", _free),
    "clock.widen": Policy("inner", "moment", _free),
    "clock.opening": Policy("inner", "record", _free),
    "clock.act": Policy("inner", "record", _free),  # a step has begun that the bot may be able to do
    "clock.schedule": Policy("inner", "record", _free),  # a schedule's turn; args: name, due
}
