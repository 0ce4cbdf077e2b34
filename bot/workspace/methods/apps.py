"""auth.test and apps.connections.open: who am I, and where do I connect."""

from bot.workspace.table import Call, method
from bot.workspace.things import Json


@method("auth.test", tier=5)
async def test(call: Call) -> Json:
    state = call.state
    return {
        "url": f"{state.url}/",
        "team": state.team_name,
        "team_id": state.team,
        "user": state.people[state.bot_user].name,
        "user_id": state.bot_user,
        "bot_id": state.bot_id,
        "is_enterprise_install": False,
    }


@method("apps.connections.open", tier=3, caller="app")
async def connections_open(call: Call) -> Json:
    """A socket's address; its ticket is good once."""
    state = call.state
    ticket = state.ids.token()
    state.tickets.add(ticket)
    return {"url": f"{state.url.replace('http', 'ws', 1)}/link?ticket={ticket}&app_id={state.app_id}"}
