"""What a channel's purpose says: our mark, and whether what is written there is kept."""

from dataclasses import replace

import pytest

from bot import locale
from bot.domain.organisation import Organisation, Transcript
from bot.domain.terms import Status
from bot.domain.transcript import purpose_key
from bot.ports import Done, GiveUp, MessageAt, Retry
from bot.slack.chat import SlackChat
from bot.slack.purposes import ASKED_AGAIN, LONGEST, mark, purpose
from bot.workspace import Workspace
from tests.bot.slack.samples import INCIDENT
from tests.bot.slack.stage import Playing, effect

HERE = mark("here")
KEPT = "What people write here is kept with the incident."
SAYS = effect("purpose", "purpose")
KEEP, ALL = Organisation(transcript=Transcript(True)), Organisation(transcript=Transcript(True, True))


@pytest.mark.parametrize(
    ("title", "instance", "private", "said", "wanted"),
    [
        ("Orders fail.", "here", False, "", f"INC-42 · Orders fail · {HERE}"),
        ("Orders fail", "here", False, KEPT, f"INC-42 · Orders fail · {KEPT} · {HERE}"),
        ("Orders fail", "here", True, KEPT, f"INC-42 · {KEPT} · {HERE}"),
        ("Orders fail", "here", True, "", f"INC-42 · {HERE}"),
        ("", "here", False, "", f"INC-42 · {HERE}"),
        ("Orders fail", "", False, "", "INC-42 · Orders fail · tocsin"),
    ],
)
def test_what_it_says(title: str, instance: str, private: bool, said: str, wanted: str) -> None:
    assert purpose(replace(INCIDENT, title=title), instance, private, said) == wanted


def test_it_has_no_link() -> None:
    assert "tocsin.example" not in purpose(INCIDENT, "https://tocsin.example", private=False)


def test_a_long_title_gives_way() -> None:
    found = purpose(replace(INCIDENT, title="x" * 300), "here", False, KEPT)
    assert (len(found), found[-73:]) == (LONGEST, f"xx… · {KEPT} · {HERE}")


async def said(play: Playing, chat: SlackChat) -> tuple[str, str]:
    """The purpose in Slack, and what our row says of it."""
    row = play.store.messages[purpose_key(42)]
    return (await chat.channel(row.channel)).purpose, row.ts


async def test_it_follows_the_setting_and_the_language(ws: Workspace, play: Playing, chat: SlackChat) -> None:
    play.told = KEEP
    await play.room()
    assert await said(play, chat) == (f"INC-42 · Orders cannot be placed · {KEPT} · {HERE}", KEPT)
    play.told = Organisation()
    assert isinstance(await play.do(SAYS), Done)
    assert await said(play, chat) == (f"INC-42 · Orders cannot be placed · {HERE}", "")
    play.told = KEEP
    locale.speak("zh-CN")
    try:
        await play.do(SAYS)
    finally:
        locale.speak("en")
    shown, row = await said(play, chat)
    assert row
    assert (row in shown, KEPT in shown) == (True, False)


async def test_a_private_one_is_kept_only_where_the_setting_says_so(play: Playing, chat: SlackChat) -> None:
    play.store.incident_now = replace(play.store.incident_now, private=True)
    play.told = KEEP
    await play.room(private=True)
    assert await said(play, chat) == (f"INC-42 · {HERE}", "")
    play.told = ALL
    await play.do(SAYS)
    assert await said(play, chat) == (f"INC-42 · {KEPT} · {HERE}", KEPT)


async def test_a_channel_that_says_so_is_known_as_ours_after_a_crash(
    ws: Workspace, play: Playing, chat: SlackChat
) -> None:
    """And its purpose is brought up to date, if the setting has changed meanwhile."""
    play.told = KEEP
    await play.room()
    play.told = Organisation()
    again = await play.do(effect("channel", "channel", name="inc-42-orders-db-down", private=False), again=True)
    assert isinstance(again, Done)
    assert [channel.name for channel in ws.state.channels.values()].count("inc-42-orders-db-down") == 1
    assert not [channel for channel in ws.state.channels.values() if channel.name.startswith("inc-42-orders-db-down-")]
    assert await said(play, chat) == (f"INC-42 · Orders cannot be placed · {HERE}", "")


async def test_a_channel_that_an_earlier_version_named_by_our_address_is_ours(play: Playing, chat: SlackChat) -> None:
    """It gives people a link behind which there is nothing."""
    play.told = KEEP
    room = await play.room()
    await chat.set_purpose(room, "INC-42 · Orders cannot be placed · here")
    await play.do(SAYS)
    assert await said(play, chat) == (f"INC-42 · Orders cannot be placed · {KEPT} · {HERE}", KEPT)


async def test_words_of_people_are_left_alone(play: Playing, chat: SlackChat) -> None:
    """Of a channel that was there before, or of ours that they changed: then nothing is kept, for nothing says so."""
    play.told = KEEP
    room = await play.room()
    await chat.set_purpose(room, "Everything about the database")
    done = await play.do(SAYS)
    assert isinstance(done, Done)
    assert done.rows == (MessageAt(purpose_key(42), "inc:42", "purpose", room, ""),)
    assert (await chat.channel(room)).purpose == "Everything about the database"


async def test_a_rule_that_forbids_it_may_be_lifted(ws: Workspace, play: Playing, chat: SlackChat) -> None:
    """As long as the incident is open, Slack is asked again; nothing is kept until it says so."""
    await play.room()
    play.told = KEEP
    ws.fault("conversations.setPurpose", "error", times=2, code="restricted_action")
    assert await play.do(SAYS) == Retry(ASKED_AGAIN, "restricted_action", counted=False)
    assert await said(play, chat) == (f"INC-42 · Orders cannot be placed · {HERE}", "")
    opened = play.store.incident_now
    play.store.incident_now = replace(opened, status=Status.RESOLVED)
    assert await play.do(SAYS) == GiveUp("restricted_action")
    play.store.incident_now = opened
    assert isinstance(await play.do(SAYS), Done)
    assert await said(play, chat) == (f"INC-42 · Orders cannot be placed · {KEPT} · {HERE}", KEPT)
