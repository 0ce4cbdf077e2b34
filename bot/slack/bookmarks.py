"""The bridge as a bookmark of the incident's channel. A courtesy: the card has the link, too."""

from bot.ports import Bookmark, Call, Done, GiveUp, MessageAt, Outcome
from bot.slack.surfaces import Stage
from bot.text import PlainShow, render, t

LONGEST = 2048
"""Characters of a link that Slack keeps."""


async def bookmark(stage: Stage, call: Call) -> Outcome:
    """One bookmark for the bridge, as it is now. The bar is looked at first: what a crash left there is found by its link, and
    what people took away stays away."""
    key = call.effect.args["key"]
    async with stage.store.read() as reads:
        incident = await stage.incident(reads, call.effect)
        last = await reads.message(key)
    room, wanted = incident.channel, stage.organisation().bridge
    if not room:
        return GiveUp("no_channel")
    if not incident.status.open or not wanted.startswith(("https://", "http://")) or len(wanted) > LONGEST:
        return Done()
    ours = last.ts if last is not None and last.channel == room else ""
    there = {one.id: one for one in await stage.chat.bookmarks(room)}
    found = there.get(ours) or next((one for one in there.values() if one.link == wanted), None)
    if found is None and ours:
        return Done()
    title = render(t("Bridge"), PlainShow())
    if found is None:
        made = await stage.chat.add_bookmark(room, title, wanted)
    else:
        made = found.id
        if found.link != wanted:
            await stage.chat.edit_bookmark(room, Bookmark(made, title, wanted))
    return Done(rows=(MessageAt(key, call.effect.stream, "bookmark", room, made),))
