"""Clicks and forms."""

import pytest

from bot.domain.terms import Source
from bot.workspace import Workspace
from bot.workspace.errors import CannotDo
from tests.bot.slack.edge.flows import Flows, whispered


async def test_a_click_carries_its_incident_and_is_answered(ws: Workspace, room: str, flows: Flows) -> None:
    await ws.person("ana").command("/tocsin offer", room)
    await ws.person("ana").click("This", room)
    await ws.until(lambda: flows.args)
    assert flows.args == [1]
    assert flows.asks[0].incident == 42
    assert flows.asks[0].source is Source.BUTTON
    await ws.until(lambda: "Ana said 1 in 42." in whispered(ws, "ana", room))


async def test_what_the_channel_shows_is_not_said_again_to_who_clicked(ws: Workspace, room: str, flows: Flows) -> None:
    """Who typed it, or clicked elsewhere, is told."""
    await ws.person("ana").command("/tocsin echo INC-42 once", room)
    await ws.until(lambda: whispered(ws, "ana", room))
    await ws.person("ana").click("Echo", room)
    await ws.until(lambda: len(flows.asks) == 2)
    ws.add_channel("elsewhere", "ana")
    await ws.person("ana").command("/tocsin echo INC-42 once", "elsewhere")
    await ws.until(lambda: whispered(ws, "ana", "elsewhere"))
    await ws.person("ana").click("Echo", "elsewhere")
    await ws.until(lambda: len(whispered(ws, "ana", "elsewhere")) == 2)
    assert len(whispered(ws, "ana", room)) == 1


async def test_a_button_that_is_out_of_date_says_so(ws: Workspace, room: str, flows: Flows) -> None:
    await ws.person("ana").command("/tocsin offer", room)
    await ws.person("ana").click("Old", room)
    await ws.until(lambda: "This button is out of date. Nothing was done." in whispered(ws, "ana", room))
    assert flows.asks == []


async def test_a_form_is_opened_filled_and_answered(ws: Workspace, room: str, flows: Flows) -> None:
    ana = ws.person("ana")
    await ana.command("/tocsin form", room)
    await ws.until(lambda: ana.modal)
    await ana.fill(words="hello").submit()
    assert ana.modal is None
    assert flows.args == ["hello 2.3"]
    assert flows.asks[0].incident == 42
    await ws.until(lambda: "Ana said hello 2.3 in 42." in whispered(ws, "ana", room))


async def test_what_a_form_cannot_do_is_said_in_the_form(ws: Workspace, room: str) -> None:
    ana = ws.person("ana")
    await ana.command("/tocsin no", room)
    await ws.until(lambda: ana.modal)
    view = ana.modal
    with pytest.raises(CannotDo, match="Not now, Ana"):
        await ana.fill(words="hello").submit()
    assert ana.modal is view


async def test_what_is_wrong_is_said_under_its_own_field(ws: Workspace, room: str) -> None:
    ana = ws.person("ana")
    await ana.command("/tocsin odd", room)
    await ws.until(lambda: ana.modal)
    with pytest.raises(CannotDo) as wrong:
        await ana.fill(words="hello", why="so").submit()
    assert wrong.value.errors == {"why": "I cannot read “so” as a reason."}


async def test_a_form_that_does_not_open_is_said(ws: Workspace, room: str) -> None:
    ws.fault("views.open", "error", code="expired_trigger_id")
    await ws.person("ana").command("/tocsin form", room)
    assert whispered(ws, "ana", room) == ["Slack did not open the form (expired_trigger_id). Please try again."]
