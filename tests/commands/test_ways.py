"""Each verb is said in several ways, and each of them reaches the same handler with the same arguments."""

import json
import re
from collections.abc import AsyncIterator
from typing import Any, cast

import aiohttp
import pytest
from aiohttp import web
from hypothesis import example as always
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.events import RefusedTo
from bot.slack import blocks
from bot.slack.manifest import SHORTCUTS
from bot.web.acting import ACTING, ROUTES, Acting
from bot.web.parts import PARTS, Parts
from bot.web.server import said_in_words, serve
from bot.workspace.blocks import checked_blocks, checked_view
from tests.bot.slack.edge.conftest import AtWork
from tests.commands.ways import FORMS, VERBS, World

EACH = pytest.mark.parametrize("name", VERBS)
REACHED = {"Reached.", "No question waits for a yes or a no here."}
NO_INCIDENT = {"follow", "unfollow"}
"""Their examples name a severity, so they need none."""
OTHERWISE = {"ak": "ask", "slit": "list"}
"""Slips after which another verb is as near."""


@pytest.fixture
async def world() -> AsyncIterator[World]:
    made = World()
    yield made
    await made.end()


def example(name: str) -> str:
    """As Slack sends it: names are ids by then."""
    return re.sub(r"@(\w+)", lambda found: f"<@U0{found[1].upper()}>", VERBS[name].example)


@EACH
async def test_a_slash_command_a_mention_and_a_direct_message(world: World, name: str) -> None:
    line = example(name)
    assert (await world.command(line)).startswith("Reached.")
    await world.message(f"<@U0BOT> {line}")
    await world.message(f" <@U0BOT>:  {line}", thread_ts="1.0")
    await world.message(line, "message", channel_type="im", channel="D1")
    assert len(world.reached) == 4
    [said] = {(verb, ask.incident, ask.words, str(args)) for verb, ask, args in world.reached}
    assert said[:2] == (name, 42)


@EACH
async def test_over_http(world: World, name: str) -> None:
    """With a personal token, and the name as a person writes it."""
    await world.command(example(name))
    server = web.Application(middlewares=[said_in_words])
    server[PARTS], server[ACTING] = cast(Parts, AtWork()), Acting(world.desk, world.verbs)
    server.add_routes(ROUTES)
    headers = {"Authorization": f"Bearer {await world.token()}"}
    async with serve(server, "127.0.0.1", 0) as port, aiohttp.ClientSession(headers=headers) as http:
        url = f"http://127.0.0.1:{port}/api/v1/incidents/42/commands"
        async with http.post(url, json={"text": VERBS[name].example}) as answer:
            assert (answer.status, (await answer.json()).get("said", [""])[0]) == (200, "Reached.")
    by_slack, by_http = world.reached
    assert (by_http[0], by_http[1].incident, by_http[2]) == (by_slack[0], 42, by_slack[2])


async def test_who_may_not_is_told_which_permission_is_lacking(world: World) -> None:
    for name, verb in VERBS.items():
        world.desk.denied = verb.permission
        assert f"needs the permission `{verb.permission}`" in await world.command(example(name)), name
    assert world.reached == []
    assert world.store.recorded == [("inc:42", RefusedTo(name, "permission")) for name in VERBS]


@EACH
async def test_outside_an_incident_it_asks_which(world: World, name: str) -> None:
    said = await world.command(example(name), "C0ELSEWHERE")
    inside = VERBS[name].where == "incident" and name not in NO_INCIDENT
    assert ("In which incident?" in said) == inside
    assert bool(world.reached) != inside
    if name == "list":
        return  # it is of all
    await world.command(example(name).replace(name, f"{name} INC-42", 1), "C0ELSEWHERE")
    assert world.reached[-1][1].incident == 42


async def test_a_slip_of_the_finger_is_understood(world: World) -> None:
    for name in VERBS:
        for slip in {name[:-1], name[0] + name[2:], name[1] + name[0] + name[2:], name + name[-1]} - set(VERBS):
            meant = OTHERWISE.get(slip, name)
            line = meant if meant == "help" else f"{meant} x"
            assert f"Did you mean `{line}`?" in await world.command(f"{slip} x"), slip


@EACH
async def test_alone_it_runs_or_asks_or_gives_an_example(world: World, name: str) -> None:
    """Never silence; a form that Slack takes; and where none can be opened (a mention), a button that opens it."""
    said = await world.command(name)
    if world.whispers.views:
        views = [checked_view(dict(view), "modal") for view in world.whispers.views]
        assert views[-1]["callback_id"] == f"verb:{name}"
        await world.message(f"<@U0BOT> {name}")
        offered = world.whispers.told[-1]
        assert "This needs a form:" in offered.text
        await world.click(offered.blocks[-1]["elements"][0])
        assert world.whispers.views[-1] == views[-1]
    else:
        assert (said in REACHED) != (f"For example: `/tocsin {name}" in said)


@pytest.mark.parametrize("name", FORMS)
async def test_a_form_filled_as_far_as_slack_takes_it_is_answered(world: World, name: str) -> None:
    """Every field at its most characters: the handler is reached, or a field says what is wrong with it."""
    form = FORMS[name]
    full = {
        field.name: next(iter(field.options), "U0ANA" if field.kind == "person" else "x" * field.most)
        for field in form.fields
    }
    said = await world.fill(blocks.modal(form), full)
    assert said == "" or json.loads(said)["response_action"] == "errors"
    assert bool(world.reached) == (said == "")


@pytest.mark.parametrize("verb", SHORTCUTS)
async def test_a_shortcut_is_a_verb(world: World, verb: str) -> None:
    """It says the words of the message and asks for the rest, or does it at once."""
    await world.shortcut(f"verb:{verb}", "Orders *fail* at <https://shop.example|the shop>\nsince noon")
    assert verb in VERBS
    views = [checked_view(dict(view), "modal") for view in world.whispers.views]
    assert views[-1]["callback_id"] == f"verb:{verb}" if views else world.reached


WORDS = (
    "--at 25:99 --next INC-42 INC-9 inc-99999999999 <@U0BEN> <@U0 <!channel> 2.3 0.0 999.999 → sev9 40% from to because"
)
SIGNS = ["\x00", "\u202e", "`", "*_~", "a" * 3_000, "🔥", "完成", "\ud800", "-5m", "{}", "%s"]
PIECES = st.sampled_from([*WORDS.split(), *SIGNS])
LINES = st.one_of(
    st.text(max_size=80),
    st.tuples(st.sampled_from(sorted(VERBS)), st.lists(st.one_of(PIECES, st.text(max_size=12)), max_size=5)).map(
        lambda line: " ".join([line[0], *line[1]])
    ),
)


@given(LINES)
@always("handoff " + "a" * 3_000)
@settings(max_examples=60)
async def test_any_text_is_answered_with_something_useful(line: str) -> None:
    """Whatever stands behind the slash command: a sentence that Slack takes, or a form; never "something went wrong"."""
    world = World()
    answer = await world.answer(line)
    if answer:
        told: dict[str, Any] = json.loads(answer)
        checked_blocks(told["blocks"], "message", total=True)
        assert told["text"].strip()
        assert "Something went wrong" not in told["text"]
    else:
        assert [checked_view(dict(view), "modal") for view in world.whispers.views]
    await world.end()
