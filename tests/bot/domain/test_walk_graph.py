"""Whatever graph the answers make, a walk ends: at its end, at a stop, in another plan, or where a step was visited too often."""

from hypothesis import event, given, settings
from hypothesis import strategies as st

from bot.domain import walk
from bot.domain.events import Draft, PlanEnded, StepStarted
from bot.domain.plan import Answer, Phase, Plan, Step
from bot.domain.run_state import SETTLED, Walk
from bot.domain.walk_next import MOST_VISITS
from runbooks import ways
from tests.bot.domain.log import Log, declared
from tests.bot.domain.plans import roster

NAMES = ("a", "b", "c", "d")
WORDS = ("Yes", "No", "Else")


@st.composite
def steps(draw: st.DrawFn, number: str, places: tuple[str, ...]) -> Step:
    sort = draw(st.sampled_from(("step", "meanwhile", "optional", "decision", "decision")))
    if sort != "decision":
        return Step(number, "Do it.", 1, meanwhile=sort == "meanwhile", optional=sort == "optional")
    to = st.sampled_from(("continue", "stop", "plan:other", *(f"phase:{place}" for place in places * 2)))
    answers = tuple(Answer(word, draw(to), 1) for word in WORDS[: draw(st.integers(2, 3))])
    return Step(number, "Which?", 1, meanwhile=draw(st.booleans()), question="Which?", answers=answers)


@st.composite
def graphs(draw: st.DrawFn) -> Plan:
    places = NAMES[: draw(st.integers(1, len(NAMES)))]
    phases = []
    for n, place in enumerate(places, 1):
        found = tuple(draw(steps(f"{n}.{m}", places)) for m in range(1, draw(st.integers(1, 4)) + 1))
        phases.append(Phase(place, place, found, 1))
    return Plan("graph", "Graph", "", "team-a", tuple(phases), "sha")


def walk_of(log: Log) -> Walk:
    assert log.state.walk is not None
    return log.state.walk


def acted(log: Log, plan: Plan, choice: int) -> tuple[Draft, ...]:
    """Somebody does what one of the open steps asks, or skips it, or goes on elsewhere."""
    here = walk_of(log)
    visit = here.open[choice % len(here.open)]
    step, by = plan.step(visit.step), log.by("UANA")
    if step.answers:
        label = step.answers[choice // 7 % len(step.answers)].label
        return walk.answer(log.state, plan, by, roster, label, step=step.number)
    if choice % 5 == 0:
        return walk.skip(log.state, plan, by, roster, "no access", step=step.number)
    return walk.done(log.state, plan, by, roster, step=step.number)


@settings(max_examples=60, deadline=None)
@given(graphs(), st.lists(st.integers(0, 1000), min_size=1, max_size=20))
def test_every_walk_ends(plan: Plan, choices: list[int]) -> None:
    log = declared()
    log.decided("bot", walk.attach(log.state, plan, "matched", 1, roster, log.now))
    most = MOST_VISITS * len(list(ways.steps(plan)))
    here = walk_of(log)
    for turn in range(most + 1):
        if here.ended_at is not None:
            break
        assert here.open, "nothing waits, and the plan has not ended"
        log.after(1)
        log.decided("UANA", acted(log, plan, choices[turn % len(choices)] + turn))
        here = walk_of(log)
    assert here.outcome in ("finished", "stopped", "replaced", "limit"), [
        v for v in here.visits if v.state not in SETTLED
    ]
    assert max(visit.visit for visit in here.visits) <= MOST_VISITS
    started = [e.payload for e in log.events if isinstance(e.payload, StepStarted)]
    assert len(started) == len({(one.step, one.visit) for one in started}) <= most
    assert sum(isinstance(e.payload, PlanEnded) for e in log.events) == 1
    event(here.outcome)


def test_a_decision_that_is_taken_meanwhile_and_leads_to_itself_waits_again() -> None:
    """The way to it leaves what held up the next step: with nothing begun in its place the walk stood still for ever."""
    plain, again = Step("1.1", "Do it.", 1), (Answer("Yes", "continue", 1), Answer("No", "phase:b", 1))
    asks = Step("2.1", "Which?", 1, meanwhile=True, question="Which?", answers=again)
    goes_back = Step(
        "1.2", "Which?", 1, meanwhile=True, question="Which?", answers=(*again[:1], Answer("No", "phase:a", 1))
    )
    plan = Plan("p", "P", "", "team-a", (Phase("a", "a", (plain, goes_back), 1), Phase("b", "b", (asks,), 1)), "sha")
    log = declared()
    log.decided("bot", walk.attach(log.state, plan, "matched", 1, roster, log.now))
    log.decided("UANA", walk.done(log.state, plan, log.by("UANA"), roster, step="1.1"))
    log.decided("UANA", walk.answer(log.state, plan, log.by("UANA"), roster, "No", step="1.2"))
    assert [visit.step for visit in walk_of(log).open] == ["2.1", "1.1"]
    log.decided("UANA", walk.answer(log.state, plan, log.by("UANA"), roster, "No", step="2.1"))
    assert [(visit.step, visit.visit) for visit in walk_of(log).open] == [("2.1", 2)]
