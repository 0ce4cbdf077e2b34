"""Modals and Home: triggers, the stack, who may change what."""

from dataclasses import replace
from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace import CannotDo, Workspace
from tests.bot.workspace.app import button, modal, plain, question, refused, section
from tests.fakes import FakeClock


@pytest.fixture
def trigger(ws: Workspace) -> str:
    return ws.state.new_trigger("U0ANA")


async def opened(client: AsyncWebClient, trigger: str, **more: Any) -> Any:
    return (await client.views_open(trigger_id=trigger, view=modal(section("x"), **more)))["view"]


async def test_a_trigger_is_good_once_and_soon(
    ws: Workspace, client: AsyncWebClient, clock: FakeClock, trigger: str
) -> None:
    view = modal(section("x"))
    assert (await refused(client, "views.open", trigger_id="13.37", view=view))["error"] == "invalid_trigger_id"
    await opened(client, trigger)
    assert (await refused(client, "views.open", trigger_id=trigger, view=view))["error"] == "exchanged_trigger_id"
    late = ws.state.new_trigger("U0ANA")
    await clock.forward("3.1s")
    assert (await refused(client, "views.open", trigger_id=late, view=view))["error"] == "expired_trigger_id"


async def test_a_refused_view_does_not_use_the_trigger_up(client: AsyncWebClient, trigger: str) -> None:
    assert (await refused(client, "views.open", trigger_id=trigger, view={"type": "modal"}))[
        "error"
    ] == "invalid_arguments"
    assert (await opened(client, trigger))["type"] == "modal"


async def test_the_stack_holds_three(ws: Workspace, client: AsyncWebClient, trigger: str) -> None:
    first = await opened(client, trigger)
    for n in range(2):
        view = modal(section(f"step {n}"))
        pushed = await client.views_push(trigger_id=ws.state.new_trigger("U0ANA"), view=view)
        assert pushed["view"]["root_view_id"] == first["id"]
    answer = await refused(client, "views.push", trigger_id=ws.state.new_trigger("U0ANA"), view=modal(section("x")))
    assert answer["error"] == "push_limit_reached"
    ana = ws.person("ana")
    assert "step 1" in ana.sees_modal()
    await ana.close()
    assert "step 0" in ana.sees_modal()
    assert (await refused(client, "views.push", trigger_id=ws.state.new_trigger("U0LI"), view=modal(section("x"))))[
        "error"
    ] == ("not_found")


async def test_a_view_is_changed_by_who_knows_its_hash(ws: Workspace, client: AsyncWebClient, trigger: str) -> None:
    view = await opened(client, trigger, external_id="mine")
    changed = await client.views_update(
        view_id=view["id"], hash=view["hash"], view=modal(section("two"), external_id="mine")
    )
    assert changed["view"]["id"] == view["id"]
    assert changed["view"]["hash"] != view["hash"]
    answer = await refused(client, "views.update", view_id=view["id"], hash=view["hash"], view=modal(section("three")))
    assert answer["error"] == "hash_conflict"
    await client.views_update(external_id="mine", view=modal(section("four")))
    assert "four" in ws.person("ana").sees_modal()


async def test_an_external_id_is_taken_while_its_view_is_open(
    ws: Workspace, client: AsyncWebClient, trigger: str
) -> None:
    await opened(client, trigger, external_id="mine")
    view = modal(section("x"), external_id="mine")
    answer = await refused(client, "views.open", trigger_id=ws.state.new_trigger("U0LI"), view=view)
    assert answer["error"] == "duplicate_external_id"
    await ws.person("ana").close()
    assert (await client.views_open(trigger_id=ws.state.new_trigger("U0LI"), view=view))["ok"]


async def test_home_is_published_for_one(ws: Workspace, client: AsyncWebClient) -> None:
    home: dict[str, Any] = {"type": "home", "blocks": [section("one", accessory=button("Declare"))]}
    first = (await client.views_publish(user_id="U0ANA", view=home))["view"]
    second = (await client.views_publish(user_id="U0ANA", view=home, hash=first["hash"]))["view"]
    assert first["id"] == second["id"]
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await client.views_publish(user_id="U0ANA", view=home, hash=first["hash"])
    assert ws.person("ana").sees_home() == "one [Declare]"
    assert ws.person("ben").sees_home() == ""
    ws.state.manifest = replace(ws.state.manifest, home=False)
    assert (await refused(client, "views.publish", user_id="U0ANA", view=home))["error"] == "not_enabled"


REPLIES: dict[str, tuple[dict[str, Any], str]] = {
    "nothing": ({}, "== Below ==\nx\n[Send]"),
    "clear": ({"response_action": "clear"}, ""),
    "update": ({"response_action": "update", "view": modal(section("new"))}, "== Form ==\nnew\n[Send]"),
    "push": ({"response_action": "push", "view": modal(section("on top"))}, "== Form ==\non top\n[Send]"),
}


@pytest.mark.parametrize("name", REPLIES)
async def test_what_a_submission_may_be_answered(
    ws: Workspace, bolt: AsyncApp, connected: Any, client: AsyncWebClient, trigger: str, name: str
) -> None:
    reply, seen = REPLIES[name]

    @bolt.view("form")
    async def form(ack: Any) -> None:
        await ack(**reply)

    await opened(client, trigger, title="Below")
    view = modal(question("Why?", "why", initial_value="so"), callback_id="form")
    await client.views_push(trigger_id=ws.state.new_trigger("U0ANA"), view=view)
    await ws.person("ana").fill().submit()
    assert ws.person("ana").sees_modal() == seen


BROKEN: list[dict[str, Any]] = [
    {"response_action": "update", "view": {"type": "modal", "title": plain("x" * 25), "blocks": []}},
    {"response_action": "errors", "errors": {"nowhere": "Say more."}},
    {"response_action": "dance"},
]


@pytest.mark.parametrize("reply", BROKEN, ids=["a wrong view", "no such field", "no such action"])
async def test_a_broken_answer_leaves_the_form_open(
    ws: Workspace, bolt: AsyncApp, connected: Any, client: AsyncWebClient, trigger: str, reply: dict[str, Any]
) -> None:
    @bolt.view("form")
    async def form(ack: Any) -> None:
        await ack(**reply)

    await client.views_open(
        trigger_id=trigger, view=modal(question("Why?", "why", initial_value="x"), callback_id="form")
    )
    with pytest.raises(CannotDo, match="trouble connecting"):
        await ws.person("ana").fill().submit()
    assert ws.person("ana").modal is not None


async def test_an_answer_cannot_push_a_fourth(
    ws: Workspace, bolt: AsyncApp, connected: Any, client: AsyncWebClient, trigger: str
) -> None:
    @bolt.view("form")
    async def form(ack: Any) -> None:
        await ack(response_action="push", view=modal(section("one too many")))

    await opened(client, trigger)
    for _ in range(2):
        view = modal(question("Why?", "why", initial_value="so"), callback_id="form")
        await client.views_push(trigger_id=ws.state.new_trigger("U0ANA"), view=view)
    with pytest.raises(CannotDo, match="trouble connecting"):
        await ws.person("ana").fill().submit()
    assert len(ws.state.stacks["U0ANA"]) == 3


async def test_an_answer_to_a_command_that_cannot_be_shown(ws: Workspace, bolt: AsyncApp, connected: Any) -> None:
    @bolt.command("/parrot")
    async def parrot(ack: Any) -> None:
        await ack(blocks=[section("x" * 3001)])

    with pytest.raises(CannotDo, match='failed with the error "invalid_blocks"'):
        await ws.person("ana").command("/parrot", "general")
