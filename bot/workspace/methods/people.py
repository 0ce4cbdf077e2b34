"""users.* and usergroups.*: who is there."""

from bot.workspace.errors import Refused
from bot.workspace.methods.conversations import listed
from bot.workspace.table import READ, Call, method, page, with_cursor
from bot.workspace.things import Json
from bot.workspace.wire import group_json, person_json


@method(
    "users.list",
    "cursor? limit?:number include_locale?:flag",
    json=False,
    tier=2,
    scopes="users:read",
    errors="invalid_cursor",
)
async def users_list(call: Call) -> Json:
    people = [person_json(call.state, each) for each in call.state.people.values()]
    items, cursor = page(people, call, default=999)
    return {"members": items, "cache_ts": call.state.seconds(), **with_cursor(cursor)}


@method("users.info", "user include_locale?:flag", json=False, tier=4, scopes="users:read", errors="user_not_found")
async def users_info(call: Call) -> Json:
    person = call.state.people.get(call.args.text("user"))
    if person is None:
        raise Refused("user_not_found")
    return {"user": person_json(call.state, person)}


@method("dnd.info", "user? team_id?", json=False, tier=3, scopes="dnd:read", errors="user_not_found")
async def dnd_info(call: Call) -> Json:
    """Of somebody else: no word of a snooze, only the times. Who has no night set has one that was over long ago."""
    person = call.state.people.get(call.args.text("user") or call.state.bot_user)
    if person is None:
        raise Refused("user_not_found")
    start, end = person.quiet
    return {"dnd_enabled": bool(end), "next_dnd_start_ts": start or 1, "next_dnd_end_ts": end or 1}


@method(
    "users.conversations",
    "user? cursor? limit?:number types?:list exclude_archived?:flag",
    json=False,
    tier=3,
    scopes=READ,
    errors="invalid_types invalid_limit invalid_cursor",
)
async def users_conversations(call: Call) -> Json:
    """The channels somebody is in (the app itself, if nobody is named)."""
    user = call.args.text("user") or call.state.bot_user
    items, cursor = page(listed(call, user, member_only=True), call)
    for item in items:
        item.pop("is_member", None)
    return {"channels": items, **with_cursor(cursor)}


@method(
    "usergroups.list",
    "include_users?:flag include_count?:flag include_disabled?:flag",
    json=False,
    tier=2,
    scopes="usergroups:read",
)
async def usergroups_list(call: Call) -> Json:
    users = call.args.flag("include_users")
    return {"usergroups": [group_json(call.state, each, users) for each in call.state.groups.values()]}


@method(
    "usergroups.users.list",
    "usergroup include_disabled?:flag",
    json=False,
    tier=2,
    scopes="usergroups:read",
    errors="no_such_subteam",
)
async def usergroups_users_list(call: Call) -> Json:
    group = call.state.groups.get(call.args.text("usergroup"))
    if group is None:
        raise Refused("no_such_subteam")
    return {"users": list(group.members)}
