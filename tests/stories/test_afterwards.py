"""Causes, and what is to be done afterwards: by words, by form, by a flag; all of it in the draft of the post-mortem."""

import pytest

from bot.workspace import CannotDo
from tests.stories.story import Story


async def test_causes(story: Story) -> None:
    """By code or title; an unknown one is guessed at; the same twice is one."""
    await story.alert()
    assert "Recorded: Configuration (`CHG.config`)" in await story.ana.types("cause chg.config the limit was 10")
    assert "It was there already" in await story.ana.types("cause Configuration")
    assert "Did you mean CHG.config" in await story.ana.types("cause confg")
    assert "`cause` alone shows all" in await story.ana.types("cause ABC.xyz")
    await story.ana.types("cause")
    await story.ana.fills(code="MON.timeliness", text="the probe runs hourly")
    assert [one.code for one in (await story.incident()).told.causes] == ["CHG.config", "MON.timeliness"]
    assert "Ana names a cause: Configuration (`CHG.config`): the limit was 10" in await story.ana.types("timeline")
    await story.ana.types("undo")
    assert [one.code for one in (await story.incident()).told.causes] == ["CHG.config"]


async def test_what_is_to_be_done(story: Story) -> None:
    """With owner and day, or without; a flag on a message; in the draft."""
    await story.alert()
    said = await story.ana.types("followup alert on the lag of the standby @ben 14d")
    assert said == "F-1 stands in the draft of the post-mortem: Ben, due 2033-01-17. Nobody is reminded of it yet."
    assert "post-mortem: nobody yet, no day yet." in await story.ana.types("followup write the plan down")
    assert "I cannot read `2033-02-31` as a day" in await story.ana.types("followup a thing @ben 2033-02-31")
    assert "2032-01-01 is over" in await story.ana.types("followup a thing @ben 2032-01-01")
    assert "cannot act here" in await story.ana.types("followup a thing @stranger 2w")
    await story.ana.types("followup")
    with pytest.raises(CannotDo, match="as a day"):
        await story.ana.fills(text="buy a third gateway", due="soon")
    await story.ana.fills(text="buy a third gateway", owner="U0LI", due="2033-02-01")
    flagged = await story.ana.says("the runbook names the wrong host")
    await story.ana.reacts(flagged, "triangular_flag_on_post")
    wrong = await story.ana.says("and the coffee is out")
    await story.ana.reacts(wrong, "triangular_flag_on_post")
    await story.ana.reacts(wrong, "triangular_flag_on_post", on=False)
    made = [(one.owner, one.due) for one in (await story.incident()).told.followups]
    assert made == [("U0BEN", "2033-01-17"), ("", ""), ("U0LI", "2033-02-01"), ("", "")]
    await story.ana.types("cause CHG.config")
    await story.ana.types("resolve")
    await story.settle()
    draft = next(iter(story.workspace.state.files.values())).content
    text = draft.decode() if isinstance(draft, bytes) else str(draft)
    for row in (
        "| F-1 | alert on the lag of the standby | Ben | 2033-01-17 |",
        "| F-4 | the runbook names the wrong host | nobody yet | no day yet |",
        "Named so far: Configuration.",
    ):
        assert row in text
    assert "coffee is out | nobody" not in text
