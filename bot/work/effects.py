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

from bot.ports import Done, Effect, Outcome, Retry, Unknown

PAGE, APPROVAL, URGENT, CARD, TALK, PEOPLE, NOTICE, BOOKMARK = 10, 20, 30, 40, 50, 60, 70, 90
"""Priorities: the lower goes first when a limit frees."""

CALLS = 75.0
"""Seconds for what may need three calls of Slack, each of which has 20 of its own: so it is Slack's silence that ends a try, and
not ours."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What holds for a kind. rates: the limits that its call takes from; there: those of the call that is made instead where
    its message stands already (its row is there), None if that makes no difference; timeout: seconds for the handler;
    late: the kind that looks after a call which went out when somebody else had taken over, "" if such a call harms nobody."""

    policy: str
    outage: str
    rates: Callable[[Effect], tuple[str, ...]]
    there: Callable[[Effect], tuple[str, ...]] | None = None
    timeout: float = 30.0
    digests: bool = False
    attempts: int = 12
    late: str = ""


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
    "topic": Policy("idempotent", "state", _method("conversations.setTopic"), late="mend"),
    # whether what people write is kept stands in the purpose
    "purpose": Policy("idempotent", "state", _method("conversations.setPurpose"), timeout=CALLS, late="mend"),
    "invite": Policy("idempotent", "record", _method("conversations.invite"), timeout=CALLS),
    # post the surface if it is not there, else bring it up to date
    "show": Policy("reconcile", "state", _into, there=_method("chat.update"), timeout=CALLS, late="mend"),
    "archive": Policy("idempotent", "record", _method("conversations.archive")),
    "unsay": Policy("idempotent", "record", _method("chat.delete")),  # a post of ours is taken away
    # the bridge in the bar of the channel
    "bookmark": Policy("idempotent", "state", _method("bookmarks.add"), there=_method("bookmarks.edit"), timeout=CALLS),
    "dnd": Policy("idempotent", "moment", _method("dnd.info")),  # does Slack show them anything now?
    "pin": Policy("idempotent", "record", _method("pins.add")),
    # one line, in the channel or the card's thread
    "say": Policy("reconcile", "record", _into, digests=True, timeout=CALLS, late="mend"),
    "dm": Policy("repeat_marked", "record", _into, timeout=CALLS, late="mend"),
    "page": Policy("repeat_marked", "record", _into, timeout=CALLS, late="mend"),
    "file": Policy("reconcile", "record", _method("files.completeUploadExternal"), timeout=CALLS, late="mend"),
    # a call went out late: what came twice is marked, what shows an older state is brought up to date
    "mend": Policy("idempotent", "record", _method("chat.update"), timeout=CALLS),
    # the Home tab of a person, as it is when it is sent
    "home": Policy("idempotent", "state", _method("views.publish")),
    # a file that somebody shared: found, copied, known by its sha256, so that twice is once; and its copy taken away again
    "evidence": Policy("idempotent", "record", _method("files.info"), timeout=300.0),
    "evidence.drop": Policy("idempotent", "record", _free),
    # by the notifier of a person, who does not answer in Slack
    "notify": Policy("repeat_marked", "record", _free, timeout=60.0),
    # drills: their alerts come and go as all alerts do; the same one twice is a repeat
    "drill.start": Policy("idempotent", "record", _free),
    "drill.clear": Policy("idempotent", "record", _free),
    # runbook actions
    "action.start": Policy("unknown", "record", _free),
    "action.poll": Policy("unknown", "record", _free),
    "action.stop": Policy("idempotent", "record", _free),
    "action.verify": Policy("idempotent", "record", _free, timeout=180.0),
    "action.late": Policy("idempotent", "record", _free),  # a runner that was silent tells what it knows
    # what ends an experiment is looked at, once; the next look is another effect
    "action.look": Policy("idempotent", "record", _free, timeout=180.0),
    # decisions that are due later
    "clock.role": Policy("inner", "moment", _free),
    "clock.silent": Policy("inner", "moment", _free),
    "clock.step": Policy("inner", "moment", _free),
    "clock.update": Policy("inner", "moment", _free),
    "clock.approval": Policy("inner", "moment", _free),
    "clock.clear": Policy("inner", "moment", _free),
    "clock.questions": Policy("inner", "record", _free),  # what only people know is asked, on a working morning
    "clock.watch": Policy("inner", "record", _free),  # until when it is kept open
    "clock.ring": Policy("inner", "moment", _free),
    "clock.stale": Policy("inner", "record", _free),  # nothing is heard of its alerts any more
    "clock.page": Policy("inner", "moment", _free),
    "clock.half": Policy("inner", "moment", _free),
    "clock.widen": Policy("inner", "moment", _free),
    "clock.feedback": Policy("inner", "record", _free),  # how the plan went, for its owner
    "clock.inject": Policy("inner", "moment", _free),  # something happens in a drill
    "clock.drill_end": Policy("inner", "record", _free),  # an experiment has lasted long enough
    "clock.abort": Policy("inner", "record", _free),  # what ends an experiment is looked at again
    "clock.drills": Policy("inner", "record", _free),  # something real needs everybody: drills stop
    "clock.follow": Policy("inner", "record", _free),  # who follows what it is
    "clock.home": Policy("inner", "moment", _free),  # somebody may still look at their Home tab
    "clock.opening": Policy("inner", "record", _free),
    "clock.again": Policy("inner", "record", _free),  # what had ended is open again: its plan goes on
    "clock.act": Policy("inner", "record", _free),  # a step has begun that the bot may be able to do
    "clock.lasted": Policy("inner", "record", _free),  # an alert is back: did what the bot healed last?
    "clock.schedule": Policy("inner", "record", _free),  # a schedule's turn; args: name, due
}


def mending(effect: Effect, outcome: Outcome, fence: int) -> Effect | None:
    """What looks after a call of a run that had lost its lane, behind what the lane's new run does; None: nothing to look after.

    fence: of that run, so that each late call is looked after once.
    """
    late = KINDS[effect.kind].late
    went_out = isinstance(outcome, Done | Unknown) or (isinstance(outcome, Retry) and outcome.ambiguous)
    if not late or not went_out:
        return None
    args = {**effect.args, "kind": effect.kind}
    return Effect(f"{effect.key}:late:{fence}", late, effect.lane, effect.stream, args, effect.priority)
