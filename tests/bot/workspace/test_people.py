"""People as tests drive them: by names and labels, and only what they can see."""

from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace import CannotDo, Group, Workspace
from tests.bot.workspace.app import actions, button, modal, plain, question, section
from tests.bot.workspace.test_shapes import asked, option, select


async def test_a_missing_button_is_answered_with_what_is_there(ws: Workspace, client: AsyncWebClient) -> None:
    await client.chat_postMessage(
        channel="#general", text="x", blocks=[actions(button("Done"), button("Skip", "skip"))]
    )
    with pytest.raises(CannotDo, match=r"ana sees no \[Ack\] in general, but \['Done', 'Skip'\]"):
        await ws.person("ana").click("Ack", "general")
    secret = ws.add_channel("secret", "ana", private=True)
    with pytest.raises(CannotDo, match="li sees no channel"):
        await ws.person("li").click("Done", secret.id)
    with pytest.raises(KeyError, match="nobody is called zoe"):
        ws.person("zoe")
    with pytest.raises(KeyError, match="no channel #nowhere"):
        ws.channel("#nowhere")


async def test_the_newest_message_with_that_label_is_clicked(
    ws: Workspace, bolt: AsyncApp, connected: Any, client: AsyncWebClient
) -> None:
    values: list[str] = []

    @bolt.action("press")
    async def pressed(ack: Any, action: dict[str, Any]) -> None:
        await ack()
        values.append(action["value"])

    for value in ("old", "new"):
        await client.chat_postMessage(channel="#general", text="x", blocks=[actions(button("Done", value=value))])
    await client.chat_postMessage(channel="#general", text="x", blocks=[actions(button("Other"))])
    await ws.person("ana").click("Done", "general")
    assert values == ["new"]


async def test_menus_of_messages(ws: Workspace, bolt: AsyncApp, connected: Any, client: AsyncWebClient) -> None:
    seen: list[dict[str, Any]] = []

    @bolt.action("pick")
    async def picked(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        seen.append(body)

    more = {"type": "overflow", "action_id": "pick", "options": [option("Archive"), option("Merge")]}
    who = {"type": "users_select", "action_id": "pick", "placeholder": plain("Who?")}
    await client.chat_postMessage(channel="#general", text="x", blocks=[section("x", accessory=more), actions(who)])
    await ws.person("ana").click("Merge", "general")
    await ws.person("ana").choose("Who?", "U0BEN", "general")
    assert seen[0]["actions"][0]["selected_option"]["value"] == "Merge"
    assert seen[1]["actions"][0]["selected_user"] == "U0BEN"
    assert seen[1]["state"]["values"]["block1"]["pick"]["selected_user"] == "U0BEN"
    with pytest.raises(CannotDo, match="no menu 'Whose"):
        await ws.person("ana").choose("Whose?", "U0BEN", "general")


FIELDS: dict[str, dict[str, Any]] = {
    "sev": select(option("sev1"), option("sev2"), initial_option=option("sev2")),
    "who": {"type": "multi_users_select", "action_id": "pick"},
    "day": {"type": "datepicker", "action_id": "pick", "initial_date": "2033-01-03"},
    "time": {"type": "timepicker", "action_id": "pick"},
    "boxes": {"type": "checkboxes", "action_id": "pick", "options": [option("a"), option("b")]},
    "radio": {"type": "radio_buttons", "action_id": "pick", "options": [option("yes"), option("no")]},
}


async def ask_everything(ws: Workspace, client: AsyncWebClient) -> None:
    """A form with every kind of field, open for Ana."""
    blocks = [asked(element, optional=name == "time") | {"block_id": name} for name, element in FIELDS.items()]
    text = question("Why?", "why", min_length=3, max_length=9)
    view = modal(*blocks, text, callback_id="form")
    await client.views_open(trigger_id=ws.state.new_trigger("U0ANA"), view=view)


async def test_slacks_own_form_says_what_is_missing(ws: Workspace, client: AsyncWebClient) -> None:
    await ask_everything(ws, client)
    ana, required = ws.person("ana"), "Please complete this required field."
    with pytest.raises(CannotDo) as refused:
        await ana.fill(why="x").submit()
    assert refused.value.errors == {
        "who": required,
        "boxes": required,
        "radio": required,
        "why": "Please enter at least 3 characters.",
    }
    with pytest.raises(CannotDo, match="at most 9 characters"):
        await ana.fill(who=["U0BEN"], boxes=["a"], radio="no", why="x" * 10).submit()
    with pytest.raises(CannotDo, match="the form has no 'colour', but"):
        ana.fill(colour="red")
    with pytest.raises(CannotDo, match="'sev9' is not one of"):
        await ana.fill(sev="sev9").submit()


async def test_a_form_of_every_kind(ws: Workspace, bolt: AsyncApp, connected: Any, client: AsyncWebClient) -> None:
    taken: list[Any] = []

    @bolt.view("form")
    async def form(ack: Any, view: dict[str, Any]) -> None:
        await ack()
        taken.append(view["state"]["values"])

    await ask_everything(ws, client)
    await ws.person("ana").fill(who=["U0BEN"], boxes=["a"], radio="no", why="because").submit()
    (values,) = taken
    assert values["sev"]["pick"]["selected_option"]["value"] == "sev2"
    assert values["who"]["pick"]["selected_users"] == ["U0BEN"]
    assert values["day"]["pick"]["selected_date"] == "2033-01-03"
    assert values["time"]["pick"]["selected_time"] is None
    assert [each["value"] for each in values["boxes"]["pick"]["selected_options"]] == ["a"]
    assert values["radio"]["pick"]["selected_option"]["value"] == "no"
    assert values["why"]["answer"] == {"type": "plain_text_input", "value": "because"}


async def test_people_who_may_not(ws: Workspace) -> None:
    lobby = ws.add_channel("lobby", "ben")
    with pytest.raises(CannotDo, match="You are not in #lobby"):
        await ws.person("ana").say("lobby", "hello")
    with pytest.raises(CannotDo, match="not supported in threads"):
        await ws.person("ben").say("lobby", "/parrot", thread="1.000000")
    with pytest.raises(CannotDo, match="is not a valid command"):
        await ws.person("ben").say("lobby", "/dance")
    with pytest.raises(CannotDo, match="That thread is gone"):
        await ws.person("ben").say("lobby", "hello", thread="1.000000")
    ws.change_person("ben", deleted=True)
    with pytest.raises(CannotDo, match="deactivated"):
        await ws.person("ben").say("lobby", "hello")
    assert lobby.posts == []


async def test_doors(ws: Workspace) -> None:
    ben = ws.person("ben")
    secret = ws.add_channel("secret", "ana", private=True)
    with pytest.raises(CannotDo, match="sees no channel"):
        await ben.join(secret.id)
    ws.add_channel("old", "ana")
    with pytest.raises(CannotDo, match="not in that channel"):
        await ben.leave("old")
    with pytest.raises(CannotDo, match="not in that channel"):
        await ben.invite("old", "li")
    await ws.person("ana").archive("old")
    for refused in (ben.join("old"), ws.person("ana").say("old", "hello"), ws.person("ana").archive("old")):
        with pytest.raises(CannotDo):
            await refused
    assert ws.channel("old").members == ["ana"]
    assert ws.channel("old").archived


async def test_until_tells_what_happened_last(ws: Workspace) -> None:
    await ws.person("ana").say("general", "the last words")
    with pytest.raises(AssertionError, match=r"nothing like that within 0.1 s; (.|\n)*the last words"):
        await ws.until(lambda: False, seconds=0.1)


TYPED = {
    "hello @ben": "hello <@U0BEN>",
    "a <b> & c": "a &lt;b&gt; &amp; c",
    "mail ana@ben.test": "mail ana@ben.test",
    "see https://x.test/a?b=c#general, please": "see <https://x.test/a?b=c#general>, please",
    "https://x.test/@ana": "<https://x.test/@ana>",
    "@here @database @nobody": "<!here> <!subteam^S0DB> @nobody",
}


@pytest.mark.parametrize("words", TYPED)
async def test_what_is_typed_is_encoded(ws: Workspace, words: str) -> None:
    ws.add_group(Group("S0DB", "database", "Database", []))
    ts = await ws.person("ana").say("general", words)
    assert ws.state.messages[ws.channel("general").id][ts].text == TYPED[words]
    assert ws.person("ana").sees("general")[-1] == words


async def test_a_name_is_known_however_it_is_written(ws: Workspace) -> None:
    ts = await ws.person("ana").say("general", "hello @Ben")
    assert ws.state.messages[ws.channel("general").id][ts].text == "hello <@U0BEN>"
