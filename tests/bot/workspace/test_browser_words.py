"""The page in a real browser: how Slack's marks are read, keys alone, and a workspace that goes away."""

import pytest
from playwright.async_api import expect

from bot.workspace import Person, Workspace
from tests.bot.workspace.app import MANIFEST, PEOPLE
from tests.bot.workspace.browser import Tabs, browsing, line, messages
from tests.fakes import FakeClock, FakeIds

pytestmark = pytest.mark.slow

READ = """async (texts) => {
    const {mrkdwn} = await import("/static/mrkdwn.js");
    return texts.map((text) => { const box = document.createElement("div"); box.append(...mrkdwn(text)); return box.innerHTML; });
}"""
DOCUMENT = """async (texts) => {
    const {markdown} = await import("/static/markdown.js");
    return texts.map((text) => { const box = document.createElement("div"); box.append(...markdown(text)); return box.innerHTML; });
}"""
OUTSIDE = 'target="_blank" rel="noreferrer noopener"'
NOON = "2033-01-03T12:00:00.000Z"

MARKS = {
    "plain": "plain",
    "*bold* _slanted_ ~gone~": "<strong>bold</strong> <em>slanted</em> <s>gone</s>",
    "*bold _and slanted_ words*": "<strong>bold <em>and slanted</em> words</strong>",
    "snake_case_name and 2*3*4": "snake_case_name and 2*3*4",
    "* not bold * and *": "* not bold * and *",
    "*two\nlines*": "*two\nlines*",
    "(*bold*), *bold*.": "(<strong>bold</strong>), <strong>bold</strong>.",
    "`*code* <@U0ANA> :eyes: &lt;`": "<code>*code* &lt;@U0ANA&gt; :eyes: &lt;</code>",
    "*with `code` in it*": "<strong>with <code>code</code> in it</strong>",
    "a\n```\nx = *1*\n\ny\n```\nb": 'a<pre tabindex="0"><code>x = *1*\n\ny</code></pre>b',
    "&gt; a quote\n&gt; goes on\nafter": "<blockquote>a quote\ngoes on</blockquote>after",
    "1 &gt; 0 &amp;amp; &lt;b&gt;": "1 &gt; 0 &amp;amp; &lt;b&gt;",
    "<https://x.example/a?b=1&amp;c=2|the *graph*>": (
        f'<a href="https://x.example/a?b=1&amp;c=2" {OUTSIDE}>the *graph*</a>'
    ),
    "<mailto:a@b.example>": f'<a href="mailto:a@b.example" {OUTSIDE}>a@b.example</a>',
    "<javascript:alert(1)|click>": "click (javascript:alert(1))",
    "<data:text/html,x>": "&lt;data:text/html,x&gt;",
    "<@U0ANA> <@U0BEN> <@U404|zoe>": (
        '<span class="mention mine">@Ana Silva</span> <span class="mention">@Ben Okafor</span> '
        '<span class="mention">@zoe</span>'
    ),
    "<!here> <!subteam^S1|@db>": '<span class="mention mine">@here</span> <span class="mention mine">@db</span>',
    "<#C404|secret> <#C404>": '<span class="mention">#secret</span> <span class="mention">🔒 private channel</span>',
    "<!date^1988366400^{date_short_pretty} {time}|then>": (
        f'<time datetime="{NOON}" title="Monday, 3 January 2033, 12:00:00 WET">Today 12:00</time>'
    ),
    "since <!date^1988366400^{time_secs}|then>": (
        f'since <time datetime="{NOON}" title="Monday, 3 January 2033, 12:00:00 WET">12:00:00</time>'
    ),
    "<!date^never^{time}|then>": "then",
    ":eyes: at 12:30:45 :unknown_thing:": "👀 at 12:30:45 :unknown_thing:",
    "\ue0000\ue001": "\ufffd0\ufffd",
}
MARKDOWN = {
    "# A\n\nb **c** `d`\ne": "<h2>A</h2><p>b <strong>c</strong> <code>d</code>\ne</p>",
    "- a\n  - b\n- [x] c": '<ul><li>a<ul><li>b</li></ul></li><li class="todo">☑ c</li></ul>',
    "```sh\n# <b>\n```": '<pre tabindex="0"><code># &lt;b&gt;</code></pre>',
    "[x](javascript:alert(1)) <img src=x>": "<p>x (javascript:alert(1)) &lt;img src=x&gt;</p>",
    "> a\n> b\n\n---": "<blockquote><p>a\nb</p></blockquote><hr>",
    "| a | b |\n|---|---|\n| 1 | |": (
        '<div class="wide" tabindex="0"><table><thead><tr><th>a</th><th>b</th></tr></thead>'
        "<tbody><tr><td>1</td><td></td></tr></tbody></table></div>"
    ),
}


async def test_marks_are_read_as_slack_reads_them(ws: Workspace, tab: Tabs) -> None:
    page = await tab("ana")
    await expect(page.locator(".grey")).to_be_visible()
    assert dict(zip(MARKS, await page.evaluate(READ, list(MARKS)), strict=True)) == MARKS
    assert dict(zip(MARKDOWN, await page.evaluate(DOCUMENT, list(MARKDOWN)), strict=True)) == MARKDOWN


async def test_the_keyboard_alone_is_enough(ws: Workspace, tab: Tabs) -> None:
    for words in ("one", "two", "three"):
        await ws.person("ben").say("general", words)
    page = await tab("ana")
    await expect(line(page)).to_be_focused()
    await expect(messages(page)).to_have_count(3)
    await page.keyboard.press("Shift+Tab")
    await expect(messages(page).last).to_be_focused()
    await page.keyboard.press("ArrowUp")
    await expect(messages(page).nth(1)).to_be_focused()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(messages(page).nth(1).locator(".chip").first).to_have_text("📌1")
    await expect(page.get_by_role("button", name="Pushpin: keep this")).to_be_focused()


async def test_another_person_is_played_in_the_same_tab_and_drafts_stay_his(ws: Workspace, tab: Tabs) -> None:
    room = ws.add_channel("secret", "ana", private=True)
    await ws.person("ana").say(room.id, "only for me")
    page = await tab("ana")
    await line(page).fill("a draft of Ana's")
    await page.get_by_role("link", name="secret").click()
    await expect(messages(page)).to_contain_text("only for me")
    await page.get_by_role("navigation", name="You are").get_by_role("link", name="Ben").click()
    await expect(page).to_have_title("#general · Ben")
    await expect(page.get_by_text("only for me")).to_have_count(0)
    await expect(page.get_by_role("link", name="secret")).to_have_count(0)
    await expect(line(page)).to_have_value("")
    await page.get_by_role("navigation", name="You are").get_by_role("link", name="Ana").click()
    await expect(line(page)).to_have_value("a draft of Ana's")


async def test_the_page_comes_back_with_the_workspace(clock: FakeClock) -> None:
    people = [Person(**each) for each in PEOPLE]
    first = Workspace(MANIFEST, people, clock, FakeIds())
    async with browsing(first) as tab:
        async with first:
            first.add_channel("general", "ana")
            page = await tab("ana")
            port = int(first.url.rpartition(":")[2])
        await expect(page.get_by_role("status")).to_contain_text("The workspace does not answer")
        async with Workspace(MANIFEST, people, clock, FakeIds(), port=port) as second:
            second.add_channel("general", "ana")
            await second.person("ana").say("general", "here again")
            await expect(messages(page).last).to_contain_text("here again")
            await expect(page.get_by_role("status")).to_be_hidden()
            await page.close()
        tab.complaints.clear()  # the browser itself complains of the time between
