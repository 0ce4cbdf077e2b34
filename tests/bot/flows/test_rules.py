"""The five files change while the program runs: what is good is used, a mistake takes nothing away and is told with its line."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.domain.organisation import Organisation
from bot.domain.policy import Mode
from bot.errors import StoreAway
from bot.flows.rules import Rules

ROUTES = "routes:\n  - match: ['a=\"b\"']\n    do: record\n"


@dataclass
class Used:
    """What holds; using it may fail."""

    all: list[Organisation] = field(default_factory=list)
    away: bool = False

    async def __call__(self, organisation: Organisation) -> None:
        if self.away:
            raise StoreAway("away")
        self.all.append(organisation)

    @property
    def mode(self) -> Mode:
        return self.all[-1].policy.automation.mode


@pytest.fixture
def used() -> Used:
    return Used()


@pytest.fixture
def rules(tmp_path: Path, used: Used) -> Rules:
    policy(tmp_path, "off")
    return Rules(tmp_path, used)


def policy(folder: Path, mode: str) -> None:
    (folder / "policy.yaml").write_text(f"# first line\nautomation: {{mode: {mode}}}\n")


def told(rules: Rules) -> list[tuple[str, int, int]]:
    return [(bad.file, bad.line, bad.errors) for bad in rules.rejected]


async def test_what_changed_is_used_and_what_is_the_same_is_not_read_again(rules: Rules, used: Used) -> None:
    await rules.look()
    await rules.look()
    assert [one.policy.automation.mode for one in used.all] == [Mode.OFF]
    policy(rules.folder, "dry-run")
    await rules.look()
    assert (used.mode, len(used.all)) == (Mode.DRY_RUN, 2)
    assert used.all[1].policy.sha != used.all[0].policy.sha


async def test_a_mistake_takes_nothing_away_and_the_other_files_change_all_the_same(rules: Rules, used: Used) -> None:
    await rules.look()
    (rules.folder / "policy.yaml").write_text("# first line\nautomation: {mode: aut}\nautomatoin: {}\n")
    (rules.folder / "routes.yaml").write_text(ROUTES)
    await rules.look()
    assert told(rules) == [("policy.yaml", 2, 2)]
    assert "aut" in rules.rejected[0].said
    assert (used.mode, len(used.all[-1].routes.routes)) == (Mode.OFF, 1)
    policy(rules.folder, "ask")
    await rules.look()
    assert (told(rules), used.mode) == ([], Mode.ASK)


async def test_what_was_never_good_is_not_guessed(rules: Rules, used: Used) -> None:
    (rules.folder / "policy.yaml").write_text("automation: [")
    await rules.look()
    assert (told(rules), used.all) == ([("policy.yaml", 1, 1)], [])


async def test_a_file_that_is_gone_leaves_the_defaults_and_a_folder_that_is_gone_leaves_all(
    rules: Rules, used: Used
) -> None:
    await rules.look()
    (rules.folder / "policy.yaml").rename(rules.folder / "kept")
    await rules.look()
    assert (used.mode, used.all[-1].policy.sha) == (Mode.ASK, "")
    (rules.folder / "kept").rename(rules.folder / "policy.yaml")
    await rules.look()
    away = rules.folder.rename(rules.folder.with_name("away"))
    await rules.look()
    assert (used.mode, len(used.all)) == (Mode.OFF, 3)
    away.rename(rules.folder)


async def test_what_could_not_be_used_is_used_at_the_next_look(rules: Rules, used: Used) -> None:
    await rules.look()
    policy(rules.folder, "ask")
    used.away = True
    with pytest.raises(StoreAway):
        await rules.look()
    used.away = False
    await rules.look()
    assert used.mode is Mode.ASK
