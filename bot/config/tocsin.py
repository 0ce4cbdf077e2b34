"""tocsin.yaml → language, channels, severities, storm caps, transcript, integrations."""

import re
from dataclasses import replace

from bot.config.spot import Spot
from bot.domain.organisation import Grade, Integration, Organisation, Storm, Targets, Transcript
from bot.domain.terms import Severity
from bot.locale import LANGUAGES
from bot.text import t

CHANNEL = re.compile(r"[^\s#@A-Z.,!?:;()]{1,80}")


def read(spot: Spot, organisation: Organisation) -> Organisation:
    """The organisation with what this file says."""
    at = spot.keys(
        *("language", "announce_channel", "bridge", "storm", "transcript", "severities", "roles", "integrations"),
        later=("calendars", "digests", "retention", "webhooks"),
    )
    language = at["language"].one_of({name: name for name in LANGUAGES}, organisation.language)
    grades = at["severities"].keys(*(severity.value for severity in Severity))
    return replace(
        organisation,
        language=language,
        announce_channel=_channel(at["announce_channel"], organisation.announce_channel),
        bridge=at["bridge"].text(),
        storm=_storm(at["storm"], organisation.storm),
        transcript=_transcript(at["transcript"], organisation.transcript),
        severities={s: _grade(grades[s.value], organisation.severities[s]) for s in Severity},
        duties={name.lower(): _duties(entry) for name, entry in at["roles"].entries().items()},
        integrations={name: _integration(entry) for name, entry in at["integrations"].entries().items()},
    )


def _channel(spot: Spot, default: str) -> str:
    name = spot.text(default).removeprefix("#")
    if not CHANNEL.fullmatch(name):
        spot.wrong(
            "a channel's name is expected here: small letters, digits, - and _, at most 80, in quotes if it begins with #"
        )
    return name


def _storm(spot: Spot, default: Storm) -> Storm:
    at = spot.keys("channels", "per", "urgent")
    return Storm(
        at["channels"].whole(default.channels, 1, 1000),
        at["per"].span(default.per),
        at["urgent"].whole(default.urgent, 1, 1000),
    )


def _transcript(spot: Spot, default: Transcript) -> Transcript:
    at = spot.keys("keep", "private")
    found = Transcript(at["keep"].flag(default.keep), at["private"].flag(default.private))
    if found.private and not found.keep:
        at["private"].wrong("nothing is kept, of private incidents or others: say `keep: true`, or leave this out")
    return found


def _grade(spot: Spot, default: Grade) -> Grade:
    at = spot.keys("means", "roles", "update_every", "targets")
    targets = at["targets"].keys("detect", "acknowledge", "together", "recover")
    return Grade(
        means=t("{means}", means=at["means"].text()) if at["means"].there else default.means,
        roles=tuple(role.lower() for role in at["roles"].texts()) if at["roles"].there else default.roles,
        update_every=at["update_every"].span(default.update_every),
        targets=Targets(**{name: entry.span(None) for name, entry in targets.items()}),
    )


def _duties(spot: Spot) -> str:
    instructions = spot.keys("instructions")["instructions"]
    if not instructions.there:
        spot.wrong("a role needs `instructions`: what is told to whoever takes it")
    return instructions.text()


def _integration(spot: Spot) -> Integration:
    at = spot.keys("enabled", "url", "secret")
    return Integration(at["enabled"].flag(True), at["url"].text(), at["secret"].reference())
