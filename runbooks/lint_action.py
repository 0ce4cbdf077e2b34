"""What an action may not be: a shell, a variable program, a template, a value that turns into an option."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from keyword import iskeyword
from typing import Any
from urllib.parse import urlsplit

from bot.domain.plan import Does, Param
from bot.domain.policy import FUNCTION, SECRET
from bot.domain.reach import Reach
from bot.text import Code, t
from runbooks.problem import Report, did_you_mean

PLACE = re.compile(r"\$\{([^{}]*)\}")
"""`${name}`: where a value goes."""

_SECRET = re.compile(rf"secret\.{SECRET}")
_TEMPLATE = re.compile(r"\{\{|\}\}|\$\(|`|%s|%\(|\$\{[^}]*$|\$[A-Za-z_]")
_SHELLS = frozenset({"sh", "bash", "dash", "zsh", "ksh", "fish", "ash", "csh", "tcsh"})
_LANGUAGES = re.compile(r"(python|perl|ruby|node|php|lua)[\d.]*")
_CHANGES = re.compile(
    r"\b(rm|rmdir|mv|dd|tee|chmod|chown|delete|remove|unlink|destroy|wipe|purge|kill|pkill|killall|stop|start|restart|reload|reboot"
    r"|halt|shutdown|poweroff|suspend|terminate|isolate|enable|disable|mask|unmask|drop|truncate|insert|alter|grant|revoke|flush"
    r"|flushall|flushdb|mkfs|promote|failover|switchover|drain|cordon|uncordon|taint|evict|scale|apply|install|uninstall|upgrade"
    r"|update\s+\S+\s+set)\b",
    re.IGNORECASE,
)
_READS = frozenset({"GET", "HEAD"})
_FIXED = frozenset({"method", "call", "plugin", "expect", "verb", "kind", "namespace", "playbook", "check"})
_METHODS = ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")


@dataclass(frozen=True, slots=True)
class Allowed:
    """What the operator's files allow, where a linter knows them; what is empty is not known.

    permits: whether a request to a URL may be made; secrets: name → whether it may go to a URL; groups: approver group → how many
    people, None where only Slack knows; inventory: names of its entries → their environment; labels: label of an alert → values
    that can come; functions, reach, secrets: None where nobody knows.
    """

    programs: tuple[str, ...] = ()
    permits: Callable[[str], bool] | None = None
    groups: Mapping[str, int | None] = field(default_factory=dict)
    inventory: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, frozenset[str]] = field(default_factory=dict)
    functions: tuple[str, ...] | None = None
    reach: Reach | None = None
    secrets: Mapping[str, Callable[[str], bool]] | None = None


@dataclass
class _Look:
    """One executor's spec under the glass."""

    does: Does
    line: int
    params: Mapping[str, Param]
    used: set[str]
    report: Report


def leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """All texts in a spec with the way to them."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from leaves(item, (*path, str(key)))
    elif isinstance(value, (list, tuple)):
        for number, item in enumerate(value):
            yield from leaves(item, (*path, str(number)))
    elif isinstance(value, str):
        yield path, value


def check_does(
    does: Does, line: int, params: Mapping[str, Param], used: set[str], report: Report, allowed: Allowed | None
) -> None:
    """All rules for one executor's spec (P419-P428, P437, P439-P441)."""
    look = _Look(does, line, params, used, report)
    for path, text in leaves(does.spec):
        _template(path, text, look)
        for place in PLACE.finditer(text):
            _place(path, place, text, look)
    if "argv" in does.spec:
        _argv(does.spec["argv"], look, allowed)
    if "url" in does.spec:
        _url(does.spec, look, allowed)
    if "call" in does.spec:
        _function(does.spec, look, allowed)


def check_reads(does: Does, line: int, report: Report) -> None:
    """A check only looks (P438)."""
    word = words_of_change(does)
    if word:
        report.error("P438", line, t("A check must only read, and {word} sounds otherwise.", word=Code(word)))


def words_of_change(does: Does) -> str:
    """The word by which a spec gives away that it changes something, "" if none does."""
    method = str(does.spec.get("method", "GET"))
    if does.executor == "http" and method not in _READS:
        return method
    if does.executor == "k8s":
        return "" if does.spec.get("verb") == "ready" else str(does.spec.get("verb"))
    if does.executor == "ansible":
        return "" if does.spec.get("check") is True else does.executor
    argv = does.spec.get("argv")
    function = str(does.spec.get("call", "")).replace("_", " ")
    for element in [*(argv if isinstance(argv, list) else ()), function]:
        found = _CHANGES.search(str(element))
        if found:
            return found[0]
    return ""


def _template(path: tuple[str, ...], text: str, look: _Look) -> None:
    found = _TEMPLATE.search(text)
    if found:
        sentence = t("{mark} is not filled in here; only {place} is.", mark=Code(found[0]), place=Code("${name}"))
        look.report.error("P427", look.line, sentence)
    if any(PLACE.search(key) for key in path):
        look.report.error("P421", look.line, t("The name of a key cannot vary."))


def _place(path: tuple[str, ...], place: re.Match[str], text: str, look: _Look) -> None:
    name = place[1]
    if _SECRET.fullmatch(name):
        if path[0] != "headers":
            sentence = t("A secret may stand in headers only: others on the machine can read the rest.")
            look.report.error("P437", look.line, sentence)
        return
    look.used.add(name)
    param = look.params.get(name)
    if param is None:
        sentence = t("{name} is not declared under params.", name=Code(place[0][:80]))
        look.report.error("P423", look.line, sentence, did_you_mean(name, look.params))
    elif path[0] in _FIXED:
        look.report.error("P421", look.line, t("{key} cannot vary.", key=Code(path[0])))
    elif param.type == "secret" and path[0] != "headers":
        look.report.error("P437", look.line, t("The secret {name} may stand in headers only.", name=Code(name)))
    elif path[0] == "argv" and place.start() == 0 and text and may_start_with_dash(param):
        look.report.error("P422", look.line, t("The value of {name} could begin with -, an option.", name=Code(name)))


def may_start_with_dash(param: Param) -> bool:
    """Whether a value of a parameter could be taken for an option."""
    if param.type == "int":
        return int(param.rest.get("min", 0)) < 0
    if param.type == "choice":
        return any(str(choice).startswith("-") for choice in param.rest.get("choices", ()))
    if param.type == "string":
        return _pattern_lets_dash(str(param.rest.get("pattern", "")))
    return False


def _pattern_lets_dash(pattern: str) -> bool:
    try:
        compiled = re.compile(pattern)
    except (re.error, OverflowError, RecursionError):
        return True
    return any(
        compiled.fullmatch(word) for word in ("-", "-a", "-1", "--", "-rf", "--all", "-A", "-a-b", "---", "-aaaaaaa")
    )


def _argv(argv: Any, look: _Look, allowed: Allowed | None) -> None:
    report, line = look.report, look.line
    if not isinstance(argv, list) or not 1 <= len(argv) <= 64 or not all(isinstance(part, str) for part in argv):
        report.error("P419", line, t("argv is a list of 1 to 64 texts."))
        return
    program = argv[0]
    if PLACE.search(program):
        report.error("P421", line, t("The program cannot vary."))
    elif not program.startswith("/") or "/../" in program:
        sentence = t("{program} is not an absolute path.", program=Code(program[:80]))
        report.error("P429", line, sentence, t("write /usr/bin/…"))
    elif (
        look.does.executor == "run"
        and allowed
        and allowed.programs
        and not any(fnmatchcase(program, pattern) for pattern in allowed.programs)
    ):
        report.error("P426", line, t("{program} is not among the programs of policy.yaml.", program=Code(program)))
    _shell(argv, look)


def _shell(words: list[str], look: _Look) -> None:
    for number, word in enumerate(words):
        name = word.rsplit("/", 1)[-1]
        after = words[number + 1] if number + 1 < len(words) else ""
        by_text = after.startswith("-") and not after.startswith("--") and bool(set(after) & set("ce"))
        if name == "eval" or (by_text and (name in _SHELLS or _LANGUAGES.fullmatch(name))):
            sentence = t("{program} would run a text as a program.", program=Code(f"{name} {after}".strip()))
            look.report.error("P425", look.line, sentence, t("put it into a program of its own"))


def _url(spec: Mapping[str, Any], look: _Look, allowed: Allowed | None) -> None:
    url, method = spec["url"], spec.get("method", "GET")
    if method not in _METHODS:
        sentence = t("{method} is no HTTP method.", method=Code(str(method)[:20]))
        look.report.error("P419", look.line, sentence, did_you_mean(str(method).upper(), _METHODS))
    expect = spec.get("expect", 200)
    if not all(type(code) is int and 100 <= code <= 599 for code in (expect if isinstance(expect, list) else [expect])):
        look.report.error("P419", look.line, t("expect is an HTTP code such as 200, or a list of them."))
    if not isinstance(url, str) or not re.match(r"https?://[^/\s]", url):
        look.report.error("P419", look.line, t("A URL begins with http:// or https://."))
        return
    host = _host(url)
    if allowed and allowed.permits and not PLACE.search(host) and not allowed.permits(url):
        sentence = t("{host} is not among the http_hosts of policy.yaml.", host=Code(host[:80]))
        look.report.error("P439", look.line, sentence)
    for place in PLACE.finditer(host):
        param = look.params.get(place[1])
        if param is not None and param.type not in {"host", "choice", "int"}:
            sentence = t("{name} decides to which host the request goes, and is not of type host.", name=Code(place[1]))
            look.report.error("P428", look.line, sentence)


def _function(spec: Mapping[str, Any], look: _Look, allowed: Allowed | None) -> None:
    call, given = str(spec["call"]), spec.get("with", {})
    if not isinstance(given, Mapping) or not all(name.isidentifier() and not iskeyword(name) for name in given):
        look.report.error("P419", look.line, t("with holds names of the function's arguments and their values."))
    if PLACE.search(call):
        return  # P421 has said it
    if not FUNCTION.fullmatch(call):
        sentence = t("{call} is no function.", call=Code(call[:80]))
        look.report.error("P440", look.line, sentence, t("write {example}", example=Code("call: module:function")))
    elif allowed and allowed.functions is not None and call not in allowed.functions:
        sentence = t("{call} is not among the functions of policy.yaml.", call=Code(call))
        line = Code(f"automation: {{python: [{call}]}}")
        look.report.error("P441", look.line, sentence, t("have {line} added", line=line))


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc
    except ValueError:
        return url
