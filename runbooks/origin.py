"""Where the text of a plan comes from: what may act stands in a commit that others can see, letter for letter.

Git is only asked, by its own program: nothing is fetched, no hook and no filter of the repository is run. A folder that is in no
repository has no such rule, unless policy.yaml names a repository or a branch.
"""

import hashlib
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.domain.policy import PlansFrom
from runbooks import web_address

TIMEOUT = 10.0
_CALM = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null")
_ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "LANG": "C",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
}
"""Nothing else of ours goes to git; HOME is added, for the account's own keys and its `safe.directory`."""
REFUSALS = frozenset({"dirty", "unpushed", "unsigned", "elsewhere", "no_branch", "git", "unknown"})


@dataclass(frozen=True, slots=True)
class Origin:
    """commit: id of a commit on the branch that holds exactly this text, "" if there is none.

    refusal: why no action of this text may run, "" if actions may: dirty (the text is in no commit) | unpushed (its commit is
    not on the remote branch) | unsigned | elsewhere (not the repository that policy.yaml names) | no_branch (nobody said which) |
    git (git cannot be asked) | unknown (the text is gone, and it was pinned without a commit).
    """

    commit: str = ""
    refusal: str = ""


FREE = Origin()
"""Of a text that no repository holds: the starter library, a folder without git."""


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository at one moment. root: "" refuses everything with `refusal`; shared, own: file → id of its blob, on the branch
    that others see and in the commit that is checked out; branch: its name for people; web: where a file is edited in a browser,
    with `{path}` and `{line}`, "" if nobody knows."""

    root: Path
    commit: str = ""
    refusal: str = ""
    shared: Mapping[str, str] = field(default_factory=dict)
    own: Mapping[str, str] = field(default_factory=dict)
    strict: bool = False
    branch: str = ""
    web: str = ""

    def edits(self, path: Path) -> str:
        """Where a file is edited in a browser, with `{line}`; "" if nobody knows."""
        return web_address.of_file(self.web, self.branch, _inside(path, self.root))

    def of(self, path: Path, raw: bytes) -> Origin:
        """The origin of what was read from a file."""
        if self.refusal:
            return Origin(refusal=self.refusal)
        name = _inside(path, self.root)
        blob = _blob(raw, len(self.commit))
        if self.shared.get(name) == blob:
            return Origin(self.commit)
        if self.own.get(name) == blob:
            return Origin(refusal="unpushed")
        if name not in self.own and not self.strict and _ignored(self.root, path):
            return FREE
        return Origin(refusal="dirty")


def look(folder: Path, wanted: PlansFrom) -> Repository | None:
    """The repository that a folder of plans is in; None if it is in none and policy.yaml asks for none."""
    named = bool(wanted.repo or wanted.branch)
    root = next((place for place in (folder.resolve(), *folder.resolve().parents) if (place / ".git").exists()), None)
    if root is None:
        return Repository(folder, refusal="elsewhere") if named else None
    if wanted.repo and Path(wanted.repo).resolve() != root:
        return Repository(root, refusal="elsewhere")
    try:
        branch = wanted.branch or _branch_name(root)
        web = wanted.edit or web_address.template(_asked(root, "remote", "get-url", _remote(root)), branch)
        return replace(_seen(root, wanted, named), branch=branch, web=web)
    except (OSError, subprocess.SubprocessError):
        return Repository(root, refusal="git")


def _seen(root: Path, wanted: PlansFrom, named: bool) -> Repository:
    head = _asked(root, "rev-parse", "--verify", "-q", "HEAD^{commit}")
    branch = _branch(root, wanted.branch)
    if not head or not branch:
        return Repository(root, refusal="git" if not _asked(root, "rev-parse", "--git-dir") else "no_branch")
    base = _asked(root, "merge-base", head, branch)
    if wanted.signed_commits and (not base or _ask(root, "verify-commit", base).returncode):
        return Repository(root, refusal="unsigned")
    shared = _tree(root, base) if base else {}
    return Repository(root, base or head, "", shared, shared if base == head else _tree(root, head), named)


def _branch(root: Path, name: str) -> str:
    """The commit that others see: of the remote branch; where there is no remote, of the branch itself."""
    first = _remote(root)
    if not first:
        return _asked(root, "rev-parse", "--verify", "-q", f"refs/heads/{name}" if name else "HEAD")
    refs = [f"refs/remotes/{first}/{name}"] if name else ["@{upstream}", f"refs/remotes/{first}/HEAD"]
    return next((found for ref in refs if (found := _asked(root, "rev-parse", "--verify", "-q", ref))), "")


def _remote(root: Path) -> str:
    """The name of the remote, "" if there is none."""
    return next(iter(_asked(root, "remote").split()), "")


def _branch_name(root: Path) -> str:
    """What the branch is called there, "" if nothing says it."""
    known = (
        ("rev-parse", "--abbrev-ref", "@{upstream}"),
        ("symbolic-ref", "-q", "--short", f"refs/remotes/{_remote(root)}/HEAD"),
    )
    return next((found.partition("/")[2] for words in known if (found := _asked(root, *words))), "")


def _tree(root: Path, commit: str) -> dict[str, str]:
    """File → id of its blob."""
    lines = [line for line in _asked(root, "ls-tree", "-r", "-z", "--full-tree", commit).split("\0") if "\t" in line]
    return {line.partition("\t")[2]: line.partition("\t")[0].split()[2] for line in lines}


def _blob(raw: bytes, length: int) -> str:
    """The id that git gives to these bytes. length: of its ids (40: SHA-1)."""
    whole = b"blob %d\0" % len(raw) + raw
    if length == 64:
        return hashlib.sha256(whole).hexdigest()
    return hashlib.sha1(whole, usedforsecurity=False).hexdigest()


def _inside(path: Path, root: Path) -> str:
    try:
        return path.resolve().relative_to(root).as_posix()
    except ValueError:
        return ""


def _ignored(root: Path, path: Path) -> bool:
    return _ask(root, "check-ignore", "-q", "--", str(path.resolve())).returncode == 0


def _asked(root: Path, *words: str) -> str:
    """What git answers; "" if it says no."""
    done = _ask(root, *words)
    return "" if done.returncode else done.stdout.decode("utf-8", "surrogateescape").strip()


def _ask(root: Path, *words: str) -> "subprocess.CompletedProcess[bytes]":
    command = ["git", "-C", str(root), *_CALM, *words]
    return subprocess.run(
        command, capture_output=True, timeout=TIMEOUT, env={**_ENVIRONMENT, "HOME": str(Path.home())}, check=False
    )
