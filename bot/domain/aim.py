"""What an action would touch, by the words of what it runs: its target, and no other machine that the inventory knows.

The target is what environment, floor, lock and pause were judged by; what runs says for itself what it touches.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from bot.domain.reach import Found, Spec

FIXED = frozenset({"method", "call", "expect", "verb", "kind", "namespace", "playbook", "check", "sha256", "why"})
"""Keys that say how, and not on what; policy.yaml lists them where they could do harm, as it does the program."""
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def astray(spec: Spec, target: str, hosts: Collection[str]) -> Found | None:
    """Why what an action runs is not aimed at its target alone; None if it is. hosts: of the whole inventory."""
    known = {host.casefold(): host for host in hosts}
    longest = max((host.count(".") + 1 for host in hosts), default=0)
    texts = tuple(_texts(spec))
    for text in texts:
        other = next((known[name] for name in _named(text, known, longest) if name != target.casefold()), "")
        if other:
            return "beside", {"host": other, "target": target}
    if target.casefold() in known and not any(target.casefold() in text for text in texts):
        return "aimless", {"target": target}
    return None


def _texts(spec: Spec) -> Iterator[str]:
    for key, value in spec.items():
        if key not in FIXED:
            yield from _leaves(value[1:] if key == "argv" else value)


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield str(name).casefold()
            yield from _leaves(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _leaves(item)
    else:
        yield unquote(str(value)).casefold()


def _named(text: str, known: Collection[str], longest: int) -> Iterator[str]:
    """Hosts that stand in a text as words of their own, the longest name first: `gw-1` in gw-1.shop:8080, never in gw-10."""
    for word in _WORD.findall(text):
        labels, at = word.strip("._-").split("."), 0
        while at < len(labels):
            ends = range(min(len(labels), at + longest), at, -1)
            end = next((end for end in ends if ".".join(labels[at:end]) in known), 0)
            if end:
                yield ".".join(labels[at:end])
            at = end or at + 1
