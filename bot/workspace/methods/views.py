"""views.*: modals and the Home tab."""

import json

from bot.workspace.blocks import checked_view
from bot.workspace.errors import Refused
from bot.workspace.state import State
from bot.workspace.table import Call, method
from bot.workspace.things import Json, View
from bot.workspace.wire import view_json

STACK_LIMIT = 3
BODY_LIMIT = 250_000
_TRIGGER = "invalid_trigger_id expired_trigger_id exchanged_trigger_id"
_VIEW = "duplicate_external_id view_too_large"


@method("views.open", "trigger_id view:json", tier=4, errors=f"{_TRIGGER} {_VIEW}")
async def views_open(call: Call) -> Json:
    """A first modal; what was open is replaced."""
    body = _asked(call, "modal")
    person = _use_trigger(call)
    call.state.stacks[person] = []
    return {"view": view_json(call.state, push(call.state, person, body))}


@method("views.push", "trigger_id view:json", tier=4, errors=f"{_TRIGGER} {_VIEW} push_limit_reached not_found")
async def views_push(call: Call) -> Json:
    body = _asked(call, "modal")
    person = _use_trigger(call)
    stack = call.state.stacks.get(person, [])
    if not stack:
        raise Refused("not_found")
    return {"view": view_json(call.state, push(call.state, person, body))}


@method("views.update", "view:json view_id? external_id? hash?", tier=4, errors=f"not_found hash_conflict {_VIEW}")
async def views_update(call: Call) -> Json:
    view = _known(call)
    body = _asked(call, view.kind, view)
    if "hash" in call.args and call.args.text("hash") != view.hash:
        raise Refused("hash_conflict")
    replace(call.state, view, body)
    return {"view": view_json(call.state, view)}


@method("views.publish", "user_id view:json hash?", tier=4, errors=f"hash_conflict not_enabled {_VIEW}")
async def views_publish(call: Call) -> Json:
    state = call.state
    user = call.args.text("user_id")
    if user not in state.people:
        raise Refused("invalid_arguments", messages=["[ERROR] user not found [json-pointer:/user_id]"])
    if not state.manifest.home:
        raise Refused("not_enabled")
    view = state.views.get(state.homes.get(user, ""))
    body = _asked(call, "home", view)
    if view is None:
        view = _new(state, "home", user, body, None)
        state.homes[user] = view.id
    elif "hash" in call.args and call.args.text("hash") != view.hash:
        raise Refused("hash_conflict")
    replace(state, view, body)
    return {"view": view_json(state, view)}


def push(state: State, person: str, body: Json) -> View:
    """Put a modal on top of a person's stack."""
    stack = state.stacks.setdefault(person, [])
    if len(stack) >= STACK_LIMIT:
        raise Refused("push_limit_reached")
    view = _new(state, "modal", person, body, stack[-1] if stack else None)
    stack.append(view.id)
    state.changed("modal", person)
    return view


def replace(state: State, view: View, body: Json) -> None:
    """Other content for the same view."""
    view.body, view.hash = body, _hash(state)
    state.changed(view.kind, view.owner)


def _new(state: State, kind: str, owner: str, body: Json, below: str | None) -> View:
    id = state.new_id("V")
    root = state.views[below].root if below else id
    view = View(id, "modal" if kind == "modal" else "home", owner, body, _hash(state), root, below)
    state.views[id] = view
    return view


def _hash(state: State) -> str:
    return f"{state.seconds()}.{state.ids.new()[-8:]}"


def _asked(call: Call, kind: str, same: View | None = None) -> Json:
    """The view in the call, checked. same: the view that it replaces (it may keep its external_id)."""
    body = checked_view(call.args.json("view"), kind)
    if len(json.dumps(body).encode()) > BODY_LIMIT:
        raise Refused("view_too_large")
    external = body.get("external_id")
    taken = call.state.by_external_id(external) if external else None
    if taken is not None and taken is not same:
        raise Refused("duplicate_external_id")
    return body


def _use_trigger(call: Call) -> str:
    """Whose trigger it is; it can be used once and soon."""
    trigger = call.state.triggers.get(call.args.text("trigger_id"))
    if trigger is None:
        raise Refused("invalid_trigger_id")
    if trigger.used:
        raise Refused("exchanged_trigger_id")
    if call.state.clock.now() > trigger.until:
        raise Refused("expired_trigger_id")
    trigger.used = True
    return trigger.person


def _known(call: Call) -> View:
    if "view_id" not in call.args and "external_id" not in call.args:
        raise Refused("invalid_arguments", ["[ERROR] missing required field: view_id"])
    external = call.args.text("external_id")
    view = call.state.views.get(call.args.text("view_id")) or (
        call.state.by_external_id(external) if external else None
    )
    if view is None or not call.state.is_open(view):
        raise Refused("not_found")
    return view
