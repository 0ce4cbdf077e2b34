"""A real repository for tests, with a remote that others see."""

import os
import subprocess
from pathlib import Path


class Repository:
    """A clone of a bare repository, with one commit that is pushed."""

    def __init__(self, folder: Path, remote: bool = True) -> None:
        self.root, self._home = folder, folder.parent
        folder.mkdir(exist_ok=True)
        self("init", "-q", "-b", "main")
        self("config", "user.email", "author@example.com")
        self("config", "user.name", "Author")
        self("config", "commit.gpgsign", "false")
        if remote:
            bare = folder.parent / f"{folder.name}.git"
            subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(bare)], check=True)
            self("remote", "add", "origin", str(bare))

    def __call__(self, *words: str) -> str:
        env = {"PATH": os.environ["PATH"], "HOME": str(self._home), "GIT_CONFIG_NOSYSTEM": "1"}
        command = ["git", "-C", str(self.root), *words]
        done = subprocess.run(command, env=env, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def commit(self) -> str:
        """All that stands in the folder; the id."""
        self("add", "-A")
        self("commit", "-q", "-m", "Change a plan")
        return self("rev-parse", "HEAD")

    def push(self) -> None:
        self("push", "-q", "-u", "origin", "main")
