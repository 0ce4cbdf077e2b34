"""People act by a line over HTTP, with a token of their own: what they may, what they are told, and without Slack."""

from dataclasses import replace
from typing import Any

import aiohttp
import orjson
import pytest

from bot.domain.events import Noted, StepDone
from bot.domain.oncall import OnCall
from bot.flows import tokens
from bot.ports import TokenRow
from bot.workspace.gate import Fault
from tests.stories.story import Story

Said = tuple[int, dict[str, Any]]


class Terminal:
    """A person with curl."""

    def __init__(self, story: Story, token: str) -> None:
        self.story, self.token = story, token

    async def post(self, path: str, body: bytes, **headers: str) -> Said:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            named.setdefault("Authorization", f"Bearer {self.token}")
        url = f"http://127.0.0.1:{self.story.port}/api/v1{path}"
        async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=named) as answer:
            return answer.status, await answer.json()

    async def says(self, text: str, number: int | None = 1, **headers: str) -> Said:
        path = "/commands" if number is None else f"/incidents/{number}/commands"
        return await self.post(path, orjson.dumps({"text": text}), **headers)


async def terminal(story: Story, name: str) -> Terminal:
    app = story.running
    token, _ = await tokens.make(app.store, app.desk.ids, OnCall(), name)
    return Terminal(story, token)


async def noted(story: Story) -> list[str]:
    return [event.payload.text for event in await story.timeline() if isinstance(event.payload, Noted)]


async def test_a_night_without_slack(story: Story) -> None:
    """Slack is away; the incident is worked on all the same, and stands in the channel when it is back."""
    await story.alert()
    story.workspace.gate.faults = [Fault("503", times=1_000_000)]
    ana = await terminal(story, "U0ANA")
    assert (await ana.says("take commander"))[0] == 200
    status, said = await ana.says("done 1.1")
    assert (status, said["done"], said["incident"]) == (200, True, 1)
    incident = await story.incident()
    assert incident.commander == "U0ANA"
    done = [(event.actor, event.payload) for event in await story.timeline()]
    assert [(who, what.step) for who, what in done if isinstance(what, StepDone)] == [("U0ANA", "1.1")]
    status, said = await ana.says("/tocsin declare The mail is late sev3", None)
    assert (status, "INC-2" in " ".join(said["said"])) == (200, True)
    story.workspace.gate.faults = []
    await story.forward("2m")
    await story.settle()
    assert any("Ana" in line and "1.1" in line for line in story.ben.sees(story.rooms[0].id))
    assert len(story.rooms) == 2


async def test_the_same_key_with_the_same_line_is_one_input(story: Story) -> None:
    await story.alert()
    ana, ben = await terminal(story, "U0ANA"), await terminal(story, "U0BEN")
    first = await ana.says("note it is raining", Idempotency_Key="1")
    again = await ana.says("note it is raining", Idempotency_Key="1")
    assert (first[1]["done"], first[1]["already"]) == (True, False)
    assert (again[0], again[1]["done"], again[1]["already"]) == (200, False, True)
    await ana.says("note it is snowing", Idempotency_Key="1")
    await ben.says("note it is raining", Idempotency_Key="1")
    await ana.says("note no key")
    await ana.says("note no key")
    assert await noted(story) == [*["it is raining", "it is snowing", "it is raining"], *["no key"] * 2]
    for key in ("", "x" * 201):
        assert (await ana.says("note x", Idempotency_Key=key))[0] == 400


async def test_only_a_token_that_holds_opens(story: Story) -> None:
    """Not even this machine may act without one, and the token of readers or senders is none."""
    await story.alert()
    ana = await terminal(story, "U0ANA")
    async with story.running.store.begin() as tx:
        secret = ana.token.split("_", 2)[2]
        row = await tx.token(ana.token.split("_")[1])
        assert row is not None
        await tx.save([TokenRow("reader", "U0ANA", "read", row.hash, tx.now)])
    for wrong in ("", "the-senders-token", ana.token[:-1], f"tocsin_reader_{secret}"):
        status, said = await Terminal(story, wrong).says("note I was here")
        assert (status, "tocsin token new" in said["error"]) == (401, True)
    assert (await ana.says("note x", Authorization=f"Basic {ana.token}"))[0] == 401
    await tokens.revoke(story.running.store, ana.token)
    assert (await ana.says("note I was here"))[0] == 401
    assert await noted(story) == []


async def test_who_left_may_nothing(story: Story) -> None:
    await story.alert()
    ana = await terminal(story, "U0ANA")
    async with story.running.store.begin() as tx:
        person = await tx.person("U0ANA")
        assert person is not None
        await tx.save([replace(person, deleted=True)])
    for text, number in (("note x", 1), ("list", None)):
        status, said = await ana.says(text, number)
        assert (status, "only people of this workspace" in said["error"]) == (403, True)


async def test_bad_lines_get_a_useful_sentence(story: Story) -> None:
    await story.alert()
    ana = await terminal(story, "U0ANA")
    for text, wanted in (
        ("dnoe 1.1", "Did you mean done"),
        ("note", "note needs more words: What happened?"),
        ("handoff", "To whom?"),
        ("note x --at 99:99", "as a time"),
        ("note x --at", "Which time?"),
        ("handoff @ben --at 14:02", "takes no --at"),
        ("note INC-7 x", "The address says INC-1, the line INC-7"),
    ):
        status, said = await ana.says(text)
        assert (status, wanted in said.get("error", "")) == (400, True), (text, said)
    lacking = (await ana.says("note"))[1]
    assert lacking["missing"] == [{"name": "text", "label": "What happened?", "options": {}}]
    assert lacking["example"] == "note the standby is 3 s behind"
    assert [one["name"] for one in (await ana.says("declare"))[1]["missing"]] == ["title"], "all else has a default"
    for body in (b"", b"[]", b'{"text": 3}', b'{"txt": "ack"}', b'{"verb": "ack"}', b"\xff"):
        status, said = await ana.post("/incidents/1/commands", body)
        assert (status, said["example"]) == (400, '{"text": "done 2.3"}')
    status, said = await ana.says("done 1.1", None)
    assert (status, said["example"].startswith("done INC-42 2.3")) == (400, True)
    assert (await ana.post("/commands", b"x" * 70_000))[0] == 413
    assert await noted(story) == []


async def test_refusals_say_which_sort_they_are(story: Story) -> None:
    await story.alert()
    ana = await terminal(story, "U0ANA")
    assert (await ana.says("note x", 9))[0] == 404
    assert (await ana.says("note INC-9 x", None))[0] == 404
    status, said = await ana.says("handoff @ben")
    assert (status, "done" in said) == (409, False), said
    assert await noted(story) == []


@pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)
async def test_what_only_shows_is_no_question_and_people_have_names(story: Story) -> None:
    await story.alert()
    ana, ben = await terminal(story, "U0ANA"), await terminal(story, "U0BEN")
    for line in ("plan", "times", "automation", "sev", "role"):
        status, said = await ana.says(line)
        assert (status, said["done"], bool(said["choices"])) == (200, False, True), line
        assert "alert:" not in "".join(said["said"]), line
    assert (await ana.says("role commander"))[0] == 200
    assert "Commander: Ana" in (await ben.says("role"))[1]["said"]
    await ana.says("sev 1 it spreads")
    await ben.says("sev 3 it does not")
    status, said = await ana.says("undo")
    assert (status, said["error"]) == (409, "Ben has changed it since. Say what holds now.")


async def test_a_private_incident_is_not_there_for_others(story: Story) -> None:
    await story.alert()
    await story.ana.click("I have it", "@tocsin")
    ana = await terminal(story, "U0ANA")
    status, asked = await ana.says("private")
    assert (status, asked["done"], (await story.incident()).private) == (409, False, False)
    [sure] = [one for one in asked["choices"] if one["label"] == "Make it private"]
    pressed = orjson.dumps(sure)
    assert (await ana.post("/incidents/2/commands", pressed))[0] == 400, "a choice belongs to its incident"
    assert (await ana.post("/incidents/1/commands", pressed))[0] == 200
    assert (await story.incident()).private
    mia = await terminal(story, "U0MIA")
    hidden, absent = await mia.says("timeline"), await mia.says("timeline", 9)
    assert (hidden[0], absent[0]) == (404, 404)
    assert hidden[1]["error"].replace("INC-1", "INC-9") == absent[1]["error"]
    assert (await mia.says("note x"))[0] == 404


async def test_names_and_times_are_read_as_in_slack(story: Story) -> None:
    """@ben is Ben; 08:50 is the sender's."""
    await story.alert()
    ana = await terminal(story, "U0ANA")
    await ana.says("take commander")
    status, said = await ana.says("handoff @ben")
    assert (status, said["done"]) == (200, True), said
    assert "Ben" in " ".join(said["said"])
    ben = await terminal(story, "U0BEN")
    assert (await ben.says("take commander"))[0] == 200
    assert (await story.incident()).commander == "U0BEN"
    li = await terminal(story, "U0LI")
    status, said = await li.says("note seen early --at 16:50")
    assert (status, "Asia/Shanghai" in said["said"][-1]) == (200, True)
    event = next(e for e in await story.timeline() if isinstance(e.payload, Noted))
    assert story.clock.now() - event.occurred_at < 20 * 60_000_000
