"""What an action would touch, by the words of what it runs: its target, and no other machine that the inventory knows.

The target is what environment, floor, lock and pause were judged by; what runs says for itself what it touches.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from bot.domain.reach import Found, Spec

FIXED = frozenset({"method", "call", "expect", "verb", "kind", "namespace", "playbook", "check", "sha256", "as", "why"})
"""Keys that say how, and not on what; policy.yaml lists them where they could do harm, as it does the program."""
_TOOLS = frozenset({"call", "playbook"})
"""Those of them that name a program: one that is called after a single machine is for that one."""
_WORD = re.compile(r"[a-z0-9][a-z0-9._-]*")
_PARTS = re.compile(r"([._-])")
_GLUE = frozenset("_-")


def astray(spec: Spec, target: str, hosts: Collection[str]) -> Found | None:
    """Why what an action runs is not aimed at its target alone; None if it is. hosts: of the whole inventory."""
    aim, known = target.casefold(), _Known.of(hosts)
    texts = tuple(_texts(spec))
    for text, sure in (*((text, True) for text in texts), *((text, False) for text in _tools(spec))):
        other = next((name for name in known.named(text, sure) if aim not in known.means[name]), "")
        if other:
            return "beside", {"host": known.means[other][min(known.means[other])], "target": target}
    stands = re.compile(rf"(?<![a-z0-9]){re.escape(aim)}(?![a-z0-9])")
    if aim in known.means and not any(stands.search(text) for text in texts):
        return "aimless", {"target": target}
    return None


@dataclass(frozen=True, slots=True)
class _Known:
    """The names of machines. means: name → the hosts that it may mean (→ as policy.yaml writes them): its own, and those of
    which it is the first part, where a digit says that it is no common word; longest: parts of the longest name."""

    means: Mapping[str, Mapping[str, str]]
    longest: int

    @classmethod
    def of(cls, hosts: Collection[str]) -> "_Known":
        whole = {host.casefold(): host for host in hosts}
        means: dict[str, dict[str, str]] = {name: {name: host} for name, host in whole.items()}
        for name, host in whole.items():
            short = name.partition(".")[0]
            if short not in whole and _single(short):
                means.setdefault(short, {})[name] = host
        return cls(means, max((len(_PARTS.split(name)) for name in means), default=0))

    def named(self, text: str, sure: bool) -> Iterator[str]:
        """Names that stand in a text, the longest first: `gw-1` in gw-1.shop:8080 and in data-gw-1, never in gw-10. A name
        without a digit (`api`) is a common word, too: it counts where it stands alone, and only if sure."""
        for word in _WORD.findall(text):
            parts, at = _PARTS.split(word), 0
            while at < len(parts):
                ends = range(min(len(parts), at + self.longest), at, -1)
                end = next((end for end in ends if self._stands(parts, at, end, sure)), 0)
                if end:
                    yield "".join(parts[at:end])
                at = end or at + 1

    def _stands(self, parts: Sequence[str], at: int, end: int, sure: bool) -> bool:
        name = "".join(parts[at:end])
        glued = parts[at - 1] in _GLUE if at else False
        glued = glued or (any(parts[end + 1 :]) and parts[end] in _GLUE)
        return name in self.means and (_single(name) or (sure and not glued))


def _single(name: str) -> bool:
    """It is called like one machine of several."""
    return any(letter.isdigit() for letter in name) and not name.isdigit()


def _texts(spec: Spec) -> Iterator[str]:
    for key, value in spec.items():
        if key not in FIXED:
            yield from _leaves(value[1:] if key == "argv" else value)


def _tools(spec: Spec) -> Iterator[str]:
    """The names of what does it."""
    for key, value in spec.items():
        if key in _TOOLS or key == "argv":
            yield from _leaves(value[:1] if key == "argv" else value)


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
