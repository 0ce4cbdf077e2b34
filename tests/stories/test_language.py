"""The language is the reader's: after a switch, what was opened before is drawn in the new one."""

from tests.stories.story import Story


async def test_an_old_incident_follows_the_language(unbegun: Story) -> None:
    story = unbegun
    story.language = "zh-CN"
    await story.start()
    assert await story.alert("Hung", service="gateway") == "open"
    assert story.ana.reads("您来指挥吗？", "@tocsin")
    await story.ana.click("我来接手", "@tocsin")
    assert story.ana.reads("排查中")
    assert "的级别为" in await story.ana.types("sev 2 it spreads")
    story.language = "en"
    await story.restart()
    await story.ana.types("sev 1 it spreads")
    assert story.ana.reads("SEV1 · Investigating")
    assert not story.ana.reads("截至"), "the card is no longer Chinese"
