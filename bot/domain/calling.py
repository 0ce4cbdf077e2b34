"""Who is called to an incident, and who after them: it never falls silent before somebody has it."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from bot.domain.events import Draft, NobodyAnswers, NobodyCalled, PageSent
from bot.domain.ladder import Ladder, Level
from bot.domain.state import Incident, Page
from bot.domain.terms import BOT, COMMANDER, MINUTE, Micros, Source

AGAIN: Micros = 10 * MINUTE
"""Where nobody can be called, somebody is looked for again so often."""
INCIDENT, ASKED = "incident", "asked"


@dataclass(frozen=True, slots=True)
class Chain:
    """One search for somebody who has it. name: the service, or the team or person that was asked for; about: `incident` (nobody
    is there yet) or `asked` (somebody wants one more)."""

    name: str
    about: str = INCIDENT

    def rung(self, incident: Incident) -> list[Page]:
        """The calls of this search so far."""
        return [page for page in incident.pages if (page.about, page.service) == (self.about, self.name)]


def calls(
    incident: Incident,
    chain: Chain,
    ladder: Ladder,
    new_id: Callable[[], str],
    now: Micros,
    after: int | None = None,
) -> tuple[Draft, ...] | None:
    """The calls to make now; None: nobody has to be called. after: the level whose time is over, if that is why.

    () if there is nobody to be called, and that was said before. Where all have said that they cannot, that is said; who is
    called because nobody is there is called again when their time is over.
    """
    rung = chain.rung(incident)
    if (after is not None and rung and rung[-1].level > after) or _has_it(incident, chain, ladder):
        return None
    here = set(incident.answered) if chain.about == ASKED else set()
    ladder = ladder.without(here) if chain.about == ASKED else ladder
    if not ladder.everybody:
        told = (
            () if chain.name in incident.uncalled else (NobodyCalled(chain.name, now + AGAIN, ", ".join(ladder.names)),)
        )
        return by_us(told)
    base = rung[-1].base if rung else 0
    if rung and rung[-1].at < incident.begun_again:
        base = _top(incident, chain.name)  # those of before the end were called for that
    if (no := _all_cannot(incident, chain, ladder, base)) and after is None:
        return by_us((NobodyAnswers(chain.name, ladder.repeat if chain.about == INCIDENT else 0, no),))
    return None if no and chain.about == ASKED else by_us(_next(incident, chain, ladder, new_id, now, base))


def _all_cannot(incident: Incident, chain: Chain, ladder: Ladder, base: int) -> tuple[str, ...]:
    """All who can be called, if each of them has said that they cannot; () while somebody is left."""
    passed = {page.person for page in _since(incident, chain.name, base) if page.answer == "pass"}
    everybody = tuple(dict.fromkeys((*ladder.everybody, *ladder.last)))
    return everybody if passed.issuperset(everybody) else ()


def asked(
    incident: Incident, name: str, ladder: Ladder, new_id: Callable[[], str], now: Micros, on: bool = False
) -> tuple[Draft, ...]:
    """Somebody wants one more: who of the ladder is not here yet. on: from the level that was reached, not from the first.

    () if all of them are here, or are called at this moment.
    """
    chain = Chain(name, ASKED)
    ladder = ladder.without(incident.answered)
    rings = {page.person for page in chain.rung(incident) if not page.answer}
    if not ladder.without(rings).everybody:
        return ()
    base = 0 if on else _top(incident, name)
    made = _next(incident, chain, ladder, new_id, now, base)
    return tuple(Draft(payload) for payload in made if isinstance(payload, PageSent))


def instead(incident: Incident, ladder: Ladder, new_id: Callable[[], str], now: Micros) -> tuple[Draft, ...]:
    """Nothing is heard of who commands: from the first on call on, without that person. () if somebody is called at this moment,
    or there is nobody."""
    chain = Chain(incident.service, ASKED)
    if not ladder.everybody or any(not page.answer for page in chain.rung(incident)):
        return ()
    return by_us(_next(incident, chain, ladder, new_id, now, _top(incident, chain.name)))


def _next(
    incident: Incident, chain: Chain, ladder: Ladder, new_id: Callable[[], str], now: Micros, base: int
) -> Sequence[PageSent | NobodyAnswers]:
    """The next level that has somebody who was not called yet; after the last, everybody again."""
    instead = incident.silent and incident.silent_at is not None and now >= incident.silent_at
    role = COMMANDER if chain.name == incident.service and (chain.about == INCIDENT or instead) else ""
    called = {page.person for page in _since(incident, chain.name, base)}
    top = _top(incident, chain.name)
    for place, level in list(enumerate(ladder.levels, base + 1))[max(0, top - base) :]:
        if people := of_level(level, called):
            return _sent(people, chain, place, role, base, now + level.wait, new_id)
    passed = {page.person for page in _since(incident, chain.name, base) if page.answer == "pass"}
    everybody = dict.fromkeys((*ladder.everybody, *ladder.last))
    people = [person for person in everybody if person not in passed] or list(everybody)
    level_ = max(top, base + len(ladder.levels)) + 1
    said = () if chain.name in incident.unanswered or not called else (NobodyAnswers(chain.name, ladder.repeat),)
    return (*said, *_sent(people, chain, level_, role, base, now + ladder.repeat, new_id))


def of_level(level: Level, called: Collection[str]) -> list[str]:
    """Whom this level calls: all of a group, of a rota the next one."""
    fresh = [person for person in level.people if person not in called]
    return fresh if level.whole else fresh[:1]


def _sent(
    people: Iterable[str], chain: Chain, level: int, role: str, base: int, due: Micros, new_id: Callable[[], str]
) -> list[PageSent]:
    """A call for each; one timer for all of them."""
    sent = [PageSent(new_id(), person, chain.about, level, role, chain.name, None, base) for person in people]
    return [replace(sent[0], due_at=due), *sent[1:]]


def _since(incident: Incident, name: str, base: int) -> list[Page]:
    """The calls under a name, whoever they were for, since a level."""
    return [page for page in incident.pages if page.service == name and page.level > base]


def _top(incident: Incident, name: str) -> int:
    return max((page.level for page in incident.pages if page.service == name), default=0)


def all_passed(incident: Incident, page: Page) -> bool:
    """Nobody of this call's level can, so that nothing is gained by waiting."""
    rung = Chain(page.service, page.about).rung(incident)
    return all(one.answer == "pass" for one in rung if one.level == rung[-1].level)


def _has_it(incident: Incident, chain: Chain, ladder: Ladder) -> bool:
    """Somebody answered, or is here and on call for it. Who declared it and is not on call still wants somebody called."""
    if chain.about == ASKED:
        rung = chain.rung(incident)
        return any(page.answer in ("take", "over") for page in rung if page.level > rung[-1].base)
    again = incident.begun_again
    if any(page.answer == "take" and page.at >= again for page in chain.rung(incident)):
        return True
    if again and not incident.commander:
        return False
    if (incident.opened_by in ladder.first and not again) or set(ladder.everybody) & set(incident.answered):
        return True
    return chain.name == incident.service and bool(set(incident.answered) - {incident.opened_by})


def by_us(payloads: Sequence[NobodyAnswers | NobodyCalled | PageSent]) -> tuple[Draft, ...]:
    return tuple(Draft(payload, actor=BOT, source=Source.AUTOMATION) for payload in payloads)
