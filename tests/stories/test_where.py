"""In which incident a typed line acts."""

from bot.domain.terms import Severity
from tests.stories.story import Story


async def test_a_line_acts_in_the_incident_that_it_names_however_it_is_written(story: Story) -> None:
    """Never in the one whose channel it was typed in instead."""
    await story.alert()
    room = story.rooms[0].name
    await story.ana.types("declare Another")
    await story.ana.types("ack INC2", room)
    assert (await story.incident(2)).commander == "U0ANA"
    for line, words in (
        ("escalate #2", "takes no words"),
        ("INC-0 summary", "There is no INC-0"),
        ("note INC-99999999999 x", "No incident has so long a number."),
    ):
        assert words in await story.ana.types(line, room), line
    assert (await story.incident(1)).commander == ""
    assert not {"Acknowledged", "Noted"} & set(await story.kinds(1))


async def test_outside_an_incident_the_open_ones_are_offered(story: Story) -> None:
    """Never silence: the same verb with the same words for each, as a click; and what there is to do if none is open."""
    assert "No incident is open" in await story.ana.types("ack", "general")
    await story.alert("DatabaseDown", service="orders")
    await story.alert("DatabaseDown", service="gateway")
    said = await story.ana.types("note the vendor calls back", "general")
    assert "In which incident?" in said
    assert "[INC-2] [INC-1]" in said
    assert "on the timeline" in await story.ana.click("INC-1", "general")
    assert "the vendor calls back" in await story.ana.types("timeline INC-1", "general")
    await story.ana.types("update", "general")
    await story.ana.click("INC-2", "general")
    await story.ana.fills(doing="We look.")
    assert (await story.kinds(2)).count("UpdateSent") == 1
    await story.ana.types("sev INC-1 1 it is worse", "general")
    assert (await story.incident(1)).severity is Severity.SEV1
    assert "on the timeline" in await story.ana.types("INC-1 note the vendor called back", "general")
    assert "There is no INC-9" in await story.ana.types("timeline INC-9", "general")


async def test_one_that_is_over_is_named_and_one_behind_the_words_is_asked_about(story: Story) -> None:
    await story.alert()
    await story.ana.types("resolve")
    assert "One that is over is named: `/tocsin INC-42 reopen`" in await story.ana.types("reopen it is back", "general")
    said = await story.ana.types("reopen it is back INC-1", "general")
    assert "If INC-1 is the incident you mean, begin with it." in said
    assert "`/tocsin INC-1 reopen it is back`" in said
    assert "INC-1 is open again" in await story.ana.types("INC-1 reopen it is back", "general")
    assert "There is no INC-9" in await story.ana.types("INC-1 merge INC-9", "general")
    assert "on the timeline" in await story.ana.types("note as in INC-9"), "in its own channel these are words"
