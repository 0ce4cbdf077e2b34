"""After a call that went out late: a process that stood still had begun it, and somebody else has done the same meanwhile.

What stands twice is found by its key and marked; what may show an older state is brought up to date.
"""

from dataclasses import replace

from bot.domain.terms import number_of
from bot.ports import Call, Done, Message, MessageAt, Outcome
from bot.slack import blocks, posts, purposes, rooms
from bot.slack.show import Mrkdwn
from bot.slack.surfaces import Stage
from bot.text import Link, PlainShow, render, t

TWICE = ":twice"
"""Ends the key of what has been marked, so that it is not taken for the one that counts."""


async def mend(stage: Stage, call: Call) -> Outcome:
    """Look what the late call left, and mend it."""
    kind = call.effect.args["kind"]
    if kind == "topic":
        return await rooms.topic(stage, replace(call, again=True))
    if kind == "purpose":
        return await purposes.say(stage, replace(call, again=True))
    if kind == "file":
        return await _file(stage, call)
    key = call.effect.args["key"]
    async with stage.store.read() as reads:
        row = await reads.message(key)
        card = await reads.message(f"{call.effect.stream}:card")
    if row is None:
        return Done()
    threaded = call.effect.args.get("where") == "thread" and card is not None
    found = await stage.chat.find_posts(row.channel, key)
    found += await stage.chat.find_posts(row.channel, key, card.ts) if card and threaded else []
    twice = sorted({ts for ts in found if ts != row.ts})
    if twice:
        message = await _instead(stage, call, row)
        for ts in twice:
            await stage.chat.update(row.channel, ts, message, key + TWICE)
        return Done()
    return await posts.show(stage, call) if kind == "show" else Done()


async def _file(stage: Stage, call: Call) -> Outcome:
    """A file cannot be edited: what is marked is its place, in a thread of its own. The first one counts."""
    async with stage.store.read() as reads:
        incident = await stage.incident(reads, call.effect)
    if not incident.channel:
        return Done()
    key = call.effect.args["key"]
    found = sorted(await stage.chat.find_posts(incident.channel, f"file:{posts.file_name(incident, key)}"))
    for ts in found[1:]:
        if await stage.chat.find_post(incident.channel, key + TWICE, ts) is None:
            first = MessageAt(key, call.effect.stream, "postmortem", incident.channel, found[0])
            await stage.chat.post(incident.channel, await _instead(stage, call, first), key + TWICE, ts)
    return Done()


async def _instead(stage: Stage, call: Call, counts: MessageAt) -> Message:
    """What stands in the place of the second one. counts: the other."""
    url = await stage.chat.permalink(counts.channel, counts.ts)
    link = Link(url, f"INC-{number_of(call.effect.stream)}")
    said = t("(sent again) This came twice by mistake. Go by the other one: {link}", link=link)
    return blocks.message([blocks.section(render(said, Mrkdwn()))], render(said, PlainShow()))
