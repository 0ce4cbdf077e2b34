import shutil
from pathlib import Path

from bot.domain.plan import Plan
from bot.locale import speak
from bot.text import PlainShow, render
from runbooks.catalogue import STARTERS, TRANSLATED, load
from runbooks.parse import sha_of
from tests.runbooks.pages import CORE, FRONT, read, step

GOOD = step("Look.")


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        (folder / f"{name}.md").write_text(text, "utf-8")


def test_the_starter_library_serves_where_there_are_no_plans(tmp_path: Path) -> None:
    for folder in (None, tmp_path, tmp_path / "none"):
        found = load(folder, CORE)
        assert set(found.entries) == {path.stem for path in STARTERS.glob("*.md")}
        assert len(found.entries) >= 12
        assert found.problems == ()


def test_the_default_is_in_the_language_that_people_read(tmp_path: Path) -> None:
    """Also beside a team's own plans; these, and the other starters, stay as they were written."""
    write(tmp_path, first=GOOD)
    speak("zh-CN")
    try:
        alone, beside = load(None, CORE), load(tmp_path, CORE)
    finally:
        speak("en")
    assert [found.entries["default"].plan.title for found in (alone, beside)] == ["最初的十分钟"] * 2
    assert (alone.problems, beside.problems) == ((), ())
    assert set(alone.entries) == set(load(None, CORE).entries)
    assert beside.text("a-plan") == GOOD
    (tmp_path / "default.md").write_text(GOOD.replace("id: a-plan", "id: default"), "utf-8")
    (tmp_path / "first.md").unlink()
    speak("zh-CN")
    try:
        assert load(tmp_path, CORE).entries["default"].plan.path == str(tmp_path / "default.md"), "their own"
    finally:
        speak("en")


def test_the_translated_default_has_the_steps_of_the_english_one() -> None:
    """Phases, who, by when, what they mark, and where answers lead: only the words differ."""
    plans = [read((folder / "default.md").read_text("utf-8")).plan for folder in (STARTERS, *TRANSLATED.values())]
    shapes = [_shape(plan) for plan in plans if plan is not None]
    assert len(shapes) == 2
    assert shapes[0] == shapes[1]


def _shape(plan: Plan) -> list[object]:
    at = {phase.slug: n for n, phase in enumerate(plan.phases)}
    return [
        [phase.lead, phase.target]
        + [
            [
                s.role,
                s.within,
                s.evidence,
                s.marks,
                s.meanwhile,
                [at.get(o.to.removeprefix("phase:"), o.to) for o in s.answers],
            ]
            for s in phase.steps
        ]
        for phase in plan.phases
    ]


def test_a_folder_of_plans(tmp_path: Path) -> None:
    write(tmp_path, first=GOOD, README="# Our plans\n")
    found = load(tmp_path, CORE)
    assert set(found.entries) == {"a-plan", "default"}
    plan = found.find("a-plan")
    assert plan is not None
    assert plan.sha == sha_of(GOOD)
    assert found.text("a-plan") == GOOD
    assert found.find("first.md") is plan
    assert found.find("../plans/first") is plan
    assert found.find("nothing") is None


def test_the_last_good_revision_stays(tmp_path: Path) -> None:
    write(tmp_path, first=GOOD)
    before = load(tmp_path, CORE)
    write(tmp_path, first=GOOD.replace("owner:", "ovner:"))
    after = load(tmp_path, CORE, before=before)
    assert after.entries["a-plan"].stale
    assert after.entries["a-plan"].plan == before.entries["a-plan"].plan
    assert {problem.code for problem in after.problems} >= {"P102", "P109"}
    assert "a-plan" not in load(tmp_path, CORE).entries
    (tmp_path / "first.md").write_bytes(b"---\n\xff\n")
    broken = load(tmp_path, CORE, before=after)
    assert broken.entries["a-plan"].stale
    assert [(problem.code, problem.line) for problem in broken.problems] == [("P904", 2)]


def test_an_id_belongs_to_one_file(tmp_path: Path) -> None:
    write(tmp_path, first=GOOD, second=GOOD)
    found = load(tmp_path, CORE)
    assert [(problem.code, Path(problem.file).name, problem.line) for problem in found.problems] == [
        ("P104", "second.md", 3)
    ]
    assert found.entries["a-plan"].plan.path.endswith("first.md")


def test_a_copy_with_the_same_id_takes_nothing_away(tmp_path: Path) -> None:
    """The commonest slip: a plan is copied, and the id is forgotten. Also where nobody knows what was there before."""
    copied = {"a-new-draft": GOOD, "a-plan": GOOD}
    write(tmp_path, **{"a-plan": GOOD})
    before = load(tmp_path, CORE)
    write(tmp_path, **copied)
    for found in (load(tmp_path, CORE, before=before), load(tmp_path, CORE)):
        assert found.entries["a-plan"].plan.path.endswith("a-plan.md")
        assert [Path(problem.file).name for problem in found.problems] == ["a-new-draft.md"]


def test_who_had_an_id_keeps_it(tmp_path: Path) -> None:
    write(tmp_path, old=GOOD)
    before = load(tmp_path, CORE)
    write(tmp_path, **{"a-plan": GOOD, "again": GOOD})
    found = load(tmp_path, CORE, before=before)
    assert found.entries["a-plan"].plan.path.endswith("old.md")
    assert [Path(problem.file).name for problem in found.problems] == ["a-plan.md", "again.md"]


def test_plans_that_shadow_each_other(tmp_path: Path) -> None:
    one = GOOD.replace("owner: team-a", "owner: team-a\nmatch: ['a=\"b\"']")
    write(tmp_path, first=one, second=one.replace("a-plan", "b-plan"))
    assert [problem.code for problem in load(tmp_path, CORE).problems] == ["P107"]


def test_a_link_to_a_plan_that_is_not_there(tmp_path: Path) -> None:
    page = f"{FRONT}## Do\n\n- [ ] **Decision:** x?\n  - **Yes** → stop\n  - **No** → [other](second.md)\n"
    write(tmp_path, first=page)
    assert [problem.code for problem in load(tmp_path, CORE).problems] == ["P303"]
    write(tmp_path, second=GOOD.replace("a-plan", "b-plan"))
    assert load(tmp_path, CORE).problems == ()


def test_folders_inside_the_folder_are_read(tmp_path: Path) -> None:
    """What begins with a dot stays out, a link to a folder is followed, and one that leads back ends nowhere."""
    for name in ("network", ".git", "network/.obsidian", "database"):
        (tmp_path / name).mkdir()
        write(
            tmp_path / name, **{Path(name).name.strip("."): GOOD.replace("a-plan", f"in-{Path(name).name.strip('.')}")}
        )
    (tmp_path / "away").mkdir()
    (tmp_path / "plans").mkdir()
    for name in ("network", ".git"):
        (tmp_path / name).rename(tmp_path / "plans" / name)
    (tmp_path / "database").rename(tmp_path / "away" / "database")
    (tmp_path / "plans" / "linked").symlink_to(tmp_path / "away")
    (tmp_path / "away" / "round").symlink_to(tmp_path / "plans")
    found = load(tmp_path / "plans", CORE)
    assert set(found.entries) == {"in-network", "in-database", "default"}
    assert found.problems == ()
    assert found.name(found.entries["in-database"].plan.path) == "linked/database/database.md"
    assert found.find("network") is found.find("in-network")


def test_a_files_name_belongs_to_one_plan(tmp_path: Path) -> None:
    """Links find plans by it. Who was there first stays, also if the newcomer stands before it."""
    for name in ("network", "database"):
        (tmp_path / name).mkdir()
    write(tmp_path / "network", failover=GOOD)
    before = load(tmp_path, CORE)
    write(tmp_path / "database", failover=GOOD.replace("a-plan", "b-plan"))
    for known, rejected, other in ((before, "database", "network"), (None, "network", "database")):
        found = load(tmp_path, CORE, before=known)
        [problem] = found.problems
        assert (problem.code, problem.level, found.name(problem.file)) == ("P104", "error", f"{rejected}/failover.md")
        assert render(problem.sentence, PlainShow()).startswith(f"../{other}/failover.md has the same name")
        assert set(found.entries) == {"default", "a-plan" if other == "network" else "b-plan"}


def test_a_folder_that_cannot_be_read_takes_nothing_away(tmp_path: Path) -> None:
    (tmp_path / "network").mkdir()
    write(tmp_path / "network", first=GOOD)
    write(tmp_path, other=GOOD.replace("a-plan", "b-plan"))
    before = load(tmp_path, CORE)
    shutil.rmtree(tmp_path / "network")
    (tmp_path / "network").symlink_to("network")
    found = load(tmp_path, CORE, before=before)
    assert [(one.code, found.name(one.file)) for one in found.problems] == [("P904", "network")]
    assert found.entries["a-plan"].stale
    assert not found.entries["b-plan"].stale


def test_a_link_into_another_folder(tmp_path: Path) -> None:
    """It finds its plan by the file's name; that GitHub would not find it is said."""
    (tmp_path / "network").mkdir()
    write(tmp_path, second=GOOD.replace("a-plan", "b-plan"))
    page = f"{FRONT}## Do\n\n- [ ] **Decision:** x?\n  - **Yes** → stop\n  - **No** → [other](LINK.md)\n"
    for link, wanted in (
        ("../second", []),
        ("second", ["warning"]),
        ("../third", ["error"]),
        ("../../plans/second", []),
    ):
        write(tmp_path / "network", first=page.replace("LINK", link))
        problems = load(tmp_path, CORE).problems
        assert [(one.code, one.level) for one in problems] == [("P303", level) for level in wanted], link
        if wanted == ["warning"]:
            assert [render(one.fix, PlainShow()) for one in problems if one.fix] == ["did you mean ../second.md?"]
