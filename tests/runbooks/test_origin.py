"""Where a plan's text comes from, with real repositories."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from bot.domain.gate_words import FROM_WHERE
from bot.domain.policy import PlansFrom
from runbooks.catalogue import load
from runbooks.origin import FREE, REFUSALS, Origin, look
from tests.runbooks.git import Repository
from tests.runbooks.pages import CORE, step

TEXT = step("Look.")
ANY = PlansFrom()


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "plans")
    (made.root / "first.md").write_text(TEXT)
    return made


def origin(root: Path, wanted: PlansFrom = ANY) -> Origin:
    return load(root, CORE, repository=look(root, wanted)).entries["a-plan"].origin


def test_without_git_there_is_no_rule_unless_policy_names_one(tmp_path: Path) -> None:
    (tmp_path / "first.md").write_text(TEXT)
    assert look(tmp_path, PlansFrom()) is None
    assert origin(tmp_path, PlansFrom(branch="main")).refusal == "elsewhere"
    assert origin(tmp_path, PlansFrom(repo="/srv/plans")).refusal == "elsewhere"


def test_only_what_others_see_may_act(repository: Repository) -> None:
    root = repository.root
    assert origin(root).refusal == "no_branch", "there is not even a commit"
    first = repository.commit()
    assert origin(root).refusal == "no_branch", "nothing says which branch others see"
    repository.push()
    assert origin(root) == Origin(first)
    (root / "first.md").write_text(TEXT + "\nMore words.\n")
    assert origin(root).refusal == "dirty"
    second = repository.commit()
    assert origin(root).refusal == "unpushed"
    repository.push()
    assert origin(root) == Origin(second)


def test_an_earlier_text_that_was_published_may_act_again(repository: Repository) -> None:
    """A commit that is not pushed changes another file only: what it leaves alone still stands in a commit that others see."""
    first = repository.commit()
    repository.push()
    (repository.root / "README.md").write_text("# Plans\n")
    repository.commit()
    assert origin(repository.root) == Origin(first)


def test_the_branch_is_the_one_that_policy_names(repository: Repository) -> None:
    first = repository.commit()
    repository.push()
    assert origin(repository.root, PlansFrom(branch="main", repo=str(repository.root))) == Origin(first)
    assert origin(repository.root, PlansFrom(branch="release")).refusal == "no_branch"
    assert origin(repository.root, PlansFrom(repo="/srv/plans")).refusal == "elsewhere"
    assert origin(repository.root, PlansFrom(signed_commits=True)).refusal == "unsigned"


def test_a_signature_that_git_trusts(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """A real key: what it signed may act; what nobody signed, or a key that nobody trusts, may not."""
    if shutil.which("ssh-keygen") is None and os.environ.get("CI") != "true":
        pytest.skip("there is no ssh-keygen, which makes keys and proves what they signed")
    home, signed = repository.root.parent, PlansFrom(branch="main", signed_commits=True)
    monkeypatch.setenv("HOME", str(home))
    key = home / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "author", "-f", str(key)], check=True)
    trusted = home / "trusted"
    trusted.write_text(f"author@example.com {key.with_suffix('.pub').read_text()}")
    repository("config", "--global", "gpg.ssh.allowedSignersFile", str(trusted))
    for name, value in (("gpg.format", "ssh"), ("user.signingkey", str(key)), ("commit.gpgsign", "true")):
        repository("config", name, value)
    first = repository.commit()
    repository.push()
    assert origin(repository.root, signed) == Origin(first)
    trusted.write_text("")
    assert origin(repository.root, signed).refusal == "unsigned", "nobody trusts this key"
    trusted.write_text(f"author@example.com {key.with_suffix('.pub').read_text()}")
    repository("config", "commit.gpgsign", "false")
    (repository.root / "first.md").write_text(TEXT + "\nMore words.\n")
    second = repository.commit()
    repository.push()
    assert origin(repository.root, signed).refusal == "unsigned"
    assert origin(repository.root, PlansFrom(branch="main")) == Origin(second)


def test_a_deployed_commit_without_a_branch(repository: Repository) -> None:
    """A checkout of a commit: the branch is known from policy.yaml, or from the remote's own head."""
    first = repository.commit()
    repository.push()
    repository("checkout", "-q", "--detach")
    assert origin(repository.root).refusal == "no_branch"
    assert origin(repository.root, PlansFrom(branch="main")) == Origin(first)
    repository("remote", "set-head", "origin", "main")
    assert origin(repository.root) == Origin(first)


def test_without_a_remote_the_commit_itself_counts(tmp_path: Path) -> None:
    alone = Repository(tmp_path / "plans", remote=False)
    (alone.root / "first.md").write_text(TEXT)
    first = alone.commit()
    assert origin(alone.root) == Origin(first)
    (alone.root / "first.md").write_text(TEXT + "\nMore words.\n")
    assert origin(alone.root).refusal == "dirty"


def test_a_folder_that_git_ignores_is_no_part_of_it(repository: Repository) -> None:
    (repository.root / ".gitignore").write_text("config/\n")
    repository.commit()
    repository.push()
    folder = repository.root / "config"
    folder.mkdir()
    (folder / "first.md").write_text(TEXT)
    assert origin(folder) == FREE
    assert origin(folder, PlansFrom(branch="main")).refusal == "dirty", "policy.yaml asks for a commit"
    other = repository.root / "other"
    other.mkdir()
    (other / "first.md").write_text(TEXT)
    assert origin(other).refusal == "dirty"


def test_a_repository_that_cannot_be_read_lets_nothing_act(tmp_path: Path) -> None:
    (tmp_path / "first.md").write_text(TEXT)
    (tmp_path / ".git").write_text("gitdir: /nowhere\n")
    assert origin(tmp_path).refusal == "git"


def test_what_was_good_stays_known_when_it_is_replaced(repository: Repository) -> None:
    commit = repository.commit()
    repository.push()
    root = repository.root
    before = load(root, CORE, repository=look(root, PlansFrom()))
    (root / "first.md").write_text(TEXT + "\nMore words.\n")
    after = load(root, CORE, before=before, repository=look(root, PlansFrom()))
    assert after.origins[before.entries["a-plan"].plan.sha] == Origin(commit)
    assert after.entries["a-plan"].origin.refusal == "dirty"


def test_every_refusal_has_words() -> None:
    assert set(FROM_WHERE) == REFUSALS
