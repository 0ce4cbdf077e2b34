from pathlib import Path

from runbooks.catalogue import STARTERS, load
from runbooks.parse import sha_of
from tests.runbooks.pages import CORE, FRONT, step

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
