"""The link by which a person says "I have it" without Slack: it names what waits for whom, and proves that we made it.

Nothing of it is stored: the proof is made again from a key that only Tocsin has, and compared in constant time.
"""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass

from bot.domain.state import Incident, Offer, Page
from bot.domain.terms import HOUR, Micros

LASTS: Micros = 12 * HOUR
_PROOF = 16
"""Bytes of the proof: 128 bits, which nobody guesses."""
_TOKEN = re.compile(r"([1-9]\d{0,8})-([co])([1-9]\d{0,8})-([A-Za-z0-9_-]{22})")


@dataclass(frozen=True, slots=True)
class Place:
    """What a link is about. kind: `c` a call (number: its place among the incident's calls, from 1) | `o` an offered role (seq)."""

    incident: int
    kind: str
    number: int


def token(key: bytes, place: Place, person: str) -> str:
    """`42-c3-…`: what stands in the link."""
    said = f"{place.incident}-{place.kind}{place.number}"
    proof = hmac.digest(key, f"have:{said}:{person}".encode(), hashlib.sha256)[:_PROOF]
    return f"{said}-{base64.urlsafe_b64encode(proof).decode().rstrip('=')}"


def place_of(text: str) -> Place | None:
    """What a token says it is about; None if it is none."""
    found = _TOKEN.fullmatch(text)
    return Place(int(found[1]), found[2], int(found[3])) if found else None


def proves(key: bytes, place: Place, person: str, text: str) -> bool:
    """Whether we made this token for this person."""
    return hmac.compare_digest(token(key, place, person).encode(), text.encode())


def call_at(incident: Incident, place: Place) -> Page | None:
    inside = place.kind == "c" and place.number <= len(incident.pages)
    return incident.pages[place.number - 1] if inside else None


def offer_at(incident: Incident, place: Place) -> Offer | None:
    """The offer of this event, open or past (the last of a role to a person is kept)."""
    offers = (*incident.offers, *incident.past_offers) if place.kind == "o" else ()
    return next((offer for offer in offers if offer.seq == place.number), None)
