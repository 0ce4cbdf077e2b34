"""conversations.*: who is in, and what the channel is called for."""

from bot.workspace import rooms
from bot.workspace.errors import Refused
from bot.workspace.state import State
from bot.workspace.table import INVITE, READ, TOPIC, Call, method, page, with_cursor
from bot.workspace.things import Channel, Json
from bot.workspace.wire import channel_json

NOTE_LIMIT = 250
INVITE_LIMIT = 100


@method(
    "conversations.members",
    "channel cursor? limit?:number",
    json=False,
    tier=4,
    scopes=READ,
    errors="channel_not_found invalid_limit invalid_cursor",
)
async def members(call: Call) -> Json:
    channel = call.channel()
    items, cursor = page([{"id": each} for each in channel.members], call)
    return {"members": [each["id"] for each in items], **with_cursor(cursor)}


@method(
    "conversations.invite",
    "channel users:list force?:flag",
    tier=3,
    scopes=INVITE,
    errors="channel_not_found not_in_channel is_archived user_not_found already_in_channel cant_invite_self "
    "no_user cant_invite method_not_supported_for_channel_type",
)
async def invite(call: Call) -> Json:
    """All of them or nobody: one that cannot come refuses the lot (`force`: the others come all the same)."""
    channel = call.open_channel()
    if channel.kind == "dm":
        raise Refused("method_not_supported_for_channel_type")
    users = call.args.names("users")
    if not users:
        raise Refused("no_user")
    if len(users) > INVITE_LIMIT:
        raise Refused("invalid_arguments", [f"[ERROR] no more than {INVITE_LIMIT} users [json-pointer:/users]"])
    problems = [
        {"ok": False, "user": user, "error": code} for user in users if (code := _problem(call.state, channel, user))
    ]
    good = [user for user in users if user not in {each["user"] for each in problems}]
    if problems and not (call.args.flag("force") and good):
        raise Refused(str(problems[0]["error"]), errors=problems)
    for user in good:
        rooms.join(call.state, channel, user, call.state.bot_user)
    return {"channel": channel_json(call.state, channel, call.state.bot_user)} | (
        {"errors": problems} if problems else {}
    )


def _problem(state: State, channel: Channel, user: str) -> str:
    person = state.people.get(user)
    if person is None:
        return "user_not_found"
    if user == state.bot_user:
        return "cant_invite_self"
    if person.deleted or person.bot:
        return "cant_invite"
    return "already_in_channel" if user in channel.members else ""


@method(
    "conversations.join",
    "channel",
    tier=3,
    scopes="channels:join",
    errors="channel_not_found is_archived method_not_supported_for_channel_type",
)
async def join(call: Call) -> Json:
    channel = call.open_channel(member=False)
    if channel.kind != "public":
        raise Refused("method_not_supported_for_channel_type")
    already = call.state.bot_user in channel.members
    rooms.join(call.state, channel, call.state.bot_user)
    out: Json = {"channel": channel_json(call.state, channel, call.state.bot_user)}
    return out | (
        {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}} if already else {}
    )


_NOTE = "channel_not_found not_in_channel is_archived too_long method_not_supported_for_channel_type"


@method("conversations.setTopic", "channel topic", tier=2, scopes=TOPIC, errors=_NOTE)
async def set_topic(call: Call) -> Json:
    return _note(call, "topic")


@method("conversations.setPurpose", "channel purpose", tier=2, scopes=TOPIC, errors=_NOTE)
async def set_purpose(call: Call) -> Json:
    return _note(call, "purpose")


def _note(call: Call, which: str) -> Json:
    channel = call.open_channel()
    if channel.kind == "dm":
        raise Refused("method_not_supported_for_channel_type")
    value = call.args.text(which)
    if len(value) > NOTE_LIMIT:
        raise Refused("too_long")
    rooms.note(call.state, channel, which, value, call.state.bot_user)
    return {"channel": channel_json(call.state, channel, call.state.bot_user)}
