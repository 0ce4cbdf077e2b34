"""`follow` of a service or a severity: who is told of incidents that have not happened yet."""

from difflib import get_close_matches

from bot.domain import expected, following
from bot.domain.events import Draft, Followed, StandingFollowed, StandingUnfollowed
from bot.domain.terms import ORG, Severity, stream_of
from bot.errors import BadInput
from bot.flows import directory
from bot.flows.case import ALREADY, Case, surely
from bot.flows.desk import Desk
from bot.ports import Button, Cause, Effect, Json, Reply, Tx
from bot.text import Code, Strong, Text, Typed, t

NIGHT = t("at night I hold it back until 07:00")


def named(desk: Desk, words: str) -> str:
    """A severity, or the id of a service, by what a person typed. BadInput with what was probably meant."""
    word = " ".join(words.split()).removeprefix("@")
    plain = word.lower().replace(" ", "")
    if following.severity_of(plain) is not None:
        return plain
    services = desk.organisation.services.by_id
    known = {one.lower(): one for one in services} | {s.name.lower(): s.id for s in services.values() if s.name}
    if word.lower() in known:
        return known[word.lower()]
    near = get_close_matches(word.lower(), known, n=1)
    if near:
        sentence = t("I know no service {word}. Did you mean {near}?", word=Strong(word), near=Strong(known[near[0]]))
        raise BadInput(sentence, f"follow {known[near[0]]}")
    raise BadInput(
        t("{word} is neither a severity (sev1 … sev4) nor a service that I know.", word=Strong(word)), "follow sev2"
    )


async def begin(desk: Desk, cause: Cause, words: str) -> Reply:
    """`follow payments`, `follow sev2`: from now on, and what is open now."""
    what = named(desk, words)
    already = t("You follow {what} already.", what=Code(what))
    said = t(
        "You are told by direct message of each {what}, and get its updates; {night}.", what=_called(what), night=NIGHT
    )
    return await _org(desk, cause, StandingFollowed(what), said, already)


async def end(desk: Desk, cause: Cause, words: str) -> Reply:
    """`unfollow payments`: incidents that are followed already go on being followed."""
    what = " ".join(words.lower().split())
    async with desk.store.read() as reads:
        mine = following.standing(await reads.of_organisation(*following.KINDS)).get(cause.actor, ())
    found = next((one for one in mine if one.lower() == what), None) or named(desk, words)
    said = t("You are told of no new {what} any more.", what=_called(found))
    not_ = t("You do not follow {what}.", what=Code(found))
    return await _org(desk, cause, StandingUnfollowed(found), said, not_)


async def mine(desk: Desk, person: str) -> Reply:
    """`follow` outside an incident: what this person follows."""
    async with desk.store.read() as reads:
        found = following.standing(await reads.of_organisation(*following.KINDS)).get(person, ())
    if not found:
        example = Typed("follow sev2")
        return Reply((t("You follow no service and no severity. For example: {example}", example=example),), done=False)
    buttons = tuple(Button(t("Unfollow {what}", what=one), "unfollow", {"what": one}) for one in found[:5])
    return Reply((t("You follow:"), *(_line(one) for one in found)), buttons, done=False)


async def standing(case: Case) -> None:
    """Who follows its service, or what is as bad, follows this incident from now on (a reaction)."""
    follows = following.standing(await case.tx.of_organisation(*following.KINDS))
    wanted = following.newly_concerned(case.incident, follows)
    people = await case.tx.people() if wanted else {}
    able = {who: why for who, why in wanted.items() if who in people and directory.able(people[who])}
    zone = case.desk.organisation.oncall.zone
    await case.record([Draft(Followed(zone(who, people[who].zone), who, why)) for who, why in able.items()])


async def look(case: Case, args: Json) -> None:
    """`clock.follow`: it has become worse, or somebody began to follow."""
    await standing(case)
    await case.record(expected.worse(case.incident, case.every, case.now))


async def _org(desk: Desk, cause: Cause, said: StandingFollowed | StandingUnfollowed, done: Text, not_: Text) -> Reply:
    async def attempt() -> Reply:
        async with desk.store.begin() as tx:
            if await tx.answered(cause.input) is not None:
                return ALREADY
            await tx.append(ORG, (), cause)  # nobody else writes to this stream until the commit
            now = following.standing(await tx.of_organisation(*following.KINDS)).get(cause.actor, ())
            changes = (said.what in now) != isinstance(said, StandingFollowed)
            if changes:
                await tx.append(ORG, (Draft(said),), cause)
                await _open_too(desk, tx, cause, said)
            await tx.answer(cause.input, ORG, {})
        return Reply((done if changes else not_,), done=changes)

    return await surely(desk.clock, attempt)


async def _open_too(desk: Desk, tx: Tx, cause: Cause, said: StandingFollowed | StandingUnfollowed) -> None:
    """What is open now is looked at as what opens later."""
    found = await tx.incidents(await desk.viewer(tx, cause.actor)) if isinstance(said, StandingFollowed) else ()
    for incident in found:
        stream = stream_of(incident.number)
        lane = f"{stream}:clock:follow:{cause.input}"
        await tx.enqueue([Effect(lane, "clock.follow", lane, stream)])


def _called(what: str) -> Text:
    severity = following.severity_of(what)
    if severity is None:
        return t("incident of {service}", service=Strong(what))
    if severity is Severity.SEV1:
        return t("SEV1 incident")
    return t("incident of {severity} or worse", severity=severity.value.upper())


def _line(what: str) -> Text:
    return t("• each {what}", what=_called(what))
