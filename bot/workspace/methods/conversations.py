"""conversations.*: making, finding and reading channels."""

import re
from collections.abc import Sequence

from bot.workspace import rooms
from bot.workspace.errors import Refused
from bot.workspace.table import HISTORY, KINDS, MANAGE, READ, Call, method, page, with_cursor
from bot.workspace.things import Channel, Json, Message
from bot.workspace.wire import channel_json, message_json

NAME_LIMIT = 80
_KEPT = (
    "all archive archived archives channel channels create delete deleted-channel edit everyone group groups here me ms "
    "slack slackbot today you"
)
RESERVED = frozenset(_KEPT.split())
"""Names that Slack keeps for itself; that it says `name_taken` of them is what its reference suggests."""

DM_LIMIT = 8


@method(
    "conversations.create",
    "name is_private?:flag",
    tier=2,
    scopes=MANAGE,
    errors="invalid_name_required invalid_name_maxlength invalid_name_specials invalid_name_punctuation name_taken",
)
async def create(call: Call) -> Json:
    kind = "private" if call.args.flag("is_private") else "public"
    call.need_scope(kind)
    name = call.args.text("name")
    if (problem := name_problem(name)) or name in RESERVED or call.state.named(name):
        raise Refused(problem or "name_taken")
    channel = rooms.create(call.state, name, "private" if kind == "private" else "public", call.state.bot_user)
    return {"channel": channel_json(call.state, channel, call.state.bot_user)}


def name_problem(name: str) -> str:
    """Slack's code for a channel name that cannot be, or nothing."""
    if not name:
        return "invalid_name_required"
    if len(name) > NAME_LIMIT:
        return "invalid_name_maxlength"
    if not re.search(r"\w", name):
        return "invalid_name_punctuation"
    return "" if re.fullmatch(r"[\w-]+", name) and name == name.lower() else "invalid_name_specials"


@method(
    "conversations.archive",
    "channel",
    tier=2,
    scopes=MANAGE,
    errors="channel_not_found already_archived not_in_channel cant_archive_general method_not_supported_for_channel_type",
)
async def archive(call: Call) -> Json:
    channel = call.channel()
    if channel.kind == "dm":
        raise Refused("method_not_supported_for_channel_type")
    if channel.name == "general":
        raise Refused("cant_archive_general")
    if channel.archived:
        raise Refused("already_archived")
    if call.state.bot_user not in channel.members:
        raise Refused("not_in_channel")
    rooms.archive(call.state, channel, call.state.bot_user)
    return {}


@method(
    "conversations.open",
    "users?:list channel? return_im?:flag",
    tier=3,
    scopes=MANAGE,
    errors="channel_not_found user_not_found users_list_not_supplied user_disabled too_many_users",
)
async def open_dm(call: Call) -> Json:
    call.need_scope("dm")
    users = call.args.names("users")
    if "channel" in call.args:
        channel = call.channel()
    elif not users:
        raise Refused("users_list_not_supplied")
    elif len(users) > 1:
        why = "[ERROR] the workspace has no conversations of several [json-pointer:/users]"
        raise Refused("too_many_users" if len(users) > DM_LIMIT else "invalid_arguments", [why])
    else:
        person = call.state.people.get(users[0])
        if person is None or person.deleted:
            raise Refused("user_not_found" if person is None else "user_disabled")
        channel = call.state.open_dm(call.state.bot_user, person.id)
    full = call.args.flag("return_im")
    return {"channel": channel_json(call.state, channel, call.state.bot_user) if full else {"id": channel.id}}


@method(
    "conversations.info",
    "channel include_locale?:flag include_num_members?:flag",
    json=False,
    tier=3,
    scopes=READ,
    errors="channel_not_found",
)
async def info(call: Call) -> Json:
    channel = call.channel()
    count = {"num_members": len(channel.members)} if call.args.flag("include_num_members") else {}
    return {"channel": channel_json(call.state, channel, call.state.bot_user) | count}


@method(
    "conversations.list",
    "cursor? limit?:number types?:list exclude_archived?:flag",
    json=False,
    tier=2,
    scopes=READ,
    errors="invalid_types invalid_limit invalid_cursor",
)
async def list_channels(call: Call) -> Json:
    items, cursor = page(listed(call, call.state.bot_user, member_only=False), call)
    return {"channels": items, **with_cursor(cursor)}


def listed(call: Call, viewer: str, member_only: bool) -> list[Json]:
    """The channels of the asked types that the app may see, oldest first."""
    kinds = set()
    for word in call.args.names("types") or ["public_channel"]:
        if word != "mpim" and word not in KINDS:
            raise Refused("invalid_types")
        if word in KINDS:
            call.need_scope(KINDS[word])
            kinds.add(KINDS[word])
    state, without = call.state, call.args.flag("exclude_archived")
    return [
        channel_json(state, each, viewer)
        for each in state.channels.values()
        if each.kind in kinds
        and state.sees(state.bot_user, each.id)
        and not (without and each.archived)
        and (viewer in each.members or not member_only)
    ]


@method(
    "conversations.history",
    "channel cursor? limit?:number oldest? latest? inclusive?:flag include_all_metadata?:flag",
    tier=3,
    scopes=HISTORY,
    errors="channel_not_found not_in_channel invalid_cursor invalid_ts_latest invalid_ts_oldest",
)
async def history(call: Call) -> Json:
    """Newest first."""
    channel = _readable(call)
    messages = [each for each in call.state.lasting(channel.id) if each.thread_ts is None or each.broadcast]
    items, cursor = _read(call, messages[::-1])
    pins = {"pin_count": len(channel.pins), "channel_actions_ts": None, "channel_actions_count": 0}
    return {"messages": items, "has_more": bool(cursor), **pins, **with_cursor(cursor)}


@method(
    "conversations.replies",
    "channel ts cursor? limit?:number oldest? latest? inclusive?:flag include_all_metadata?:flag",
    json=False,
    tier=3,
    scopes=HISTORY,
    errors="channel_not_found not_in_channel thread_not_found invalid_cursor invalid_ts_latest invalid_ts_oldest",
)
async def replies(call: Call) -> Json:
    """The root, then its replies, oldest first."""
    channel = _readable(call)
    root = call.message(channel, refusal="thread_not_found")
    items, cursor = _read(call, [root, *call.state.replies(channel.id, root.ts)])
    return {"messages": items, "has_more": bool(cursor), **with_cursor(cursor)}


def _readable(call: Call) -> Channel:
    channel = call.channel()
    if call.state.bot_user not in channel.members:
        raise Refused("not_in_channel")
    return channel


def _read(call: Call, messages: Sequence[Message]) -> tuple[list[Json], str]:
    oldest, latest = _bound(call, "oldest"), _bound(call, "latest")
    inclusive, metadata = call.args.flag("inclusive"), call.args.flag("include_all_metadata")
    chosen = [each for each in messages if _between(each.ts, oldest, latest, inclusive)]
    return page([message_json(call.state, each, metadata) for each in chosen], call)


def _bound(call: Call, name: str) -> str:
    """A ts, padded so that it compares as text; empty: no bound."""
    text = call.args.text(name)
    if not text or text == "0":
        return ""
    if not re.fullmatch(r"\d+(\.\d+)?", text):
        raise Refused(f"invalid_ts_{name}")
    whole, _, part = text.partition(".")
    return f"{int(whole):010d}.{part:0<6}"


def _between(ts: str, oldest: str, latest: str, inclusive: bool) -> bool:
    if inclusive and ts in (oldest, latest):
        return True
    return (not oldest or ts > oldest) and (not latest or ts < latest)
