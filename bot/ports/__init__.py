"""What Tocsin asks of the world, and the plain values that are exchanged on the way.

Time, ids, chance, the network, Slack and the database come in through these protocols, so that the whole program runs in a
test at any speed and dies at any commit. Moments are µs UTC (`Micros`), waits are seconds (`float`).
"""

from bot.ports.effects import Call, Done, Effect, GiveUp, Handler, Outcome, Retry, Unknown
from bot.ports.engine import Engine, LaneRunner
from bot.ports.machine import Clock, Ids, Tasks
from bot.ports.outside import (
    CUT,
    AlertSource,
    Bookmark,
    Channel,
    Chat,
    Copies,
    Executor,
    Http,
    Message,
    Notifier,
    NotSent,
    Order,
    Progress,
    Response,
    TooLarge,
)
from bot.ports.reply import Button, Field, Form, Reply
from bot.ports.rows import AttemptRow, Group, Held, Json, MessageAt, Person, PlanText, Row, TokenRow
from bot.ports.store import EVERYTHING, Cause, GroupKey, Reaction, Reads, Store, Tx, Viewer

__all__ = [
    "CUT",
    "EVERYTHING",
    "AlertSource",
    "AttemptRow",
    "Bookmark",
    "Button",
    "Call",
    "Cause",
    "Channel",
    "Chat",
    "Clock",
    "Copies",
    "Done",
    "Effect",
    "Engine",
    "Executor",
    "Field",
    "Form",
    "GiveUp",
    "Group",
    "GroupKey",
    "Handler",
    "Held",
    "Http",
    "Ids",
    "Json",
    "LaneRunner",
    "Message",
    "MessageAt",
    "NotSent",
    "Notifier",
    "Order",
    "Outcome",
    "Person",
    "PlanText",
    "Progress",
    "Reaction",
    "Reads",
    "Reply",
    "Response",
    "Retry",
    "Row",
    "Store",
    "Tasks",
    "TokenRow",
    "TooLarge",
    "Tx",
    "Unknown",
    "Viewer",
]
