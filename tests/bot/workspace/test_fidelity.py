"""The workspace beside what is known of the real Slack.

The data (Slack's reference as JSON, skeletons of recorded answers, limits and samples of blocks) is not part of the project:
it is looked for beside the checkout, and without it these tests are skipped.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace import Workspace
from bot.workspace.blocks import checked_blocks, checked_view
from bot.workspace.errors import COMMON
from bot.workspace.methods import METHODS
from bot.workspace.shapes import BLOCKS, ELEMENTS, MARKDOWN, MULTI, TYPED
from tests.bot.workspace.tour import tour

DATA = Path(__file__).parents[4] / "shared" / "reference" / "slack-data"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the reference data of the real Slack is not here")

STRICTER = {("conversations.replies", "not_in_channel")}
"""Errors that the real Slack gives though its reference does not list them (seen in the field)."""
ALLOWED = {
    "BlockAction.message.reactions[].users is not known",
    "MessageShortcut.message.reactions[].users is not known",  # the recording has no reaction with users in it
    "SlashCommand.is_enterprise_install is 'false', recorded was False",  # a form's value, also in Socket Mode
}


def load(*path: str) -> Any:
    return json.loads(DATA.joinpath(*path).read_text())


def reference(name: str) -> Any:
    return load("api-ref", "docs.slack.dev", "methods", f"{name}.json")


@needs_data
@pytest.mark.parametrize("name", METHODS)
def test_the_table_says_what_the_reference_says(name: str) -> None:
    row, known = METHODS[name], reference(name)
    assert known["rate_limits"] == f"t{row.tier}"
    scopes = set(known["scope"].get("bot", ())) if isinstance(known["scope"], dict) else set()
    assert row.all_scopes <= scopes
    assert bool(row.all_scopes) is bool(scopes)
    assert row.errors - set(known["errors"]) <= {code for method, code in STRICTER if method == name}
    assert not row.errors & COMMON


def like(skeleton: Any, value: Any, at: str) -> list[str]:
    """Where a value has keys or types that no recorded answer had. Blocks and metadata are the app's own."""
    if skeleton in ("…", {}, []) or value is None or at.endswith((".blocks", ".event_payload", ".values")):
        return []
    if isinstance(value, dict) and isinstance(skeleton, dict):
        extra = [f"{at}.{key} is not known" for key in value if key not in skeleton and key != "blocks"]
        return extra + [
            each for key in value.keys() & skeleton.keys() for each in like(skeleton[key], value[key], f"{at}.{key}")
        ]
    if isinstance(value, list) and isinstance(skeleton, list):
        return [each for inner in value for each in like(skeleton[0], inner, f"{at}[]")]
    same = isinstance(value, type(skeleton)) or (isinstance(value, int) and isinstance(skeleton, float))
    return [] if same else [f"{at} is {value!r}, recorded was {skeleton!r}"]


@needs_data
async def test_answers_and_payloads_look_like_recorded_ones(
    ws: Workspace, bolt: AsyncApp, client: AsyncWebClient, connected: Any
) -> None:
    bodies = await tour(ws, bolt, client)
    answered = {called.method: called.answer for called in ws.state.calls if called.ok}
    assert set(answered) == set(METHODS)
    odd: list[str] = []
    for name, answer in answered.items():
        path = ("java-json-logs", "api", f"{name}.json")
        if DATA.joinpath(*path).is_file():
            odd += like(load(*path), answer, name)
    kinds = {
        "block_actions": "BlockAction",
        "message_action": "MessageShortcut",
        "view_submission": "ViewSubmission",
        "view_closed": "ViewClosed",
    }
    seen = set()
    for body in bodies:
        kind = kinds.get(body.get("type"), "SlashCommand" if "command" in body else "")
        seen.add(kind or body.get("event", body)["type"])
        if kind:
            odd += like(load("java-json-logs", "app-backend", f"{kind}Payload.json"), body, kind)
    assert sorted(set(odd) - ALLOWED) == []
    assert seen >= {
        "BlockAction",
        "MessageShortcut",
        "ViewSubmission",
        "ViewClosed",
        "SlashCommand",
        "message",
        "app_mention",
    }
    assert seen >= {"reaction_added", "reaction_removed", "member_joined_channel", "app_home_opened", "channel_archive"}


def modelled(value: Any) -> bool:
    """Whether all blocks and elements in it are ones that the workspace draws."""
    known = {
        *BLOCKS,
        *ELEMENTS,
        *MULTI,
        "markdown",
        "plain_text_input",
        "plain_text",
        "mrkdwn",
        "image",
        "modal",
        "home",
    }
    if isinstance(value, dict):
        return value.get("type", "modal") in known and all(modelled(each) for each in value.values())
    return all(modelled(each) for each in value) if isinstance(value, list) else True


SAMPLES = sorted(DATA.glob("slackblocks-spec/spec/fixtures/valid/*/*.json"))


def sample_blocks(family: str, sample: Any) -> Any:
    """A sample as blocks of a message; None if it is none."""
    if family == "elements" and isinstance(sample, dict) and sample.get("type") in {*ELEMENTS}:
        return [{"type": "section", "text": {"type": "plain_text", "text": "x"}, "accessory": sample}]
    if family == "elements" and isinstance(sample, dict) and sample.get("type") in {*MULTI, "plain_text_input"}:
        return [{"type": "input", "label": {"type": "plain_text", "text": "x"}, "element": sample}]
    if family == "blocks":
        return sample if isinstance(sample, list) else [sample]
    return sample.get("blocks") if family == "messages" and isinstance(sample, dict) else None


@needs_data
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_valid_samples_are_taken(path: Path) -> None:
    sample = json.loads(path.read_text())
    blocks = sample_blocks(path.parent.name, sample)
    if not blocks or not modelled(blocks):
        return
    for number, block in enumerate(blocks):
        if block.get("block_id") == "fake_block_id":  # the samples give this id to several blocks of a message
            block["block_id"] += str(number)
    assert len(checked_blocks(blocks, "message")) == len(blocks)


@needs_data
def test_valid_views_are_taken() -> None:
    for path in SAMPLES:
        sample = json.loads(path.read_text())
        if path.parent.name == "views" and modelled(sample):
            checked_view(sample, sample["type"])


@needs_data
def test_limits_are_the_known_ones() -> None:
    known = load("slackblocks-spec", "spec", "limits.json")
    rules: dict[str, Any] = {**BLOCKS, **ELEMENTS, **MULTI, "markdown": MARKDOWN, "plain_text_input": TYPED}
    ours = {
        "button.text": rules["button"].fields["text"].most,
        "button.value": rules["button"].fields["value?"].most,
        "header.text": rules["header"].fields["text"].most,
        "section.text": rules["section"].fields["text?"].most,
        "section.fields": rules["section"].fields["fields?"].most,
        "context.elements": rules["context"].fields["elements"].most,
        "actions.elements": rules["actions"].fields["elements"].most,
        "overflow.options": rules["overflow"].fields["options"].most,
        "checkboxes.options": rules["checkboxes"].fields["options"].most,
        "radio_buttons.options": rules["radio_buttons"].fields["options"].most,
        "select.options": rules["static_select"].fields["options?"].most,
        "select.placeholder": rules["static_select"].fields["placeholder?"].most,
        "input.label": rules["input"].fields["label"].most,
        "input.hint": rules["input"].fields["hint?"].most,
        "markdown.text": rules["markdown"].fields["text"].most,
        "image.alt_text": rules["image"].fields["alt_text"].most,
        "plain_text_input.max_length": rules["plain_text_input"].fields["max_length?"].most,
    }
    theirs = {name: known[name.split(".")[0]][name.split(".")[1]] for name in ours}
    assert ours == {
        name: each.get("max_length", each.get("max_items", each.get("max"))) for name, each in theirs.items()
    }
