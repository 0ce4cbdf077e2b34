"""What the app is told when a person commands, clicks, takes a shortcut, submits or closes."""

from bot.workspace.inputs import state_values
from bot.workspace.state import State
from bot.workspace.things import Channel, Json, Message, View
from bot.workspace.wire import message_json, view_json


def slash_command(state: State, person: str, channel: Channel, command: str, text: str) -> Json:
    return {
        "token": "local",
        "team_id": state.team,
        "team_domain": state.team_name,
        "channel_id": channel.id,
        "channel_name": _channel_name(channel),
        "user_id": person,
        "user_name": state.people[person].name,
        "command": command,
        "text": text,
        "api_app_id": state.app_id,
        "is_enterprise_install": "false",
        "response_url": state.new_hook(person, channel.id),
        "trigger_id": state.new_trigger(person),
    }


def message_click(state: State, person: str, message: Message, action: Json) -> Json:
    """A click on an element of a message. An ephemeral is named, but not handed over."""
    channel = state.channels[message.channel]
    container = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": message.only_for is not None,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    out = _action(state, person, action) | {
        "container": container,
        "channel": {"id": channel.id, "name": _channel_name(channel)},
        "state": {"values": state_values(message.blocks, message.values.get(person, {}))},
        "response_url": state.new_hook(person, channel.id, message.ts, message.thread_ts),
    }
    return out if message.only_for else out | {"message": message_json(state, message)}


def view_click(state: State, person: str, view: View, action: Json, values: Json) -> Json:
    shown = view_json(state, view, values)
    container = {"type": "view", "view_id": view.id}
    return _action(state, person, action) | {"container": container, "view": shown, "state": shown["state"]}


def global_shortcut(state: State, person: str, callback_id: str) -> Json:
    """A shortcut taken from anywhere: no channel, no message, no response_url."""
    return _shortcut(state, person, "shortcut", callback_id) | {
        "user": {"id": person, "username": state.people[person].name, "team_id": state.team}
    }


def message_shortcut(state: State, person: str, callback_id: str, message: Message) -> Json:
    """A shortcut taken on a message; the app may stand outside of its channel and is handed it all the same."""
    channel = state.channels[message.channel]
    return _shortcut(state, person, "message_action", callback_id) | {
        "user": {"id": person, "name": state.people[person].name, "team_id": state.team},
        "channel": {"id": channel.id, "name": _channel_name(channel)},
        "message_ts": message.ts,
        "message": message_json(state, message),
        "response_url": state.new_hook(person, channel.id, thread_ts=message.thread_ts),
    }


def _shortcut(state: State, person: str, kind: str, callback_id: str) -> Json:
    return {
        "type": kind,
        "token": "local",
        "action_ts": state.next_ts(),
        "team": {"id": state.team, "domain": state.team_name},
        "enterprise": None,
        "is_enterprise_install": False,
        "callback_id": callback_id,
        "trigger_id": state.new_trigger(person),
    }


def view_submission(state: State, person: str, view: View, values: Json) -> Json:
    return _base(state, person, "view_submission") | {
        "trigger_id": state.new_trigger(person),
        "view": view_json(state, view, values),
    }


def view_closed(state: State, person: str, view: View, cleared: bool) -> Json:
    return _base(state, person, "view_closed") | {"view": view_json(state, view), "is_cleared": cleared}


def _action(state: State, person: str, action: Json) -> Json:
    return _base(state, person, "block_actions") | {
        "trigger_id": state.new_trigger(person),
        "actions": [{**action, "action_ts": state.next_ts()}],
    }


def _base(state: State, person: str, kind: str) -> Json:
    name = state.people[person].name
    return {
        "type": kind,
        "user": {"id": person, "username": name, "name": name, "team_id": state.team},
        "api_app_id": state.app_id,
        "token": "local",
        "team": {"id": state.team, "domain": state.team_name},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def _channel_name(channel: Channel) -> str:
    return {"dm": "directmessage", "private": "privategroup"}.get(channel.kind, channel.name)
