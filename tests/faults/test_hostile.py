"""F26, F27, F28: what a sender writes into labels and annotations, through card, plan, approval and argv."""

import json

import pytest

from tests.stories.story import Story

TITLE = "<!channel> <@U0EVIL> <https://evil.example|Approve> `rm` *bold* {{ 7*7 }} ${host} %(x)s {0.a} \u202eevil\u200b"
NEVER = ("<!channel>", "<@U0EVIL>", "<https://evil", "\u202e", "\u200b", "`rm`", "*bold*")
KEPT = ("{{ 7*7 }}", "${host}", "%(x)s", "{0.a}")
"""Shown as they are: nothing evaluates them."""


def everything(story: Story) -> str:
    """All blocks that the bot has sent, as sent. (A topic has no markup, and the text beside blocks is escaped.)"""
    calls = story.workspace.state.calls
    return "\n".join(json.dumps(call.args.get("blocks", ""), ensure_ascii=False) for call in calls)


async def test_hostile_words_are_shown_and_never_read(story: Story) -> None:
    """F26, F27: in the title, the service, and every screen that shows them up to the post-mortem."""
    await story.alert("Hung", service="<!here|x> `${host}`", summary=TITLE)
    await story.ana.actor.join(story.channel.id)
    await story.ana.types("ack")
    await story.ana.click("No")
    await story.ana.types("note <!channel> look at {{ 7*7 }} `rm`")
    await story.ana.types("sev 1 <https://evil.example|Approve>")
    assert "{{ 7*7 }}" in await story.ana.types("timeline")
    await story.ana.types("resolve")
    sent = everything(story)
    assert [bad for bad in NEVER if bad in sent] == []
    assert "<!here" not in sent
    texts = [str(call.args.get("text", "")) for call in story.workspace.state.calls]
    assert not [text for text in texts if "<!channel" in text or "<@U0EVIL" in text or "<https://evil" in text]
    assert story.ana.reads("<!channel> look at {{ 7*7 }} ˋrmˋ")
    assert [word for word in KEPT if word not in sent] == []
    [draft] = story.channel.files
    assert "<!channel>" not in draft["text"]
    assert set(story.channel.name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


@pytest.mark.slow
@pytest.mark.parametrize(
    "target",
    ["; rm -rf /$(id)", "-rf", "gw-1/../../admin", "gw-1\ngw-2", ""],
)
async def test_a_hostile_target_is_refused_with_the_reason(story: Story, target: str) -> None:
    """F28: whatever stands in the label, nothing is run, nobody is even asked, and people go on by hand."""
    await story.alert("Hung", service="gateway", instance=target)
    await story.ana.types("ack")
    await story.ana.click("No")
    assert story.ana.reads("Not run:")
    assert not story.ana.reads("[Approve]")
    assert story.machine.restarts == []
    assert story.ana.reads("[Done by hand]")


async def test_a_program_gets_its_words_one_by_one(unbegun: Story) -> None:
    """F28, F29: no shell; a label is one argument, and no label becomes an environment variable."""
    story = unbegun
    place = story.folder / "programs"
    place.mkdir(mode=0o700)
    (place / "say").write_text(f'#!/bin/sh\nprintf "%s\\n" "$#" "$@" > {story.folder}/said\nenv > {story.folder}/env\n')
    (place / "say").chmod(0o700)
    url = f'  http: {{method: POST, url: "http://{story.machine.host}/restart/${{host}}", expect: 200}}'
    story.configure(
        "plans/restart.md",
        (url, f'  run: ["{place}/say", "--", "${{host}}", "${{words}}"]'),
        ("params:\n", 'params:\n  words: {type: string, pattern: "[^-].*", from: label.words}\n'),
    )
    await story.start()
    assert story.running.warnings == ()
    hostile = '$(touch /tmp/x); `id` | "quoted" && -rf'
    await story.alert("Hung", service="gateway", words=hostile, LD_PRELOAD="/evil.so", PATH="/evil")
    await story.ana.types("ack")
    await story.ana.click("No")
    await story.ben.click("Approve", "@tocsin")
    await story.until(lambda: (story.folder / "env").exists() and story.ana.reads("restart"))
    assert (story.folder / "said").read_text().splitlines() == ["3", "--", "gw-1", hostile]
    assert "evil" not in (story.folder / "env").read_text()
