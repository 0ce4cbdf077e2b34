"""Plans made by chance: whatever the format can say, in any combination that the linter lets pass."""

from hypothesis import strategies as st

from bot.domain.plan import (
    Action,
    Answer,
    ApprovalRule,
    Check,
    Does,
    Limits,
    Need,
    Param,
    Phase,
    Plan,
    PlanRole,
    Settings,
    Step,
)
from bot.domain.terms import MINUTE, SECOND, Milestone, Severity

ODD = (
    "look at 12",
    "the graph:",
    "a|b",
    "#1",
    "'yes'",
    "$5",
    "{x}",
    "größer",
    "数据库",
    "*now*",
    "`x y`",
    "(c)",
    "-v",
    "<br> &",
)

words = st.lists(st.sampled_from(ODD), min_size=1, max_size=4).map(lambda found: "Do " + " ".join(found))
"""A sentence as an author might write it: it begins with a word, so that it is no heading, list or table."""

lengths = st.one_of(st.integers(1, 600).map(lambda n: n * SECOND), st.integers(1, 90).map(lambda n: n * MINUTE))
ROLES = ("commander", "database lead", "network")
blocks = st.sampled_from(["ls -l\n\n  deep", "```\nx\n```", "- [ ] no step", "## no heading", ""])
texts = st.sampled_from(["plain", "yes", "12", "0085", 'a "b"', "${host}", "x: y", "# no", "ü", "-v", "", " a "])


@st.composite
def steps(draw: st.DrawFn, number: str, slugs: tuple[str, ...]) -> Step:
    decision = draw(st.booleans())
    role = draw(st.sampled_from(("", *ROLES)))
    other = next(name for name in ROLES[::-1] if name not in (role, "commander"))
    confirmed = "" if decision else draw(st.sampled_from(("", other)))
    text = draw(words)
    below = [] if decision else draw(st.lists(st.one_of(words, words.map(lambda w: f"• {w}")), max_size=3))
    ways = ("continue", "stop", "plan:other-plan", *(f"phase:{slug}" for slug in slugs))
    answers = ("Yes", "No, or unknown", "3") if decision else ()
    return Step(
        number,
        text if decision else "\n".join([text, *below]),
        0,
        role=role,
        within=draw(st.none() | lengths),
        evidence=not decision and draw(st.booleans()),
        confirmed_by=confirmed,
        confirm_always=bool(confirmed) and draw(st.booleans()),
        optional=not decision and draw(st.booleans()),
        meanwhile=draw(st.booleans()),
        marks=draw(st.sampled_from(("", *(m.value for m in (Milestone.DIAGNOSED, Milestone.FIX_STARTED))))),
        copy=tuple(draw(st.lists(blocks, max_size=2))),
        update_text=draw(st.sampled_from(("", "We look.\n\nMore soon."))),
        question=text if decision else "",
        answers=tuple(Answer(label, draw(st.sampled_from(ways))) for label in answers),
        action=draw(st.none() | actions(f"act-{number.replace('.', '-')}", answers)),
    )


@st.composite
def actions(draw: st.DrawFn, name: str, answers: tuple[str, ...]) -> Action:
    changes = draw(st.booleans())
    argv = ["/usr/bin/do", "${host}", *draw(st.lists(texts, max_size=3))]
    does = draw(
        st.sampled_from(
            [
                Does("run", {"argv": argv}),
                Does("http", {"url": "http://${host}/x", "expect": [200, 204]}),
                Does("python", {"call": "ops.queues:length", "with": {"host": "${host}", "words": argv[2:]}}),
            ]
        )
    )
    check = Check(
        Does("run", {"argv": ["/usr/bin/look", *argv[1:]]}),
        draw(lengths.filter(lambda n: n <= 60 * MINUTE)),
        3,
        10 * SECOND,
    )
    undo = draw(st.none() | st.just(Does("run", {"argv": ["/usr/bin/undo"]}))) if changes else None
    idempotent = draw(st.booleans())
    return Action(
        name,
        does,
        changes,
        draw(lengths.filter(lambda n: n <= 60 * MINUTE)),
        idempotent=idempotent,
        retries=2 if idempotent else 0,
        verify=check if changes else draw(st.none() | st.just(check)),
        rollback=undo,
        rollback_reason="" if undo or not changes else "It cannot: it is done.",
        rollback_timeout=draw(lengths.filter(lambda n: n <= 60 * MINUTE)) if undo else 2 * MINUTE,
        on_failure=draw(st.sampled_from(("stop", "continue"))),
        answer={"0": answers[0], "otherwise": answers[1]} if draw(st.booleans()) and answers else {},
        kind=draw(st.sampled_from(("", "diagnostic", "self_heal"))),
    )


FORBID: tuple[tuple[str, ...], ...] = (("starter",), ())
HOST = Param("host", "host", "label.instance", rest={"allow": "inventory:web"}, help="which: the one #1")
PARAMS = (
    HOST,
    Param("n", "int", "ask.n", default=5, rest={"min": 1, "max": 9}),
    Param("sure", "bool", required=False, default=True),
    Param("word", "choice", "label.word", rest={"choices": ("yes", "0", "a b")}),
    Param("path", "path", "label.path", rest={"under": ("/var/log",)}),
    Param("form", "string", "annotation.form", rest={"pattern": r"\w+ #\d"}),
    Param("token", "secret", rest={"name": "TOKEN"}),
)


@st.composite
def settings(draw: st.DrawFn) -> Settings:
    rules = draw(
        st.lists(
            st.sampled_from(
                [
                    ApprovalRule(('env="staging"',), True),
                    ApprovalRule(('severity=~"sev1|sev2"',), need=2, groups=("a b",)),
                ]
            ),
            max_size=2,
        )
    )
    limits = Limits(draw(lengths), 3, draw(lengths.filter(lambda n: n % MINUTE == 0)), "${host}-${n}", 2, 1, 10, "web")
    need = Need(
        draw(st.integers(1, 5)),
        ("sre", "@oncall"),
        draw(st.sampled_from(FORBID)),
        draw(lengths),
        draw(lengths),
    )
    chosen = draw(st.lists(st.sampled_from(PARAMS[1:]), unique_by=lambda param: param.name))
    return Settings({param.name: param for param in (HOST, PARAMS[1], *chosen)}, limits, need, tuple(rules))


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """A plan that its printed page says."""
    titles = [f"Part {n}" for n in range(1, draw(st.integers(1, 2)) + 1)]
    slugs = tuple(title.lower().replace(" ", "-") for title in titles)
    phases = []
    for place, (title, slug) in enumerate(zip(titles, slugs), 1):
        found = tuple(draw(steps(f"{place}.{n}", slugs)) for n in range(1, draw(st.integers(1, 2)) + 1))
        phases.append(Phase(slug, title, found, 0, draw(st.none() | lengths), draw(st.sampled_from(("", *ROLES)))))
    return Plan(
        "a-plan",
        draw(words),
        draw(words),
        draw(st.sampled_from(["team-a", "yes", "Team: the #1", "12"])),
        tuple(phases),
        "",
        match=draw(st.sampled_from([(), ('alertname=~"A|B"', "env!='x'".replace("'", '"'))])),
        severity=draw(st.sampled_from([(), (Severity.SEV3, Severity.SEV4)])),
        reviewed=draw(st.sampled_from(["", "2026-11-01"])),
        takes=draw(st.none() | lengths),
        roles=tuple(PlanRole(name, "@a", "@b|c", draw(st.none() | lengths)) for name in ROLES),
        settings=draw(settings()),
        help=draw(st.sampled_from([(), (("Background", "Words.\n\n| a |\n|---|\n| b |\n\n```sh\nls\n```"),)])),
    )
