"""Values for `${name}`: typed, checked, filled in once, always inside one element of argv, one URL or one JSON text.

Values come from labels and annotations of an alert, or from a person. They never become a program, a host that nobody listed,
a name in the environment, a path outside the folders that the plan names, or an option.
"""

import json
import re
import shlex
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote

from bot.domain.gate_words import sentence as told
from bot.domain.gates import Refusal
from bot.domain.plan import Action, Does, Param, Settings
from bot.errors import Refused
from runbooks.lint_action import PLACE, leaves

LONGEST_VALUE = 256
LONGEST_TEXT = 4096
_HOST = re.compile(r"(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]{0,252}[A-Za-z0-9])?)(?::\d{1,5})?")
_INT = re.compile(r"-?[0-9]{1,15}")
_PATH = re.compile(r"/|(?:/[^/]+)+/?")

SHOWN = 500
"""Characters of what would run, where it is only told."""
Hosts = Callable[[str], tuple[str, ...]]
"""Name of an inventory entry (`web`, `all`) → its hosts."""


@dataclass(frozen=True, slots=True)
class Given:
    """Where values come from. asked: what a person said with `run`."""

    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    asked: Mapping[str, str] = field(default_factory=dict)


class BadValue(Refused):
    """A value cannot be used; `refusal` is for the event, the sentence for people."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(told(refusal.code, refusal.params), refusal.code)
        self.refusal = refusal


def used(action: Action, settings: Settings) -> tuple[str, ...]:
    """Names of the parameters that an action needs: its own, its check's, its rollback's, and those of the lock and target."""
    specs = [action.does.spec]
    specs += [check.spec for check in (action.verify.does if action.verify else None, action.rollback) if check]
    texts = [text for spec in specs for _, text in leaves(spec)]
    if settings.limits is not None and action.changes:
        texts.append(settings.limits.lock_key)
    names = dict.fromkeys(name for text in texts for name in PLACE.findall(text) if not name.startswith("secret."))
    return tuple(name for name in names if name in settings.params)


def resolve(action: Action, settings: Settings, given: Given, hosts: Hosts) -> Mapping[str, str]:
    """Name → value for all that the action needs. BadValue for the first that is missing or wrong."""
    return {name: _value(settings.params[name], given, hosts) for name in used(action, settings)}


def typed(settings: Settings, asked: Mapping[str, str]) -> bool:
    """A person gives what the alert should tell, or says on which machine it is."""
    given = [settings.params[name] for name in asked if name in settings.params]
    return any(param.type == "host" or not param.source.startswith("ask.") for param in given)


def target(settings: Settings, values: Mapping[str, str]) -> str:
    """On what the action acts: the parameter of type host, else what the lock is about; "" if neither is there."""
    host = next(
        (values[name] for name, param in settings.params.items() if param.type == "host" and name in values), ""
    )
    return host or lock_key(settings, values)


def target_names(action: Action, settings: Settings) -> tuple[str, ...]:
    """Names of the parameters that say on what an action acts, see `target`."""
    hosted = next((name for name in settings.params if name in used(action, settings) and _is_host(settings, name)), "")
    key = PLACE.findall(settings.limits.lock_key) if settings.limits else []
    return (hosted,) if hosted else tuple(name for name in key if name in settings.params)


def _is_host(settings: Settings, name: str) -> bool:
    return settings.params[name].type == "host"


def aimed(settings: Settings, given: Given, hosts: Hosts) -> str:
    """On what the plan's actions would act for an alert; "" if it does not say."""
    key = PLACE.findall(settings.limits.lock_key) if settings.limits else []
    hosted = [name for name, param in settings.params.items() if param.type == "host"][:1]
    try:
        values = {name: _value(settings.params[name], given, hosts) for name in hosted or key}
    except BadValue:
        return ""
    return target(settings, values)


def lock_key(settings: Settings, values: Mapping[str, str]) -> str:
    """What only so many runs may hold at once; "" if the plan names nothing, or the action has no value for it."""
    key = "" if settings.limits is None else _filled(settings.limits.lock_key, values)
    return "" if PLACE.search(key) else key


def fill(does: Does, values: Mapping[str, str]) -> dict[str, Any]:
    """The executor's spec with values in their places. Secrets stay references, which only the runner resolves."""
    return {key: _fill(key, item, values) for key, item in does.spec.items()}


def _fill(key: str, item: Any, values: Mapping[str, str]) -> Any:
    if isinstance(item, Mapping):
        return {name: _fill(key, inner, values) for name, inner in item.items()}
    if isinstance(item, (list, tuple)):
        return [_fill(key, inner, values) for inner in item]
    if not isinstance(item, str):
        return item
    filled = _filled(item, values, in_url=key == "url")
    if key == "argv" and item.startswith("${") and filled.startswith("-"):
        raise _bad(item, filled, "option")
    if key == "url" and _turns(filled) and filled != item:
        raise _bad(item, filled, "turns")
    if len(filled) > LONGEST_TEXT:
        raise _bad(item, filled, "long")
    return filled


def _turns(url: str) -> bool:
    """It has a segment that a client takes out before it sends: /jobs/../restart goes to /restart."""
    path = url.partition("?")[0].partition("#")[0]
    return any(unquote(segment) in (".", "..") for segment in path.split("/"))


def _filled(text: str, values: Mapping[str, str], in_url: bool = False) -> str:
    def value(place: re.Match[str]) -> str:
        found = values.get(place[1])
        if found is None:
            return place[0]
        return quote(found, safe="") if in_url else found

    return PLACE.sub(value, text)


def _value(param: Param, given: Given, hosts: Hosts) -> str:
    if param.type == "secret":
        return f"${{secret.{param.rest['name']}}}"
    raw = _raw(param, given)
    if not raw:
        about = {"help": param.help[:LONGEST_VALUE]} if param.help else {}
        raise BadValue(Refusal("empty", {"name": param.name, "source": param.source, **about}))
    _letters(param.name, raw)
    return _CHECKS[param.type](param, raw, hosts)


def _raw(param: Param, given: Given) -> str:
    kind, _, name = param.source.partition(".")
    sources = {"label": given.labels, "annotation": given.annotations, "ask": given.asked}
    found = given.asked.get(param.name, "") or sources.get(kind, {}).get(name, "")
    if found or param.default is None:
        return found
    return str(param.default).lower() if isinstance(param.default, bool) else str(param.default)


def _letters(name: str, raw: str) -> None:
    if len(raw) > LONGEST_VALUE:
        raise _bad(name, raw, "long")
    if any(unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") for letter in raw):
        raise _bad(name, raw, "hidden")


def _string(param: Param, raw: str, hosts: Hosts) -> str:
    if not re.fullmatch(str(param.rest["pattern"]), raw):
        raise _bad(param.name, raw, "form")
    return raw


def _int(param: Param, raw: str, hosts: Hosts) -> str:
    if not _INT.fullmatch(raw) or not int(param.rest["min"]) <= int(raw) <= int(param.rest["max"]):
        raise _bad(param.name, raw, "int", least=str(param.rest["min"]), most=str(param.rest["max"]))
    return str(int(raw))


def _bool(param: Param, raw: str, hosts: Hosts) -> str:
    if raw.lower() not in ("true", "false"):
        raise _bad(param.name, raw, "bool")
    return raw.lower()


def _choice(param: Param, raw: str, hosts: Hosts) -> str:
    if raw not in param.rest["choices"]:
        raise _bad(param.name, raw, "choice")
    return raw


def _host(param: Param, raw: str, hosts: Hosts) -> str:
    """A host of the inventory; the port that Prometheus puts behind an instance is left out."""
    found = _HOST.fullmatch(raw)
    name = found["name"] if found else ""
    entry = str(param.rest["allow"]).removeprefix("inventory:")
    if not name or name not in hosts(entry):
        raise _bad(param.name, raw, "host", entry=entry)
    return name


def _path(param: Param, raw: str, hosts: Hosts) -> str:
    plain = raw.rstrip("/") or "/"
    parts = plain.split("/")
    under = [str(folder).rstrip("/") for folder in param.rest["under"]]
    if not _PATH.fullmatch(raw) or ".." in parts or "." in parts:
        raise _bad(param.name, raw, "path")
    if not any(plain == folder or plain.startswith(folder + "/") for folder in under):
        raise _bad(param.name, raw, "outside")
    return plain


_CHECKS: Mapping[str, Callable[[Param, str, Hosts], str]] = {
    "string": _string,
    "int": _int,
    "bool": _bool,
    "choice": _choice,
    "host": _host,
    "path": _path,
}


def _bad(name: str, value: str, why: str, **about: str) -> BadValue:
    """why: a code of bot/domain/value_words.py; about: what its words name."""
    shown = "".join(letter if letter.isprintable() else "�" for letter in value[:80])
    return BadValue(Refusal("param", {"name": name, "value": shown, "why": why, **about}))


def in_one_line(executor: str, spec: Mapping[str, Any]) -> str:
    """What would run, for the log and for people who are not asked."""
    if spec.get("argv"):
        where = f"{executor} {spec['host']} " if "host" in spec else ""
        return (where + shlex.join(str(word) for word in spec["argv"]))[:SHOWN]
    if spec.get("url"):
        return f"{spec.get('method', 'GET')} {spec['url']}"[:SHOWN]
    return f"{executor} {json.dumps(dict(spec), ensure_ascii=False, sort_keys=True)}"[:SHOWN]
