"""The page on which a line of a plan is edited, by what git and policy.yaml say."""

from pathlib import Path

import pytest

from bot.domain.policy import PlansFrom
from runbooks.catalogue import load
from runbooks.origin import look
from runbooks.web_address import of_file, of_line, template
from tests.runbooks.git import Repository
from tests.runbooks.pages import CORE, step


@pytest.mark.parametrize(
    ("remote", "address"),
    [
        ("https://github.com/us/plans.git", "https://github.com/us/plans/edit/main/{path}#L{line}"),
        ("https://github.com/us/plans", "https://github.com/us/plans/edit/main/{path}#L{line}"),
        ("https://ana:token@github.com/us/plans.git", "https://github.com/us/plans/edit/main/{path}#L{line}"),
        ("git@github.com:us/plans.git", "https://github.com/us/plans/edit/main/{path}#L{line}"),
        (
            "ssh://git@github.example.com:2222/us/plans.git",
            "https://github.example.com/us/plans/edit/main/{path}#L{line}",
        ),
        ("git@gitlab.com:a/b/plans.git", "https://gitlab.com/a/b/plans/-/edit/main/{path}#L{line}"),
        ("https://gitlab.example.com:8443/a/b", "https://gitlab.example.com:8443/a/b/-/edit/main/{path}#L{line}"),
        ("http://gitea.local:3000/us/plans.git", "http://gitea.local:3000/us/plans/_edit/main/{path}#L{line}"),
        ("https://codeberg.org/us/plans/", "https://codeberg.org/us/plans/_edit/main/{path}#L{line}"),
        ("https://git.example/us/plans.git", ""),
        ("/srv/git/plans.git", ""),
        ("file:///srv/git/plans.git", ""),
        ("https://evil.example/github.com/us", ""),
        ("", ""),
    ],
)
def test_what_the_remote_tells(remote: str, address: str) -> None:
    assert template(remote, "main") == address
    assert "token" not in template(remote, "main")
    assert template(remote, "") == ""


def test_nothing_in_a_name_leaves_its_place() -> None:
    address = of_file(template("git@github.com:us/plans.git", "feature #1"), "", "plans/a b>|c.md")
    assert of_line(address, 58) == "https://github.com/us/plans/edit/feature%20%231/plans/a%20b%3E%7Cc.md#L58"
    assert of_file("https://x.example/{branch}/{path}", "main", "a.md") == "https://x.example/main/a.md"
    assert of_file("https://x.example/{path}", "main", "") == "", "a file that is not in the repository"


def test_a_folder_in_a_repository_knows_where_its_files_are_edited(tmp_path: Path) -> None:
    made = Repository(tmp_path / "plans")
    folder = made.root / "config"
    folder.mkdir()
    (folder / "first.md").write_text(step("Look."))
    made.commit()
    made.push()
    file = str(folder / "first.md")
    bare = load(folder, CORE, repository=look(folder, PlansFrom()))
    assert bare.edit(file) == "", "a path is no page"
    made("remote", "set-url", "origin", "git@github.com:us/plans.git")
    known = load(folder, CORE, repository=look(folder, PlansFrom()))
    assert known.edit(file) == "https://github.com/us/plans/edit/main/config/first.md#L{line}"
    sha = known.entries["a-plan"].plan.sha
    assert known.edit(file, sha) == known.edit(file)
    assert known.edit(file, "another text") == "", "its lines are others by now"
    named = load(folder, CORE, repository=look(folder, PlansFrom(edit="https://git.example/{branch}/{path}?{line}")))
    assert named.edit(file) == "https://git.example/main/config/first.md?{line}"
