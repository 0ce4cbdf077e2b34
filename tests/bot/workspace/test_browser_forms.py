"""The page in a real browser: what an app sends, how it is used, and what must never run."""

import re
from time import perf_counter
from typing import Any

import pytest
from playwright.async_api import Page, expect
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace import Workspace
from tests.bot.workspace.app import actions, button, modal, plain, question, section
from tests.bot.workspace.browser import Tabs, line, messages
from tests.bot.workspace.test_shapes import option

pytestmark = pytest.mark.slow


async def test_a_button_tells_the_app_and_the_message_changes(
    ws: Workspace, tab: Tabs, bolt: AsyncApp, connected: Any, client: AsyncWebClient
) -> None:
    @bolt.action("press")
    async def pressed(ack: Any, respond: Any) -> None:
        await ack()
        await respond(replace_original=True, text="x", blocks=[section("✓ done by Ana")])

    really = {"title": plain("Sure?"), "text": plain("It runs."), "confirm": plain("Run it"), "deny": plain("Wait")}
    await client.chat_postMessage(
        channel="#general", text="x", blocks=[actions(button("Run", style="danger", confirm=really))]
    )
    page = await tab("ana")
    await page.get_by_role("button", name="Run").click()
    await page.get_by_role("dialog").get_by_role("button", name="Wait").click()
    await page.get_by_role("button", name="Run").click()
    await page.get_by_role("dialog").get_by_role("button", name="Run it").click()
    await expect(messages(page).last).to_contain_text("✓ done by Ana")
    assert page.url.endswith(ws.channel("general").id)


async def test_a_button_that_nobody_answers_says_so(ws: Workspace, tab: Tabs, client: AsyncWebClient) -> None:
    await client.chat_postMessage(channel="#general", text="x", blocks=[actions(button("Run"))])
    page = await tab("ana")
    await page.get_by_role("button", name="Run").click()
    await expect(page.get_by_role("alert")).to_contain_text("isn't responding")


async def open_form(bolt: AsyncApp, view: dict[str, Any], page: Page) -> None:
    @bolt.command("/parrot")
    async def opens(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    await line(page).fill("/parrot")
    await line(page).press("Enter")


async def test_a_form_is_wrong_then_right(ws: Workspace, tab: Tabs, bolt: AsyncApp, connected: Any) -> None:
    taken: list[str] = []

    @bolt.view("update")
    async def sent(ack: Any, view: dict[str, Any]) -> None:
        said = view["state"]["values"]["doing"]["answer"]["value"]
        if len(said) < 12:
            await ack(response_action="errors", errors={"doing": "One sentence, please."})
            return
        taken.append(said)
        await ack()

    page = await tab("ana")
    what = question("What is broken?", "what", multiline=True) | {"optional": True}
    await open_form(bolt, modal(what, question("What are we doing?", "doing"), callback_id="update"), page)
    dialog = page.get_by_role("dialog", name="Form")
    await expect(dialog.get_by_label("What is broken?")).to_be_focused()
    await dialog.get_by_role("button", name="Send").click()
    await expect(dialog).to_contain_text("Please complete this required field.")
    doing = dialog.get_by_label("What are we doing?")
    await expect(doing).to_be_focused()
    await doing.fill("short")
    await expect(dialog).not_to_contain_text("required field")
    await doing.press("Enter")
    await expect(dialog).to_contain_text("One sentence, please.")
    await expect(doing).to_have_attribute("aria-invalid", "true")
    await doing.fill("Promoting the standby.")
    await doing.press("Enter")
    await expect(dialog).to_be_hidden()
    assert taken == ["Promoting the standby."]
    await expect(line(page)).to_be_focused()


async def test_a_form_that_changes_keeps_what_was_typed_and_a_stack_goes_back(
    ws: Workspace, tab: Tabs, bolt: AsyncApp, connected: Any
) -> None:
    first = modal(question("Name", "name"), actions(button("More", "more"), button("Next", "next")), title="First")

    @bolt.action("more")
    async def more(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        view = modal(section("Here is more."), question("Name", "name"), title="First")
        await client.views_update(view_id=body["view"]["id"], view=view)

    @bolt.action("next")
    async def further(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        await client.views_push(trigger_id=body["trigger_id"], view=modal(section("Deeper."), title="Second"))

    page = await tab("ana")
    await open_form(bolt, first, page)
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Name").fill("orders-db")
    await dialog.get_by_role("button", name="Next").click()
    await expect(dialog.get_by_role("heading", name="Second")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(dialog.get_by_role("heading", name="First")).to_be_visible()
    await expect(dialog.get_by_label("Name")).to_have_value("orders-db")
    await dialog.get_by_role("button", name="More").click()
    await expect(dialog).to_contain_text("Here is more.")
    await expect(dialog.get_by_label("Name")).to_have_value("orders-db")
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()


def asked(label: str, element: dict[str, Any]) -> dict[str, Any]:
    block = {"type": "input", "block_id": label.lower(), "label": plain(label), "optional": True}
    return block | {"element": {"action_id": "a", **element}}


async def test_every_element_says_what_was_chosen(ws: Workspace, tab: Tabs, bolt: AsyncApp, connected: Any) -> None:
    values: dict[str, Any] = {}

    @bolt.view("all")
    async def sent(ack: Any, view: dict[str, Any]) -> None:
        await ack()
        values.update({block: entry["a"] for block, entry in view["state"]["values"].items()})

    two = [option("One"), option("Two")]
    blocks = [
        asked("Choice", {"type": "static_select", "options": two, "initial_option": two[0]}),
        asked("Person", {"type": "users_select"}),
        asked("Boxes", {"type": "checkboxes", "options": two, "initial_options": [two[0]]}),
        asked("Radio", {"type": "radio_buttons", "options": two}),
        asked("Day", {"type": "datepicker", "initial_date": "2033-01-03"}),
        asked("Time", {"type": "timepicker"}),
        asked("Several", {"type": "multi_static_select", "options": two}),
        asked("People", {"type": "multi_users_select"}),
    ]
    page = await tab("ana")
    await open_form(bolt, modal(*blocks, callback_id="all"), page)
    await page.get_by_label("Choice").select_option("Two")
    await page.get_by_label("Person").select_option("Ben Okafor")
    await page.get_by_role("group", name="Boxes").get_by_label("Two").check()
    await page.get_by_role("radiogroup", name="Radio").get_by_label("Two").check()
    await page.get_by_label("Time").fill("02:45")
    await page.get_by_role("group", name="Several").get_by_label("One").check()
    await page.get_by_role("group", name="People").get_by_label("Li Wei").check()
    await page.get_by_role("dialog").get_by_role("button", name="Send").click()
    await expect(page.get_by_role("dialog")).to_be_hidden()
    assert values["choice"]["selected_option"]["value"] == two[1]["value"]
    assert values["person"]["selected_user"] == "U0BEN"
    assert len(values["boxes"]["selected_options"]) == 2
    assert values["radio"]["selected_option"]["value"] == two[1]["value"]
    assert values["day"]["selected_date"] == "2033-01-03"
    assert values["time"]["selected_time"] == "02:45"
    assert [each["value"] for each in values["several"]["selected_options"]] == [two[0]["value"]]
    assert values["people"]["selected_users"] == ["U0LI"]


async def test_menus_in_a_message(
    ws: Workspace, tab: Tabs, bolt: AsyncApp, connected: Any, client: AsyncWebClient
) -> None:
    @bolt.action(re.compile("pick|more"))
    async def picked(ack: Any, action: dict[str, Any], respond: Any) -> None:
        await ack()
        await respond(f"picked {action['selected_option']['value']}", replace_original=False)

    pick = {"type": "static_select", "action_id": "pick", "placeholder": plain("Severity"), "options": [option("Two")]}
    more = {"type": "overflow", "action_id": "more", "options": [option("Archive")]}
    await client.chat_postMessage(channel="#general", text="x", blocks=[section("x", accessory=more), actions(pick)])
    page = await tab("ana")
    await messages(page).first.get_by_role("combobox").select_option("Two")
    await expect(messages(page).last).to_contain_text("picked")
    await messages(page).first.locator(".accessory button").click()
    await page.get_by_role("menuitem", name="Archive").press("Enter")
    await expect(messages(page)).to_have_count(3)


async def test_what_somebody_writes_is_never_run(ws: Workspace, tab: Tabs, client: AsyncWebClient) -> None:
    evil = "<img src=x onerror=alert(1)> <script>alert(1)</script> <javascript:alert(1)|click> &lt;b&gt;"
    ws.add_channel("ops", "ana", "ben")
    await ws.person("ben").say("general", evil)
    await client.chat_postMessage(
        channel="#general", text="x", blocks=[section(evil), {"type": "markdown", "text": evil}]
    )
    await client.conversations_setTopic(channel=ws.channel("general").id, topic="<img src=x onerror=alert(1)>")
    page = await tab("ana")
    asked: list[str] = []
    page.on("dialog", lambda dialog: asked.append(dialog.message))
    await expect(messages(page).first).to_contain_text("<img src=x onerror=alert(1)> <script>alert(1)</script>")
    await expect(messages(page).last).to_contain_text("click (javascript:alert(1))")
    assert await page.locator("article img:not(.avatar), article script, article a[href^=java]").count() == 0
    assert asked == []


async def test_five_hundred_messages_stay_quick(ws: Workspace, tab: Tabs) -> None:
    for n in range(500):
        await ws.person("ben").say("general", f"message {n} with *some* `code` in it")
    page = await tab("ana")
    await expect(messages(page)).to_have_count(100)
    script = """async () => { const {changed} = await import('/static/store.js'); const began = performance.now();
        changed(); await new Promise((done) => setTimeout(done, 0)); return performance.now() - began; }"""
    assert await page.evaluate(script) < 1_000
    began = perf_counter()
    await ws.person("ben").say("general", "the last")
    await expect(messages(page).last).to_contain_text("the last")
    assert perf_counter() - began < 5


async def test_the_home_tab(ws: Workspace, tab: Tabs, bolt: AsyncApp, connected: Any) -> None:
    @bolt.event("app_home_opened")
    async def opened(event: dict[str, Any], client: AsyncWebClient) -> None:
        view = {"type": "home", "blocks": [{"type": "header", "text": plain("What waits for you")}]}
        await client.views_publish(user_id=event["user"], view=view)

    page = await tab("ana")
    await page.get_by_role("navigation", name="Places").get_by_role("button", name="Parrot").click()
    await page.get_by_role("link", name="Home").click()
    await expect(page.get_by_role("heading", name="What waits for you")).to_be_visible()


async def test_a_file_opens_as_what_it_says(ws: Workspace, tab: Tabs, client: AsyncWebClient) -> None:
    text = "# Review\n\n| who | when |\n|---|---|\n| Ana | 02:47 |\n\n- [ ] a <img src=x> proof\n"
    await client.files_upload_v2(
        channel=ws.channel("general").id, filename="review.md", content=text, title="Review of INC-1"
    )
    page = await tab("ana")
    await page.get_by_role("button", name="Review of INC-1").click()
    dialog = page.get_by_role("dialog", name="Review of INC-1")
    await expect(dialog.get_by_role("cell", name="Ana")).to_be_visible()
    await expect(dialog.get_by_role("listitem")).to_have_text("☐ a <img src=x> proof")
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)


async def test_faults_are_switched_in_the_page(ws: Workspace, tab: Tabs) -> None:
    page = await tab("ana")
    await page.get_by_role("button", name="Faults").click()
    await page.get_by_role("checkbox", name="dropped calls").check()
    await expect(page.get_by_role("checkbox", name="dropped calls")).to_be_focused()
    assert [fault.trouble for fault in ws.gate.faults] == ["lost"]
