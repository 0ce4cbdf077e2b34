"""Personal tokens: by them people act through the API. A token is told once; what is kept of it is a hash."""

import hashlib
import hmac
from dataclasses import replace

from bot.domain.oncall import OnCall
from bot.errors import NotFound, Refused
from bot.flows import directory
from bot.ports import Ids, Person, Reads, Store, TokenRow
from bot.text import Code, t

ACT = "act"
"""The scope of a token that may do what its person may do."""
PREFIX = "tocsin"
_NONE = hashlib.sha256(b"").hexdigest()


async def make(store: Store, ids: Ids, oncall: OnCall, name: str) -> tuple[str, Person]:
    """A new token for the one person of that name, and who it is. NotFound, Refused."""
    id, secret = ids.new()[-12:], ids.token()
    async with store.begin() as tx:
        person = await _meant(tx, oncall, name)
        await tx.save([TokenRow(id, person.id, ACT, _hash(secret), tx.now)])
    return f"{PREFIX}_{id}_{secret}", person


async def revoke(store: Store, id: str) -> TokenRow:
    """From now on it opens nothing. id: as listed, or the whole token. NotFound."""
    parts = id.split("_", 2)
    async with store.begin() as tx:
        found = await tx.token(parts[1] if len(parts) == 3 else id)
        if found is None:
            raise NotFound(t("There is no such token. {line} lists them.", line=Code("tocsin token list")))
        ended = found if found.ended_at is not None else replace(found, ended_at=tx.now)
        await tx.save([ended])
    return ended


async def holder(reads: Reads, token: str) -> str | None:
    """The id of the person whose token it is, None for what opens nothing. What is not there is compared all the same."""
    prefix, id, secret = (*token.split("_", 2), "", "")[:3]
    found = await reads.token(id)
    right = hmac.compare_digest(_hash(secret), found.hash if found else _NONE)
    if found is None or not right or prefix != PREFIX or found.scope != ACT or found.ended_at is not None:
        return None
    return found.person


async def _meant(reads: Reads, oncall: OnCall, name: str) -> Person:
    people = await reads.people()
    found = directory.called(people.values(), oncall, name)
    if not found:
        raise NotFound(
            t(
                "Nobody in the directory is called {name}. Tocsin reads people from Slack when it connects;"
                " take a name from there, one of oncall.yaml, or a Slack id.",
                name=Code(name),
            )
        )
    if len(found) > 1:
        raise Refused(t("{name} may be {ids}: say which.", name=Code(name), ids=Code(" or ".join(found))), "ambiguous")
    return people[found[0]]


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()
