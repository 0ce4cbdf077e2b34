"""One person has one time zone."""

import pytest

from tests.integrations.notify.servers import Pager
from tests.stories.story import Story
from tests.stories.test_waking import NOTIFY, opened, rings

__all__ = ["rings"]


@pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)
async def test_whose_clock_oncall_names_reads_that_one_everywhere(unbegun: Story, rings: Pager) -> None:
    """Slack says UTC. The moment is one, too: when it began."""
    unbegun.configure("oncall.yaml", (NOTIFY[0], NOTIFY[1].replace("Europe/Lisbon", "Asia/Shanghai")))
    unbegun.public_url = "https://tocsin.example.com"
    await unbegun.start()
    await unbegun.alert("Odd", service="gateway")
    await unbegun.forward("2m10s")
    await unbegun.settle()
    [said] = rings.sent
    at = str(said["text"]).partition(" I have it")[0][-6:-1]
    assert at.startswith(("16:", "17:"))
    code, page = await opened(unbegun, said["link"])
    assert (code, f"Since 2033-01-03 {at}." in page) == (200, True), page
    assert "in Asia/Shanghai" in await unbegun.ana.types(f"INC-1 mark known --at {at}", "general")
