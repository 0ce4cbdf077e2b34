"""An experiment breaks one thing on purpose, where it may, and is always taken back."""

from tests.stories.story import Story

PAGE = """---
plan: 1
id: break-it
owner: team-platform
kind: experiment
reviewed: 2032-12-01
takes: 30 min
---

# Does anybody notice when a gateway restarts?

One gateway is restarted. Orders go on.

## Steady state

**Lead:** Commander

- [ ] Place an order, and paste its number. *(evidence)*

## Inject

**Lead:** Commander

- [ ] Restart it.

  ```yaml action
  id: break
  http: {method: POST, url: "http://@HOST@/restart/${host}", expect: 200}
  changes: true
  timeout: 5s
  verify:
    http: {method: GET, url: "http://@HOST@/healthz", expect: 200}
    timeout: 5s
  rollback: none
  rollback_reason: Sessions are dropped.
  kind: experiment
  ```

- [ ] Wait for ten minutes.

## Revert

**Lead:** Commander

- [ ] See that it is as it was. *(evidence)*

## Abort when

- Orders fail on any other gateway.

## Settings

```yaml settings
params:
  host: {type: host, from: label.instance, allow: "inventory:rehearsal"}
limits:
  cooldown: 30m
  at_most: 3 per 6h
  concurrency: {key: "${host}", max: 1}
approval:
  default: {need: 1, from: [owners], not: [starter], expires: 15m}
after_failure: revert
```
"""
REHEARSAL = ("gateways: {env", "rehearsal: {env: test, hosts: [gw-9], drill: true}\n    gateways: {env")


MEASURED = """- Orders fail on any other gateway.

  ```yaml action
  id: orders-fail
  http: {method: GET, url: "http://@HOST@/healthz", expect: 503}
  changes: false
  timeout: 5s
  ```
"""


async def begun(story: Story, *changes: tuple[str, str], page: str = PAGE) -> str:
    """The experiment is there, and somebody begins it."""
    path = story.folder / "config" / "plans" / "break-it.md"
    path.write_text(page.replace("@HOST@", story.machine.host))
    if changes:
        story.configure("policy.yaml", *changes)
    await story.start()
    return await story.ana.types("drill break-it gateway", "general")


async def test_only_where_machines_are_there_for_it(unbegun: Story) -> None:
    story = unbegun
    assert "names no machine that is there for drills" in await begun(story)
    await story.alert("Hung", service="gateway")
    assert "begun with `drill break-it`" in await story.ana.types("plan break-it")
    await story.ana.types("kind drill practising")
    assert "begun with `drill break-it`" in await story.ana.types("plan break-it"), "where it has an end, and a guard"
    assert not story.machine.restarts


async def test_through_approval_and_back(unbegun: Story) -> None:
    story = unbegun
    assert "has begun: INC-1" in await begun(story, REHEARSAL)
    assert story.ana.reads("at once when: Orders fail on any other gateway.")
    walk = (await story.incident()).walk
    assert walk is not None
    assert (walk.plan, len((await story.incident()).walks)) == ("break-it", 1)
    await story.ana.types("ack")
    await story.ana.types("done 1.1 order 4711")
    assert not story.machine.restarts, "first somebody says yes"
    await story.ben.actor.join(story.channel.id)
    await story.ben.click("Approve")
    await story.until(lambda: story.ana.reads("Wait for ten minutes"))
    assert story.machine.restarts == ["gw-9"]
    await story.forward("30m")
    await story.settle()
    assert story.ana.reads("The experiment's time is over: it is taken back now.")
    assert story.ana.reads("*3.1* See that it is as it was.")
    await story.ana.types("done 3.1 as it was")
    assert story.ana.reads("Back to normal since")


async def test_something_real_takes_it_back_first(unbegun: Story) -> None:
    story = unbegun
    await begun(story, REHEARSAL)
    await story.ana.types("ack")
    await story.ana.types("done 1.1 order 4711")
    await story.alert("DatabaseDown")
    drill = await story.incident(1)
    assert drill.status.open, "it is not left broken"
    assert drill.walk is not None
    assert drill.walk.current is not None
    assert drill.walk.current.step == "3.1"
    assert [a.state for a in drill.approvals] == ["overtaken"]
    assert story.ana.reads("INC-2 is real", story.rooms[0].id)
    assert not story.machine.restarts


async def test_people_stop_it(unbegun: Story) -> None:
    story = unbegun
    await begun(story, REHEARSAL)
    await story.ana.types("ack")
    await story.ana.types("done 1.1 order 4711")
    assert "taken back" in await story.ana.types("drill stop INC-1 orders fail on gw-2", "general")
    assert story.ana.reads("Ana stopped the drill. orders fail on gw-2")
    await story.ana.types("back 1.1 once more")
    await story.ana.types("done 1.1 order 4712")
    await story.ben.actor.join(story.channel.id)
    await story.ben.click("Approve")
    assert story.ana.reads("Not run: the experiment is over, and nothing more is broken.")
    assert not story.machine.restarts
    assert "is over already" in await story.ana.types("drill stop")


async def test_what_ends_it_is_measured(unbegun: Story) -> None:
    """The check is made again and again while it goes on; what it finds takes the experiment back at once."""
    story = unbegun
    story.machine.healthy = True
    await begun(story, REHEARSAL, page=PAGE.replace("- Orders fail on any other gateway.\n", MEASURED))
    await story.ana.types("ack")
    await story.ana.types("done 1.1 order 4711")
    await story.ben.actor.join(story.channel.id)
    await story.ben.click("Approve")
    await story.until(lambda: story.ana.reads("Wait for ten minutes"))
    for _ in range(4):
        await story.forward("15s")
        await story.settle()
    assert "ConditionSeen" not in await story.kinds()
    story.machine.healthy = False
    await story.until(lambda: story.ana.reads("has come about: it is taken back now. Orders fail on any other"), "1m")
    walk = (await story.incident()).walk
    assert walk is not None
    assert walk.current is not None
    assert walk.current.step == "3.1"
    await story.forward("2m")
    await story.settle()
    assert [(await story.kinds()).count(kind) for kind in ("ConditionSeen", "DrillStopped")] == [1, 1], "and no more"


async def test_who_cannot_see_any_more_takes_it_back(unbegun: Story) -> None:
    """Automation is switched off: nothing is measured, which is said at once, and the second time it is taken back."""
    story = unbegun
    story.machine.healthy = True
    await begun(story, REHEARSAL, page=PAGE.replace("- Orders fail on any other gateway.\n", MEASURED))
    await story.ana.types("ack")
    await story.ana.types("automation off we look at it")
    await story.until(lambda: story.ana.reads("The check `orders-fail` of the experiment could not be made."), "1m")
    assert (await story.incident()).drill.stopped == ""  # type: ignore[union-attr]
    await story.until(lambda: story.ana.reads("It cannot be seen any more whether"), "1m")
    assert (await story.incident()).drill.stopped == "blind"  # type: ignore[union-attr]


BACK = """- [ ] Take it back.

  ```yaml action
  id: back
  http: {method: POST, url: "http://@HOST@/restart/back-${host}", expect: 200}
  changes: true
  timeout: 5s
  verify:
    http: {method: GET, url: "http://@HOST@/healthz", expect: 200}
    timeout: 5s
  rollback: none
  rollback_reason: It is the way back.
  kind: experiment
  ```
"""


async def test_an_experiment_that_is_called_real_breaks_nothing_and_is_taken_back(unbegun: Story) -> None:
    """A yes that was asked for in a drill is no yes for the real thing; the way back is asked for at once."""
    story = unbegun
    await begun(story, REHEARSAL, page=PAGE.replace("- [ ] See that it is as it was. *(evidence)*\n", BACK))
    await story.ana.types("ack")
    await story.ana.types("done 1.1 order 4711")
    await story.ben.actor.join(story.channel.id)
    drilled = story.ben.keeps("Approve")
    await story.ana.types("kind real orders fail")
    assert story.ana.reads("This is no drill any more: what the experiment broke is taken back.")
    await story.ben.clicks(drilled)
    await story.settle()
    assert not story.machine.restarts
    assert [a.state for a in (await story.incident()).attempts] == []
    await story.ben.click("Approve")
    assert story.machine.restarts == ["back-gw-9"]
