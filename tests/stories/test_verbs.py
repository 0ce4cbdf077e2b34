"""Every verb, typed in the incident's channel; what does not fit is answered with words and an example that works."""

import pytest

from bot.domain.terms import MINUTE, Milestone, Severity, Status
from tests.fakes import NINE
from tests.stories.story import Story
from tests.stories.ways import WAYS


@pytest.fixture
async def open_story(story: Story) -> Story:
    await story.alert()
    return story


async def test_people_and_roles(open_story: Story) -> None:
    """ack, take, pass, role: who is here and who leads."""
    story = open_story
    assert "You command" in await story.ana.types("ack")
    assert "already" in await story.ana.types("ack")
    assert "You have it" in await story.ana.types("take communications")
    assert "Understood" in await story.ben.types("pass")
    assert "Nothing is offered to you" in await story.ben.types("pass")
    assert "I have asked Li to be vendor liaison" in await story.ana.types("role vendor liaison @li")
    await story.li.click("I have it", "@tocsin")
    assert "Did you mean `commander`?" in await story.ana.types("role commnder @ben")
    assert "/tocsin role commander @ben" in await story.ana.types("role Ben")
    assert "There is no role `nonsense` here" in await story.ana.types("take nonsense")
    assert "I have asked Ben to be commander" in await story.ana.types("role IC @ben")
    assert story.ben.reads("Until you accept, Ana commands", "@tocsin")
    await story.ben.click("I command", "@tocsin")
    incident = await story.incident()
    assert (incident.commander, incident.holder("vendor liaison")) == ("U0BEN", "U0LI")
    assert "Ben commands" in story.channel.topic
    assert story.ana.reads("Ben is commander")


@pytest.mark.slow
async def test_status_and_severity(open_story: Story) -> None:
    story = open_story
    assert "INC-1 is identified" in await story.ana.types("status identified the primary is read-only")
    assert "I do not know the status" in (said := await story.ana.types("status finished"))
    assert "For example: `/tocsin status identified`" in said
    assert "has a word of its own" in await story.ana.types("status resolved")
    assert "`/tocsin merge INC-7`" in await story.ana.types("status merged")
    assert "INC-1 is open." in await story.ana.types("reopen x")
    said = await story.ana.types("sev")
    assert "SEV1" in said
    assert "[SEV1] [SEV2] [SEV3] [SEV4]" in said
    await story.ana.click("SEV1")
    assert "There are sev1 to sev4" in await story.ana.types("sev 9")
    incident = await story.incident()
    assert (incident.severity, incident.status) == (Severity.SEV1, Status.IDENTIFIED)
    await story.ana.click("Next: Mitigating")
    assert story.channel.topic.startswith("INC-1 · SEV1 · Mitigating")
    announced = story.workspace.channel("incidents").posts
    assert [post.text_has("SEV1 · Mitigating") for post in announced] == [True]


@WAYS
async def test_words_and_moments(open_story: Story) -> None:
    """note, mark, timeline, update, metrics: what is said is found again, at its own time."""
    story = open_story
    assert "on the timeline" in await story.ana.types("note the standby is 3 s behind")
    assert "This needs a form:" in await story.ana.mentions("note", thread=story.channel.posts[0].ts)
    await story.ana.click("Add to the timeline")
    await story.ana.fills(text="typed into the form")
    assert "Mitigated: " in await story.ana.types("mark mitigated --at 08:59")
    assert "began, found, together, known, mitigated, back" in await story.ana.types("mark")
    assert "Did you mean" in await story.ana.types("mark mitigatet")
    assert "I cannot read" in await story.ana.types("mark mitigated --at noon")
    said = await story.ana.types("timeline")
    assert "the standby is 3 s behind" in said
    assert "typed into the form" in said
    assert "Found" in await story.ana.types("metrics")
    assert "The last 30" in await story.ana.types("metrics 30d")
    assert "INC-1" in await story.ana.types("list")
    assert "I cannot read" in await story.ana.types("metrics soon")
    await story.ana.types("ack")
    await story.ana.says("summary", "@tocsin")
    assert "INC-1" in story.ana.sees("@tocsin")[-1], "the one that she is in"
    await story.ana.says("note", "@tocsin")
    await story.ana.click("Add to the timeline", "@tocsin")
    await story.ana.fills(text="said in a direct message")
    assert "said in a direct message" in await story.ana.mentions("timeline", thread=story.channel.posts[0].ts)


async def test_what_happened_before_is_said_with_its_time(open_story: Story) -> None:
    """--at: read in the person's zone and said back; a step ends when it ended; what cannot be is refused with a sentence."""
    story = open_story
    await story.forward("10m")
    said = await story.ana.types("ack --at 09:01")
    assert "09:01" in said
    assert "You command" in said
    incident = await story.incident()
    assert incident.marks[Milestone.ACKNOWLEDGED].at == incident.roles["commander"][0].start == NINE + MINUTE
    await story.ana.types("note the vendor was told —at 09:05")
    assert "the vendor was told" in (line := await story.ana.types("timeline"))
    assert "09:05" in line
    assert "Step 1.1 began only later:" in await story.ana.types("done 1.1 --at 08:59:30")
    assert "lies before the first sign of INC-1" in await story.ana.types("status identified --at 14:02"), (
        "that would be yesterday"
    )
    assert "09:06" in await story.ana.types("done 1.1 --at 09:06")
    walk = (await story.incident()).walk
    ticked = walk.visit("1.1") if walk else None
    assert ticked is not None
    assert ticked.done_at == NINE + 6 * MINUTE
    assert "takes no `--at`" in await story.ana.types("role commander @ben --at 08:58")
    assert "Which time?" in await story.ana.types("status identified --at")
    assert "one line" in await story.ana.types("status --at 09:07")
    assert "mark known --at 09:05" in await story.ana.types("mark known 09:05")
    assert "resolve --at" in await story.ana.types("resolve 09:09")
    assert "09:09" in await story.ana.types("resolve --at 09:09")


async def test_plan_words(open_story: Story) -> None:
    """plan, done, confirm, skip, answer, assign, assist, run, approve, deny, outcome: each says what it would need."""
    story = open_story
    said = await story.ana.types("plan")
    assert "Fail over the orders database" in said
    assert "[Take up Restart the order gateway]" in said
    assert "There is no plan" in await story.ana.types("plan nonsense")
    assert "The plan has no step 9.9" in await story.ana.types("done 9.9")
    assert "is not there yet" in await story.ana.types("done 2.3")
    assert "nothing to confirm" in await story.ana.types("confirm 1.1")
    assert "is no decision" in await story.ana.types("answer 1.1 yes")
    assert "Which answer?" in await story.ana.types("answer")
    await story.ana.types("skip 1.1")
    await story.ana.fills(reason="said already")
    assert "needs a link or a text" in await story.ana.types("done 1.3")
    await story.ana.types("done 1.3 https://grafana.example/d/1")
    assert "asks" in await story.ana.types("done 1.4")
    assert "Now: 2.1" in await story.ana.types("answer 1.4 1")
    assert "Now: 2.1" in await story.ana.types("assign 2.1 @mia")
    await story.ana.types("assist 2.1")
    assert story.li.reads("Fence the old primary", "@tocsin")
    assert "has an action" in await story.ana.types("run restart")
    assert "parameter" in await story.ana.types("run restart gw-1")
    assert "Nothing here has the code" in await story.ana.types("approve 7f3a")
    assert "No question waits for a yes or a no" in await story.ana.types("deny no")
    assert "Nothing here waits for such an answer" in await story.ana.types("outcome 2.1 done")
    assert "Say done, not, hand or again" in await story.ana.types("outcome 2.1 perhaps")


async def test_the_end_and_after(open_story: Story) -> None:
    """resolve, reopen, close; what is missing is said and does not block."""
    story = open_story
    assert "Resolve it first" in await story.ana.types("close")
    assert "is resolved" in await story.ana.types("resolve --at 08:59:50")
    assert "has been resolved since" in await story.ana.types("ack")
    await story.ana.types("reopen")
    await story.ana.fills(reason="errors are back")
    assert (await story.incident()).status is Status.INVESTIGATING
    assert "is resolved" in await story.ana.types("resolve")
    said = await story.ana.types("close")
    assert "INC-1 is closed." in said
    assert "Still missing" in said


async def test_a_person_declares(story: Story) -> None:
    """By words and by form; with the service's on-call, or the plain word that nobody was called."""
    said = await story.person("mia").types("declare Orders are slow sev2 orders", "general")
    assert "INC-1 is open as SEV2" in said
    assert "Ana is called" in said
    assert story.ana.reads("You are on call for orders", "@tocsin")
    assert story.channel.name == "inc-1-orders-are-slow"
    await story.ana.types("declare", "general")
    await story.ana.fills(title="The archive is full")
    assert story.ana.reads("Nobody was called", "@tocsin")  # Tocsin is not in #general and cannot whisper there
    incident = await story.incident(2)
    assert (incident.title, incident.severity) == ("The archive is full", Severity.SEV3)
    assert "ana" in story.channel.members


@pytest.mark.parametrize("how", ["command", "mention"])
async def test_unknown_words(open_story: Story, how: str) -> None:
    """Did you mean, and help."""
    story = open_story
    say = story.ana.types if how == "command" else story.ana.mentions
    assert "Did you mean `resolve" in await say("resolv")
    assert "lists what I can do" in await say("xyzzy")
    assert "/tocsin help all" in await say("help")
    assert "assist" in await say("help all")
    assert "/tocsin done" in await say("help done")
    assert "on the timeline" in await say("note said so")
    assert "In which incident" not in await say("timeline")


async def test_a_number_that_is_none_is_answered_with_the_open_ones(story: Story) -> None:
    """Whatever was typed with it is not lost: a click does it there."""
    assert "No incident is open" in await story.ana.types("note the vendor calls back", "general")
    assert await story.ana.types("INC-9 ack", "general") == "There is no INC-9, or you cannot see it."
    assert await story.ana.types("ack INC-99999999999999", "general") == "No incident has so long a number."
    await story.alert("DatabaseDown")
    for line in ("INC-99 note the vendor calls back", "note inc-99 the vendor calls back"):
        said = await story.ana.types(line, "general")
        assert "There is no INC-99, or you cannot see it." in said
        assert "In which incident?\n*INC-1* DatabaseDown on orders\n[INC-1]" in said
    await story.ana.click("INC-1", "general")
    assert "the vendor calls back" in await story.ana.types("timeline")
    assert "There is no INC-99" in await story.ana.types("ack INC-99"), "also in the channel of another"
    assert "Acknowledged" not in await story.kinds()
    assert "There is no INC-99" in await story.ana.types("plan INC-99")


async def test_strangers_may_nothing(story: Story) -> None:
    """A click, a command, words and a pin of somebody who is not of this workspace leave no trace but the refusal."""
    await story.alert()
    stranger = story.person("stranger")
    await stranger.actor.join(story.channel.id)
    before = await story.kinds()
    for line in ("ack", "declare Something else", "list", "timeline", "resolve"):
        assert "only people of this workspace" in await stranger.types(line)
    assert "only people of this workspace" in await stranger.clicks(story.ana.keeps("Take it"))
    ts = await stranger.says("let me in")
    await stranger.reacts(ts)
    assert [kind for kind in await story.kinds() if kind != "RefusedTo"] == before, (
        "no more than that they were refused"
    )
    for line in ("role commander @stranger", "role scribe @stranger", "assign 1.1 @stranger"):
        assert "Sam cannot act here" in await story.ana.types(line)
    assert len(story.rooms) == 1
