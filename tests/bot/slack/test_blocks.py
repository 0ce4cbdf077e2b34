"""Slack's limits are kept whatever comes in."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.ports import Button, Field, Form, Reply
from bot.slack import blocks
from bot.slack.show import Mrkdwn, literal, span_of_code
from bot.text import Code, t
from tests.bot.slack.screen import modal


@given(st.text(max_size=60), st.integers(20, 80))
def test_cut_never_tears_a_token(foreign: str, most: int) -> None:
    text = f"{literal(foreign)} {span_of_code(foreign)} <!date^1^{{time}}|1970> {literal(foreign)}"
    shown = blocks.cut(text, most)
    assert len(shown) <= most
    assert shown == text or "…" in shown
    assert shown.count("<") == shown.count(">")
    assert shown.replace("```", "").count("`") % 2 == 0


def test_cut_keeps_a_block_of_code_closed() -> None:
    shown = blocks.cut("```\n" + "x" * 100 + "\n```", 50)
    assert shown.endswith("…```")
    assert len(shown) <= 50


def test_a_message_has_fifty_blocks_at_most() -> None:
    message = blocks.message([blocks.section("a") for _ in range(80)], "x" * 50_000)
    assert len(message.blocks) == blocks.MESSAGE_BLOCKS
    assert "did not fit" in message.blocks[-1]["elements"][0]["text"]
    assert len(message.text) <= blocks.NOTIFICATION


def test_a_notification_mentions_nobody() -> None:
    assert blocks.message([], "<!channel> & <@U1>").text == "&lt;!channel&gt; &amp; &lt;@U1&gt;"


def test_a_message_stays_below_the_length_that_slack_takes() -> None:
    message = blocks.message([blocks.section("a" * 2_999) for _ in range(10)], "x")
    assert sum(blocks.length(block) for block in message.blocks) < 9_600


def test_texts_are_cut_at_their_limits() -> None:
    long = "x" * 5_000
    assert len(blocks.section(long)["text"]["text"]) <= 3_000
    assert len(blocks.header(t(long))["text"]["text"]) == 150
    assert all(len(e["text"]) <= 2_000 for e in blocks.context(*[long] * 20)["elements"])
    assert len(blocks.context(*[long] * 20)["elements"]) == 10
    assert len(blocks.button(Button(t(long), "x"), 1)["text"]["text"]) == 75


def test_a_button_is_a_verb_with_its_incident() -> None:
    made = blocks.button(Button(t("Yes"), "answer", {"step": "2.3"}, "primary"), 42)
    assert made["action_id"] == "verb:answer"
    assert json.loads(made["value"]) == {"i": 42, "step": "2.3"}
    assert made["style"] == "primary"


def test_two_buttons_of_one_verb_are_told_apart() -> None:
    row = blocks.actions([Button(t("a"), "answer"), Button(t("b"), "answer"), Button(t("c"), "skip")], 1)
    assert [e["action_id"] for e in row["elements"]] == ["verb:answer", "verb:answer:2", "verb:skip"]


def test_a_value_that_is_too_long_is_our_mistake() -> None:
    with pytest.raises(ValueError, match="2000"):
        blocks.button(Button(t("a"), "x", {"words": "y" * 2_000}), 1)


def test_who_types_too_much_for_a_form_is_told() -> None:
    with pytest.raises(BadInput):
        blocks.modal(Form("x", t("a"), t("b"), (), {"words": "y" * 3_000}))


def test_a_reply_is_few_paragraphs_and_its_buttons() -> None:
    lines = tuple(t("{n} {x}", n=n, x=Code("<y>")) for n in range(3))
    message = blocks.reply(Reply(lines, (Button(t("Join"), "take"),)), 7, Mrkdwn())
    assert message.blocks[0]["text"]["text"] == "0 `&lt;y&gt;`\n1 `&lt;y&gt;`\n2 `&lt;y&gt;`"
    assert message.blocks[1]["elements"][0]["value"] == '{"i":7}'
    long = blocks.reply(Reply(tuple(t("x" * 1_000) for _ in range(5))), None, Mrkdwn())
    assert len(long.blocks) == 3


FORM = Form(
    "update",
    t("A title that is far too long for Slack"),
    t("Send"),
    (
        Field("broken", t("What is broken?"), "text", "It", optional=True, hint=t("in plain words")),
        Field("status", t("Where does it stand?"), "choice", "b", options={"a": t("A"), "b": t("B")}),
        Field("person", t("Who?"), "person", "U1"),
        Field("next", t("Next"), most=10),
    ),
    {"step": "2.3"},
)


def test_a_form_is_a_modal() -> None:
    view = blocks.modal(FORM)
    assert view["title"]["text"] == "A title that is far too…"
    assert json.loads(view["private_metadata"]) == {"step": "2.3"}
    assert modal(view) == (
        "== A title that is far too… ==\n"
        "What is broken? (optional) (in plain words): <plain_text_input> It\n"
        "Where does it stand?: <static_select> A | B\n"
        "Who?: <users_select> U1\n"
        "Next: <plain_text_input>\n"
        "[Send] [Cancel]\n"
    )
