"""F26: nothing from outside can mention, link, format, break out or hide."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.show import Mrkdwn, block_of_code, literal, quoted, span_of_code
from bot.text import Code, Link, PlainShow, Room, Span, Strong, When, Who, render, t

SHOW = Mrkdwn({"U1": "Ana", "U9": "<!channel>"})


@pytest.mark.parametrize(
    ("foreign", "shown"),
    [
        ("<!channel> <@U1> <#C1>", "&lt;!channel&gt; &lt;@U1&gt; &lt;#C1&gt;"),
        ("<https://evil.example|Approve>", "&lt;https://evil.example|Approve&gt;"),
        ("a & b &lt;", "a &amp; b &amp;lt;"),
        ("*bold* _it_ ~no~ `code`", "∗bold∗ ˍitˍ ∼no∼ ˋcodeˋ"),
        ("snake_case 2*3 a~b", "snake_case 2*3 a~b"),
        ("a\n> quote\n\n\tb", "a &gt; quote b"),
        ("\u202eevil\u200b", "⟨U+202E⟩evil⟨U+200B⟩"),
        (":fire: 03:04:05 key:value", "∶fire: 03:04:05 key:value"),
        ("{x} {{ 7*7 }} ${y} %(z)s", "{x} {{ 7*7 }} ${y} %(z)s"),
    ],
)
def test_foreign_words_are_shown_as_they_are(foreign: str, shown: str) -> None:
    assert literal(foreign) == shown
    assert render(t("{x}", x=foreign), SHOW) == shown


@given(st.text())
def test_nothing_foreign_is_a_token_or_hidden(foreign: str) -> None:
    for shown in (literal(foreign), span_of_code(foreign), render(t("{x}", x=Strong(foreign)), SHOW)):
        assert "<" not in shown
        assert ">" not in shown
        assert "\n" not in shown
        assert not any(c in shown for c in "\u202a\u202e\u2066\u2069\u200b\u200f\ufeff\x00\x1b")
    assert "`" not in span_of_code(foreign)[1:-1]
    assert "`" not in literal(foreign)
    assert block_of_code(foreign).count("```") == 2


@given(st.text())
def test_a_link_is_never_broken_open(foreign: str) -> None:
    shown = SHOW.link(Link(f"https://tocsin.example/{foreign}", foreign))
    assert shown.count("<") == shown.count(">") == shown.count("|") == 1
    assert shown.startswith("<https://tocsin.example/")
    assert shown.endswith(">")


def test_links_go_only_where_links_go() -> None:
    assert SHOW.link(Link("javascript:alert(1)", "x")) == "x"
    assert SHOW.link(Link("https://e.example/a?b=<c>&d=|", "a|b")) == "<https://e.example/a?b=%3Cc%3E&d=%7C|a∣b>"


def test_a_code_span_shows_every_character() -> None:
    assert span_of_code("rm `x` && echo <y>") == "`rm ⟨U+0060⟩x⟨U+0060⟩ &amp;&amp; echo &lt;y&gt;`"
    assert span_of_code("a\nb") == "`a⟨U+000A⟩b`"
    assert span_of_code("") == "`⟨empty⟩`"
    assert block_of_code("a ``` b\n\tc\r\x1b[0m") == "```\na ⟨U+0060⟩⟨U+0060⟩⟨U+0060⟩ b\n\tc⟨U+000D⟩⟨U+001B⟩[0m\n```"


def test_people_are_named_and_pinged_only_on_purpose() -> None:
    assert SHOW.who(Who("U1")) == "Ana"
    assert SHOW.who(Who("U9")) == "&lt;!channel&gt;"
    assert SHOW.who(Who("U2")) == "<@U2>"
    assert SHOW.who(Who("bot")) == "Tocsin"
    assert SHOW.who(Who("<!here>")) == "&lt;!here&gt;"
    assert Mrkdwn({"U1": "Ana"}, ("U1",)).who(Who("U1")) == "<@U1>"


@pytest.mark.parametrize(
    ("said", "shown", "strong", "plain"),
    [
        ("@[U1] is on it", "@Ana is on it", "*@Ana is on it*", "@Ana is on it"),
        ("ask @[U9]", "ask @&lt;!channel&gt;", "*ask @&lt;!channel&gt;*", "ask @<!channel>"),
        ("ask @[U8] @[U2]", "ask @a∗b @U2", "*ask @a∗b @U2*", "ask @a*b @U2"),
        ("see #[C1].", "see <#C1>.", "*see <#C1>.*", "see #C1."),
        ("a@[] #[x] @[u1]", "a@[] #[x] @[u1]", "*a@[] #[x] @[u1]*", "a@[] #[x] @[u1]"),
    ],
)
def test_who_is_mentioned_is_named_and_not_pinged(said: str, shown: str, strong: str, plain: str) -> None:
    """A channel is Slack's own token: who may not see a private one does not read its name."""
    names = {"U1": "Ana", "U9": "<!channel>", "U8": "a*b"}
    assert Mrkdwn(names).foreign(said) == shown
    assert Mrkdwn(names).strong(Strong(said)) == strong
    assert quoted(f"{said}\nsaid @[U1]", Mrkdwn(names)) == f"&gt; {shown}\n&gt; said @Ana"
    assert PlainShow(names).foreign(said) == plain
    assert Mrkdwn(names).link(Link("https://e.example", "of @[U1]")) == "<https://e.example|of @Ana>"


def test_moments_rooms_and_lengths() -> None:
    assert SHOW.when(When(1_988_334_000_000_000)) == (
        "<!date^1988334000^{date_short_pretty} {time}|2033-01-03 03:00:00 UTC>"
    )
    for style in ("time", "secs", "full", "stamp", "date"):
        assert "{date_short_pretty}" in SHOW.when(When(1_988_334_000_000_000, style)), (
            "over midnight the time alone lies"
        )
    assert SHOW.span(Span(20_400_000_000)) == "5\u00a0h\u00a040\u00a0min"
    assert SHOW.room(Room("C1")) == "<#C1>"
    assert SHOW.room(Room("x>y")) == "x&gt;y"


def test_a_quotation_keeps_its_lines() -> None:
    assert quoted("a\n\n<b>\n", SHOW) == "&gt; a\n&gt; \n&gt; &lt;b&gt;"


def test_plain_text() -> None:
    show = PlainShow({"U1": "Ana"}, "Asia/Shanghai")
    text = t(
        "{who} {at} {full} {span} {code} {title} {link} {room}",
        who=Who("U1"),
        at=When(1_988_334_000_000_000),
        full=When(1_988_334_000_000_000, "full"),
        span=Span(60_000_000),
        code=Code("a\u202eb"),
        title=Strong("x\ny"),
        link=Link("https://e.example", "here"),
        room=Room("C1"),
    )
    shown = "Ana 11:00 2033-01-03 11:00 1\u00a0min a⟨U+202E⟩b x y here (https://e.example) #C1"
    assert render(text, show) == shown
