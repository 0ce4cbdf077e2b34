"""Drills beside everything else: when they begin by themselves, whom they leave in peace, what comes before them."""

import pytest

from bot.domain.terms import Kind
from tests.stories.story import Story


@pytest.mark.parametrize(("any_hour", "called"), [("false", False), ("true", True)])
async def test_at_night_a_drill_wakes_nobody_unless_policy_says_so(unbegun: Story, any_hour: str, called: bool) -> None:
    story = unbegun
    story.configure("policy.yaml", ("automation:", f"drills: {{any_hour: {any_hour}}}\nautomation:"))
    await story.start()
    await story.forward("11h")
    await story.person("mia").types("drill failover orders", "general")
    await story.settle()
    assert story.ana.reads("You are on call", "@tocsin") is called
    assert story.ben.reads("database lead", "@tocsin") is called


async def test_a_drill_begins_by_its_schedule(unbegun: Story) -> None:
    story = unbegun
    times = (
        'drills: {schedule: [{plan: restart, service: gateway, cron: "0 10 * * 2", zone: Europe/Lisbon}]}\nautomation:'
    )
    story.configure("policy.yaml", ("automation:", times))
    await story.start()
    await story.forward("24h59m")
    assert not story.rooms
    await story.forward("2m")
    await story.settle()
    incident = await story.incident()
    assert (incident.kind, incident.drill.by if incident.drill else None) == (Kind.DRILL, "")
    assert story.ana.reads("begun by the schedule")
    await story.restart()
    await story.forward("1h")
    assert len(story.rooms) == 1


def weekly(*times: str, plan: str = "restart") -> tuple[str, str]:
    """A change of policy.yaml: this drill each Tuesday, at these hours."""
    lines = ", ".join(f'{{plan: {plan}, service: gateway, cron: "0 {at} * * 2"}}' for at in times)
    return "automation:", f"drills: {{schedule: [{lines}]}}\nautomation:"


async def test_one_plan_has_several_times(unbegun: Story) -> None:
    story = unbegun
    story.configure("policy.yaml", weekly("10", "15"))
    await story.start()
    await story.forward("25h1m")
    await story.settle()
    assert len(story.rooms) == 1
    await story.ana.types("resolve")
    await story.forward("5h")
    await story.settle()
    assert len(story.rooms) == 2


@pytest.mark.parametrize(("plan", "real", "why"), [("restart", True, "INC-1 is real"), ("gone", False, "no plan gone")])
async def test_what_could_not_begin_by_its_schedule_is_told(unbegun: Story, plan: str, real: bool, why: str) -> None:
    """In the announcement channel, once, and to the plan's owner."""
    story = unbegun
    story.configure("policy.yaml", weekly("10", plan=plan))
    await story.start()
    if real:
        await story.ana.types("declare Big thing sev1", "general")
    await story.forward("25h1m")
    await story.settle()
    told = [text for text in story.ana.sees("incidents") if "did not begin" in text]
    assert len(told) == 1
    assert f"The schedule's `drill {plan} gateway` did not begin: " in told[0]
    assert why in told[0]
    assert len(story.rooms) == real


async def test_nobody_is_asked_for_a_yes_at_night(unbegun: Story) -> None:
    """Who is there sees the question, and may answer it; the others' phones stay still."""
    story = unbegun
    await story.start()
    await story.forward("11h")
    await story.person("mia").types("drill restart gateway", "general")
    await story.person("mia").types("take commander")
    await story.person("mia").click("No")
    assert [a.state for a in (await story.incident()).approvals] == ["open"]
    for person in (story.ana, story.ben, story.li):
        assert not person.reads("Approve", "@tocsin"), person
    await story.forward("16m")
    await story.settle()
    assert not any(person.reads("xpired", "@tocsin") for person in (story.ana, story.ben, story.li))
    assert not story.machine.restarts


async def test_a_drill_is_not_opened_again_beside_something_real(story: Story) -> None:
    await story.ana.types("drill restart gateway", "general")
    await story.ana.types("declare Big thing sev1", "general")
    assert not (await story.incident(1)).status.open
    assert "INC-2 is real and needs everybody" in await story.ana.types("reopen INC-1 we go on", "general")
    assert not (await story.incident(1)).status.open
    await story.ana.types("resolve INC-2", "general")
    assert "is open again" in await story.ana.types("reopen INC-1 we go on", "general")
    await story.settle()
    assert (await story.kinds()).count("DrillBegan") == 1, "what happens in it does not begin anew"


async def test_what_is_found_later_is_signed_for_again(story: Story) -> None:
    await story.ana.types("drill restart gateway", "general")
    await story.ana.types("drill stop enough for today")
    await story.ana.click("Sign")
    assert "has to be signed again" in await story.ana.types("drill finding nobody knew the number")
    [report] = [text for text in story.ana.sees() if "Report of the drill" in text]
    assert "nobody knew the number" in report
    assert "Nobody has signed it yet." in report
    await story.ana.click("Sign")
    assert (await story.kinds()).count("DrillSigned") == 2


async def test_what_somebody_called_a_drill_keeps_its_alerts(story: Story) -> None:
    """They are real, and burn on when the plan has ended."""
    await story.alert("Hung", service="gateway")
    await story.ana.types("kind drill only a rehearsal")
    await story.ana.types("answer 1.2 no")
    await story.ana.types("skip 2.1 only a rehearsal")
    await story.ana.types("answer 2.2 yes")
    await story.settle()
    assert "PlanEnded" in await story.kinds()
    assert (await story.incident()).alerts.firing == 1
    assert (await story.incident()).kind is Kind.DRILL
