"""Screens as text: what golden files of other tests hold."""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace import Workspace
from bot.workspace.screens import plain as shown
from tests.bot.workspace.app import actions, button, plain, question, section
from tests.bot.workspace.test_shapes import asked, option, picture, select

SCREEN: list[dict[str, Any]] = [
    {"type": "header", "text": plain("SEV1 · Investigating")},
    section("Orders are down, says <@U0ANA>", accessory=button("Take it", "take")),
    {"type": "section", "fields": [plain("Ana commands"), plain("Ben database")]},
    {"type": "divider"},
    {"type": "context", "elements": [{"type": "mrkdwn", "text": "since <!date^1^{time}|02:45>"}, picture()]},
    actions(button("Update", "update"), select(option("sev1"), placeholder=plain("Severity"))),
    section("More", accessory={"type": "overflow", "action_id": "o", "options": [option("Merge"), option("Close")]}),
    picture(),
    {"type": "markdown", "text": "# Review"},
]
TEXT = """SEV1 · Investigating
Orders are down, says @ana [Take it]
Ana commands
Ben database
---
since 02:45 (picture: a)
[Update] [Severity ▾]
More [Merge] [Close]
(picture: a)
# Review"""


async def test_a_screen(ws: Workspace, client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel="#general", text="not shown", blocks=SCREEN)
    assert ws.channel("general").last.text == TEXT
    await ws.person("ben").react("general", posted["ts"], "eyes")
    await ws.person("ben").say("general", "on it", thread=posted["ts"])
    await client.chat_postEphemeral(channel="#general", user="U0ANA", text="psst")
    assert ws.person("ana").sees("general")[-3:] == [f"{TEXT}\n:eyes: 1", "↳ on it", "👁 psst"]
    assert ws.person("ben").sees("general")[-2:] == [f"{TEXT}\n:eyes: 1", "↳ on it"]
    assert ws.channel("general").last.text_has("Ana commands")
    assert ws.channel("general").has("on it")
    assert not ws.channel("general").has("psst")


async def test_a_form(ws: Workspace, client: AsyncWebClient) -> None:
    blocks = [question("Why?", "why"), asked(select(option("a"), placeholder=plain("Choose")), optional=True)]
    view = {"type": "modal", "title": plain("Form"), "submit": plain("Send"), "close": plain("Never"), "blocks": blocks}
    await client.views_open(trigger_id=ws.state.new_trigger("U0ANA"), view=view)
    assert ws.person("ana").sees_modal() == "== Form ==\nWhy?: ____\nWhich? (optional): [Choose ▾]\n[Send] [Never]"


WORDS = {
    "<@U0ANA> <@U404>": "@ana @U404",
    "<#C404|gone>": "#gone",
    "<https://x.test|here> <https://x.test>": "here https://x.test",
    "&lt;b&gt; &amp;amp;": "<b> &amp;",
    "<!here>": "@here",
}


@pytest.mark.parametrize("words", WORDS)
async def test_tokens(ws: Workspace, words: str) -> None:
    assert shown(ws.state, words) == WORDS[words]
