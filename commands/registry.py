"""All verbs, found by folder; a typed line, a click or a form brought to its verb."""

import importlib
import pkgutil
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

import commands
from bot.errors import BadInput, Refused, StartError
from bot.flows.desk import Desk
from bot.ports.reply import Reply
from bot.text import Code, t
from commands import Ask, Command

CONTRACT = ("name", "group", "usage", "example", "permission", "parse", "click", "fill", "form", "run")


def load() -> dict[str, Command[Any]]:
    """Every verb of the folder, by name. StartError names what a file lacks."""
    found: dict[str, Command[Any]] = {}
    for info in sorted(pkgutil.iter_modules(commands.__path__), key=lambda i: i.name):
        module = importlib.import_module(f"commands.{info.name}")
        command = getattr(module, "command", None)
        if command is None:
            continue
        missing = [part for part in CONTRACT if not hasattr(command, part)]
        if missing:
            raise StartError(f"commands/{info.name}.py: the verb lacks {', '.join(missing)}")
        found[command.name] = command
    return found


def verb(found: Mapping[str, Command[Any]], name: str) -> Command[Any]:
    """The verb with a name; BadInput that says what was probably meant."""
    if name in found:
        return found[name]
    near = get_close_matches(name, found, n=1)
    if near:
        raise BadInput(
            t("I do not know {verb}. Did you mean {near}?", verb=Code(name), near=Code(found[near[0]].example)),
            found[near[0]].example,
        )
    raise BadInput(
        t("I do not know {verb}. {help} lists what I can do.", verb=Code(name), help=Code("/tocsin help")), "help"
    )


async def perform(desk: Desk, ask: Ask, command: Command[Any], args: Any) -> Reply:
    """Check the permission, ask for what is missing, or do it."""
    if not await desk.may(ask.who, command.permission):
        raise Refused(
            t(
                "Not done: {verb} needs the permission {permission}, which policy.yaml does not give you.",
                verb=Code(command.name),
                permission=Code(command.permission),
            ),
            "permission",
        )
    form = command.form(args)
    return Reply(form=form, done=False) if form is not None else await command.run(desk, ask, args)
