"""The page in a real browser: what people see and type in channels and threads."""

from typing import Any

import pytest
from playwright.async_api import expect
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace import Workspace
from tests.bot.workspace.app import actions, button, section
from tests.bot.workspace.browser import Tabs, line, messages, wide

pytestmark = pytest.mark.slow


async def test_what_one_says_the_others_see_at_once_in_their_own_time(ws: Workspace, tab: Tabs) -> None:
    ana, li = await tab("ana"), await tab("li")
    await line(ana).fill("standby is *healthy*, ask @ben")
    await line(ana).press("Escape")
    await line(ana).press("Enter")
    said = messages(li).last
    await expect(said).to_contain_text("standby is healthy, ask @Ben Okafor")
    await expect(said.locator("strong")).to_have_text("healthy")
    await expect(said.locator("time").first).to_have_text("17:00")
    await expect(said.locator("time").first).to_have_attribute("title", "Monday, 3 January 2033, 17:00:00 GMT+8")
    await expect(messages(ana).last.locator("time").first).to_have_text("09:00")
    await expect(line(ana)).to_have_value("")


async def test_who_came_is_one_grey_line_and_one_sender_one_run(ws: Workspace, tab: Tabs) -> None:
    await ws.person("ana").say("general", "one")
    await ws.person("ana").say("general", "two")
    page = await tab("ben")
    await expect(page.locator(".grey")).to_contain_text("Ana Silva, Ben Okafor, Li Wei and Parrot joined")
    assert await page.locator(".grey").count() == 1
    await expect(page.locator(".message .head")).to_have_count(1)
    await expect(page.locator(".day")).to_have_text("Today")


async def test_shift_enter_breaks_the_line_and_a_half_made_word_is_not_sent(ws: Workspace, tab: Tabs) -> None:
    page = await tab("ana")
    await line(page).fill("one")
    await line(page).press("Shift+Enter")
    await line(page).press_sequentially("two")
    await expect(line(page)).to_have_value("one\ntwo")
    await line(page).evaluate(
        "(area) => area.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true}))"
    )
    await expect(line(page)).to_have_value("one\ntwo")
    await line(page).press("Enter")
    await expect(messages(page).last).to_contain_text("one\ntwo")


async def test_focus_caret_and_half_typed_words_stay_while_messages_arrive(ws: Workspace, tab: Tabs) -> None:
    page = await tab("ana")
    await line(page).fill("half typed")
    await line(page).evaluate("(area) => area.setSelectionRange(4, 4)")
    for n in range(5):
        await ws.person("ben").say("general", f"message {n}")
    await expect(messages(page).last).to_contain_text("message 4")
    await line(page).press("X")
    await expect(line(page)).to_have_value("halfX typed")


async def test_a_button_keeps_the_focus_when_its_message_changes(
    ws: Workspace, tab: Tabs, client: AsyncWebClient
) -> None:
    def blocks(words: str) -> list[dict[str, Any]]:
        return [section(words), actions(button("Done"), button("Skip", "skip"), block_id="row")]

    posted = await client.chat_postMessage(channel="#general", text="x", blocks=blocks("2 min left"))
    page = await tab("ana")
    await page.get_by_role("button", name="Skip").focus()
    await client.chat_update(channel=posted["channel"], ts=posted["ts"], text="x", blocks=blocks("1 min left"))
    await expect(messages(page).last).to_contain_text("1 min left")
    await expect(page.get_by_role("button", name="Skip")).to_be_focused()


async def test_a_command_is_completed_and_answered_to_that_person_alone(
    ws: Workspace, tab: Tabs, bolt: AsyncApp, connected: Any
) -> None:
    @bolt.command("/parrot")
    async def say_again(ack: Any, command: dict[str, Any]) -> None:
        await ack(f"You said {command['text']}")

    ana, ben = await tab("ana"), await tab("ben")
    await line(ana).press_sequentially("/pa")
    await expect(ana.get_by_role("option")).to_have_text("/parrotword  Says it again")
    await line(ana).press("Tab")
    await line(ana).press_sequentially("hello")
    await line(ana).press("Enter")
    await expect(messages(ana).last).to_contain_text("Only visible to you")
    await expect(messages(ana).last).to_contain_text("You said hello")
    await ws.person("ana").say("general", "over")
    await expect(messages(ben)).to_have_count(1)


async def test_a_command_that_fails_is_told_and_can_be_sent_again(ws: Workspace, tab: Tabs) -> None:
    page = await tab("ana")
    await line(page).fill("/nothing at all")
    await line(page).press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("/nothing is not a valid command")
    await expect(line(page)).to_have_value("/nothing at all")


async def test_a_reaction_comes_and_goes(ws: Workspace, tab: Tabs) -> None:
    await ws.person("ben").say("general", "found it")
    page, ben = await tab("ana"), await tab("ben")
    await messages(page).last.hover()
    pin = page.get_by_role("toolbar").get_by_role("button", name="Pushpin: keep this")
    await pin.click()
    await expect(messages(ben).last.locator(".chip").first).to_have_text("📌1")
    mine = page.get_by_role("button", name="Ana Silva reacted with :pushpin:")
    await expect(mine).to_have_attribute("aria-pressed", "true")
    await pin.click()
    await expect(mine).to_have_count(0)
    await page.get_by_role("toolbar").get_by_role("button", name="Add a reaction").click()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Ana Silva reacted with :-1:")).to_be_visible()


async def test_a_thread_is_beside_the_channel_and_escape_closes_it(ws: Workspace, tab: Tabs) -> None:
    await ws.person("ben").say("general", "found it")
    page, ben = await tab("ana"), await tab("ben")
    await messages(page).last.hover()
    await page.get_by_role("button", name="Reply in thread").click()
    thread = page.get_by_role("complementary", name="Thread")
    await expect(thread.get_by_role("combobox")).to_be_focused()
    await page.keyboard.type("well done")
    await page.keyboard.press("Enter")
    await expect(thread.get_by_role("article").last).to_contain_text("well done")
    await expect(messages(ben)).to_have_count(1)
    await ben.get_by_role("button", name="1 reply").click()
    await expect(ben.get_by_role("complementary", name="Thread")).to_contain_text("well done")
    await page.keyboard.press("Escape")
    await expect(thread).to_be_hidden()
    await expect(line(page)).to_be_focused()


async def test_an_own_message_is_edited_and_deleted(ws: Workspace, tab: Tabs) -> None:
    page = await tab("ana")
    await line(page).fill("restart gw-3 & ask @ben now")
    await line(page).press("Enter")
    await expect(messages(page)).to_have_count(1)
    await line(page).press("ArrowUp")
    edit = page.get_by_role("textbox", name="Edit message")
    await expect(edit).to_have_value("restart gw-3 & ask @ben now")
    await edit.fill("restart gw-4")
    await edit.press("Enter")
    await expect(messages(page).last).to_contain_text("restart gw-4 (edited)")
    await messages(page).last.hover()
    await page.get_by_role("toolbar").get_by_role("button", name="More").click()
    await page.get_by_role("menuitem", name="Delete message").click()
    await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await expect(messages(page)).to_have_count(0)


async def test_what_is_new_is_marked_until_it_was_read(ws: Workspace, tab: Tabs) -> None:
    ws.add_channel("ops", "ana", "ben")
    page = await tab("ana")
    await ws.person("ben").say("ops", "look")
    await ws.person("ben").say("ops", "@ana, please")
    ops = page.get_by_role("navigation", name="Places").get_by_role("link", name="ops")
    await expect(ops.locator(".count")).to_have_text("1")
    await expect(page).to_have_title("(1) #general · Ana")
    await ops.click()
    await expect(messages(page).last).to_contain_text("please")
    await page.get_by_role("link", name="general").click()
    await expect(ops.locator(".count")).to_have_count(0)
    await ws.person("ben").say("ops", "and now?")
    await ops.click()
    await expect(page.locator(".unread + .message, .unread ~ .message").first).to_contain_text("and now?")


@pytest.mark.parametrize("width", [1280, 390])
async def test_nothing_is_wider_than_the_screen(ws: Workspace, tab: Tabs, client: AsyncWebClient, width: int) -> None:
    await ws.person("ana").say("general", f"{'a' * 300} `{'b' * 300}` ```{'c' * 300}```")
    long = [section("d" * 200, fields=[{"type": "mrkdwn", "text": "e" * 200}], accessory=button("f" * 70))]
    await client.chat_postMessage(
        channel="#general", text="x", blocks=[*long, actions(*(button("g" * 70, f"a{n}") for n in range(3)))]
    )
    page = await tab("ana", width, touch=width < 500)
    await expect(messages(page)).to_have_count(2)
    assert await wide(page) == 0


async def test_on_a_small_screen_the_places_are_behind_a_button(ws: Workspace, tab: Tabs) -> None:
    ws.add_channel("ops", "ana", "ben")
    page = await tab("ana", 390, touch=True)
    ops = page.get_by_role("link", name="ops")
    await expect(ops).to_be_hidden()
    await page.get_by_role("button", name="Channels and people").tap()
    await ops.tap()
    await expect(page.get_by_role("heading", name="# ops")).to_be_visible()
    await expect(ops).to_be_hidden()


async def test_do_not_disturb_and_the_links_under_a_channels_name(
    ws: Workspace, tab: Tabs, client: AsyncWebClient
) -> None:
    """Who pauses what Slack shows them is seen to by the others; a link that changes leads elsewhere."""
    channel = ws.channel("general").id
    made = await client.bookmarks_add(channel_id=channel, title="Bridge", type="link", link="https://x.test")
    page, ben = await tab("ana"), await tab("ben")
    bar = page.get_by_role("navigation", name="Bookmarks")
    await expect(bar.get_by_role("link", name="Bridge")).to_have_attribute("href", "https://x.test")
    await client.bookmarks_edit(channel_id=channel, bookmark_id=made["bookmark"]["id"], link="https://y.test")
    await expect(bar.get_by_role("link", name="Bridge")).to_have_attribute("href", "https://y.test")
    pause = page.get_by_role("button", name="Pause notifications")
    await pause.click()
    await expect(page.get_by_role("button", name="Notifications are paused")).to_have_attribute("aria-pressed", "true")
    await expect(ben.get_by_role("navigation", name="You are")).to_contain_text("🌙")
    assert (await client.dnd_info(user="U0ANA"))["dnd_enabled"] is True
    await page.get_by_role("button", name="Notifications are paused").click()
    await expect(pause).to_be_visible()
    assert (await client.dnd_info(user="U0ANA"))["dnd_enabled"] is False
