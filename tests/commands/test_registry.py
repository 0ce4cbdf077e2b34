"""Every verb keeps the contract: found by its file, examples that work, forms whose answers it takes."""

import re
from pathlib import Path
from typing import Any

import pytest

import commands
from bot.domain import phrase
from bot.domain.terms import DAY
from bot.errors import BadInput, StartError
from bot.ports.reply import Form
from commands import Command, registry

VERBS = registry.load()
PERMISSIONS = {"approve", "declare", "command", "respond", "read", "edit_times"}
GROUPS = {"start", "who", "state", "plan", "say", "read"}


def test_each_file_is_a_verb_of_its_name() -> None:
    files = {path.stem for path in Path(commands.__path__[0]).glob("*.py")}
    assert set(VERBS) == {
        name.rstrip("_") for name in files - {"__init__", "declaring", "places", "registry", "stepping"}
    }


def sent(words: str) -> str:
    """As Slack sends it: names are ids by then."""
    return re.sub(r"@(\w+)", lambda found: f"@[U0{found[1].upper()}]", words)


def typed(verb: Command[Any], words: str) -> str:
    """What is left for the verb when the moment is read."""
    return registry.timed(verb, sent(words))[0]


@pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS)
def test_a_moment_is_taken_or_refused_and_never_a_word(verb: Command[Any]) -> None:
    if verb.dated:
        assert registry.timed(verb, "2.3 x --at 08:58") == ("2.3 x", "08:58")
        with pytest.raises(BadInput, match="Which time"):
            registry.timed(verb, "x --at")
    else:
        with pytest.raises(BadInput, match="counts from now"):
            registry.timed(verb, "x --at 08:58")


@pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS)
def test_the_example_works(verb: Command[Any]) -> None:
    line = phrase.line(verb.example)
    assert line.verb == verb.name == verb.usage.partition(" ")[0]
    assert verb.form(verb.parse(typed(verb, line.words))) is None, "the example is all that is needed"
    assert (verb.permission in PERMISSIONS, verb.group in GROUPS) == (True, True)
    assert verb.where in ("incident", "anywhere")


@pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS)
def test_without_words_it_asks_or_says_what_would_work(verb: Command[Any]) -> None:
    """A form, a verb that needs no words, or one sentence with an example that this verb can read."""
    try:
        form = verb.form(verb.parse(""))
    except BadInput as bad:
        line = phrase.line(bad.example)
        assert line.verb == verb.name
        verb.parse(typed(verb, line.words))
        return
    if form is not None:
        takes_its_answers(verb, form)


def takes_its_answers(verb: Command[Any], form: Form) -> None:
    assert form.verb == verb.name
    answers = {field.name: next(iter(field.options), "words") for field in form.fields}
    answers |= {
        name: good for name, good in {"next": "20m", "other": "INC-7", "severity": "sev2"}.items() if name in answers
    }
    assert verb.form(verb.fill(answers, form.value)) is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("resolv", "resolve"),
        ("acknowledge", "ack"),
        ("acknowlege inc-2", "ack inc-2"),
        ("identifed the disk", "status identified the disk"),
        ("severity 2", "sev 2"),
        ("open orders are down", "declare orders are down"),
        ("xyzzy", "help"),
        ("rol comms @[U0BEN]", "role comms @[U0BEN]"),
        ("timelin", "timeline"),
        ("dnoe 2.3 https://g.example", "done 2.3 https://g.example"),
        ("sev1", "sev 1"),
        ("SEV-2 only one region".lower(), "sev 2 only one region"),
        ("resolved", "resolve"),
        ("identified it is the disk", "status identified it is the disk"),
        ("mitigated", "mark mitigated"),
        ("hello there", "help"),
        ("helo done", "help done"),
        ("1 summary", "summary INC-1"),
        ("42 sev 1 all of it", "sev INC-42 1 all of it"),
        ("1 all of it", "sev 1 all of it"),
        ("tocsin done 2.3 https://g.example", "done 2.3 https://g.example"),
        ("/tocsin ack", "ack"),
        ("tocsin", "help"),
    ],
)
def test_an_unknown_verb_is_guessed(typed: str, meant: str) -> None:
    """With the words that were typed: an example's words would be somebody else's."""
    name, _, words = typed.partition(" ")
    with pytest.raises(BadInput) as caught:
        registry.verb(VERBS, name, words)
    assert caught.value.example == meant


def test_what_is_offered_for_another_word_works() -> None:
    for line in registry.SAID.values():
        said = phrase.line(line)
        VERBS[said.verb].parse(said.words)


@pytest.mark.parametrize("words", ["restart host=", "restart =1", "restart gw-1"])
def test_a_parameter_without_a_value_is_refused(words: str) -> None:
    with pytest.raises(BadInput):
        VERBS["run"].parse(words)


def test_a_verb_that_lacks_something_stops_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken_verb.py").write_text("command = object()\n")
    monkeypatch.setitem(commands.__dict__, "__path__", [str(tmp_path)])
    with pytest.raises(StartError, match=r"commands/broken_verb\.py: the verb lacks name, group"):
        registry.load()


@pytest.mark.parametrize("who", ["@lee", "<@UXXXX>", "<@U0LEE|lee>"])
def test_a_name_that_slack_does_not_know_is_no_part_of_a_role(who: str) -> None:
    with pytest.raises(BadInput) as caught:
        VERBS["role"].parse(f"vendor liaison {who}")
    assert "complete the name" in caught.value.sentence.msgid


@pytest.mark.parametrize(("name", "told"), [("silnce", "silence alerts yet"), ("@[u0ana]", "begins with a verb")])
def test_what_is_no_verb_either(name: str, told: str) -> None:
    """A slip in a word that leads to one later; a name in front."""
    with pytest.raises(BadInput) as caught:
        registry.verb(VERBS, name)
    assert told in caught.value.sentence.msgid


@pytest.mark.parametrize("verb", registry.LATER)
def test_what_is_not_there_yet_says_so_and_what_can_be_done(verb: str) -> None:
    with pytest.raises(BadInput) as refused:
        registry.verb(VERBS, verb)
    assert "Did you mean" not in refused.value.sentence.msgid
    line = phrase.line(refused.value.example)
    words, _ = registry.timed(VERBS[line.verb], line.words)
    VERBS[line.verb].parse(words)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("F-17 done https://x", "is done"),
        ("f-17 verify", "is verified"),
        ("F-17 drop no", "is dropped"),
        ("F-17 due 14d", "is due"),
        ("F-17 owner @ben", "belongs to"),
        ("F-17", "is done"),
    ],
)
def test_a_follow_up_that_is_known_is_not_recorded_anew(words: str, says: str) -> None:
    """What to say instead fits what was meant."""
    with pytest.raises(BadInput, match="cannot be ticked off") as caught:
        VERBS["followup"].parse(words)
    assert caught.value.example.startswith(f"note F-17 {says}")
    assert (
        VERBS["followup"].parse("F-17 was too little, test the restore").text == "F-17 was too little, test the restore"
    )


def test_a_role_is_given_to_one_person() -> None:
    with pytest.raises(BadInput, match="one person"):
        VERBS["role"].parse("commander @[U0ANA] @[U0BEN]")
    assert VERBS["role"].form(VERBS["role"].parse("")) is None, "who holds what is shown"
    assert VERBS["role"].form(VERBS["role"].click({"ask": True})) is not None


@pytest.mark.parametrize(
    ("verb", "words", "said"),
    [
        ("times", "began 99:99", "cannot read"),
        ("times", "mitigated 03:10 back 24:61 because the graph says so", "cannot read"),
        ("assign", "1.1 @nobody", "complete the name"),
        ("assign", "ben", "complete the name"),
        ("update", "We look --next 500h", "more than a week"),
        ("update", "We look --next 8d", "more than a week"),
    ],
)
def test_what_cannot_be_meant_is_said_with_a_line_that_works(verb: str, words: str, said: str) -> None:
    with pytest.raises(BadInput, match=said) as refused:
        VERBS[verb].parse(words)
    line = phrase.line(refused.value.example)
    assert line.verb == verb
    VERBS[verb].parse(typed(VERBS[verb], line.words))


def test_the_form_of_an_update_promises_no_longer_than_a_week() -> None:
    answers = {"doing": "We look", "next": "7d"}
    assert VERBS["update"].fill(answers, {}).next == 7 * DAY
    with pytest.raises(BadInput, match="more than a week") as refused:
        VERBS["update"].fill({**answers, "next": "500h"}, {})
    assert refused.value.field == "next"


@pytest.mark.parametrize("words", ["began 02:40", "began yesterday 23:50", "began 2026-11-20 14:02", "began -5m"])
def test_times_that_lack_only_their_reason_are_asked_for_it(words: str) -> None:
    assert VERBS["times"].form(VERBS["times"].parse(words)) is not None
