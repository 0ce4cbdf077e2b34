"""policy.yaml → what people and automation may do."""

import re
from collections.abc import Collection

from bot.config import drills, reach, units
from bot.config.spot import Spot, did_you_mean
from bot.domain import matcher
from bot.domain.directory import is_person
from bot.domain.matcher import Matcher
from bot.domain.policy import (
    EVERYBODY,
    FUNCTION,
    PERMISSIONS,
    SECRET,
    Automation,
    Breaker,
    BreakGlass,
    FloorRule,
    Hosts,
    Mode,
    PlansFrom,
    Policy,
    Secret,
)
from bot.domain.reach import Reach
from bot.domain.terms import Severity

FACTS = ("env", "kind", "service", "severity", "tier")
_AVOIDED = (
    "whoever sends the alert avoids this rule with another value of the label (leaving it out does not help):"
    " what must hold is written with env, service or tier, which your own files say"
)
_HOST = re.compile(r"(\*\.)?[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9])?(:\d{1,5})?|\[[0-9a-fA-F:]+\](:\d{1,5})?")
_FOLDER = re.compile(r"(?:/[^/*]+)+")
_EDIT = re.compile(r"https?://[^\s<>|]*\{path\}[^\s<>|]*")
EDIT_EXAMPLE = "https://git.example/us/plans/-/edit/{branch}/{path}#L{line}"
_REFERENCE = re.compile(r"env:[A-Za-z_][A-Za-z0-9_]*|file:/[^\s].*")
_PROGRAM = re.compile(r"/(?:[^\s*/]+/)*(?:[^\s*/]+|\*)")


def read(spot: Spot) -> Policy:
    """The policy; unknown groups and impossible conditions are problems of the file."""
    at = spot.keys("permissions", "groups", "automation", "drills", later=("notices",))
    groups = {name: entry.texts() for name, entry in at["groups"].entries().items()}
    for name, entry in at["groups"].entries().items():
        for item in entry.items():
            _check_name(item, (), f"a user id (U…) or a Slack group (@name) is expected in group {name}")
    permissions = dict(PERMISSIONS)
    for name, entry in at["permissions"].keys(*PERMISSIONS).items():
        if entry.there:
            permissions[name] = _holders(entry, groups)
    return Policy(permissions, groups, _automation(at["automation"], groups), drills.read(at["drills"]), spot.page.sha)


def _holders(spot: Spot, groups: Collection[str]) -> tuple[str, ...]:
    for item in spot.items():
        if not item.text().startswith("role:"):
            _check_name(item, [EVERYBODY, *groups], "everybody, a group, U…, @name or role:name is expected here")
    return spot.texts()


def _check_name(spot: Spot, groups: Collection[str], expected: str) -> None:
    name = spot.text()
    if name and name not in groups and not is_person(name) and not (name.startswith("@") and len(name) > 1):
        spot.wrong(expected + did_you_mean(name, groups))


def _automation(spot: Spot, groups: Collection[str]) -> Automation:
    at = spot.keys(
        *(
            "mode",
            "plans",
            "floor",
            "programs",
            "http_hosts",
            "python",
            "python_path",
            "secrets",
            "ssh",
            "ansible",
            "k8s",
            "inventory",
            "breaker",
            "pause_when_open_incidents",
            "break_glass",
        ),
    )
    return Automation(
        mode=at["mode"].word(Mode, Mode.ASK),
        plans=_plans(at["plans"]),
        floor=tuple(_floor(item, groups) for item in at["floor"].items()),
        programs=tuple(
            _fitting(item, _PROGRAM, "an absolute path is expected here") for item in at["programs"].items()
        ),
        http_hosts=_hosts(at["http_hosts"]),
        python=tuple(_fitting(item, FUNCTION, "module:function is expected here") for item in at["python"].items()),
        python_path=tuple(
            _fitting(item, _FOLDER, "an absolute path is expected here") for item in at["python_path"].items()
        ),
        secrets={name: _secret(name, entry) for name, entry in at["secrets"].entries().items()},
        reach=Reach(reach.ssh(at["ssh"]), reach.ansible(at["ansible"]), reach.k8s(at["k8s"])),
        inventory=_inventory(at["inventory"]),
        breaker=_breaker(at["breaker"]),
        pause_when_open_incidents=at["pause_when_open_incidents"].whole(None, 1, 1000),
        break_glass=_break_glass(at["break_glass"], groups),
    )


def _secret(name: str, spot: Spot) -> Secret:
    if not re.fullmatch(SECRET, name):
        spot.wrong("the name of a secret is letters, digits and _, such as DEPLOYS_TOKEN")
    at = spot.keys("value", "hosts")
    if not _REFERENCE.fullmatch(at["value"].text()):
        at["value"].wrong("write where the secret is, as env:NAME or file:/path, never the secret itself")
    if not at["hosts"].items():
        spot.wrong("a secret needs `hosts`: where it may go, such as hosts: [deploys.internal]")
    return Secret(at["value"].text(), _hosts(at["hosts"]))


def _hosts(spot: Spot) -> tuple[str, ...]:
    return tuple(_fitting(item, _HOST, "name, name:port or *.zone is expected here") for item in spot.items())


def _plans(spot: Spot) -> PlansFrom:
    at = spot.keys("repo", "branch", "signed_commits", "edit")
    expected = f"an address with {{path}} is expected here, such as {EDIT_EXAMPLE}"
    return PlansFrom(
        at["repo"].text(), at["branch"].text(), at["signed_commits"].flag(False), _fitting(at["edit"], _EDIT, expected)
    )


def _fitting(spot: Spot, form: re.Pattern[str], expected: str) -> str:
    text = spot.text()
    if text and (not form.fullmatch(text) or "/../" in text):
        spot.wrong(expected)
    return text


def _floor(spot: Spot, groups: Collection[str]) -> FloorRule:
    at = spot.keys("when", "need", "from", "not", "auto_allowed_for", "auto_after_verified_runs")
    if not at["when"].items():
        spot.wrong("a floor rule needs `when`, such as when: ['env=\"production\"']")
    for item in at["from"].items():
        _check_name(item, groups, "a group, U… or @name is expected here")
    for item in at["not"].items():
        item.one_of({"starter": True}, None)
    when = tuple((item, found) for item in at["when"].items() if (found := _condition(item)))
    for item in (item for item, found in when if found.label.startswith("label.")):
        if at["auto_allowed_for"].there:
            item.wrong("a label comes from whoever sends the alert: it cannot decide that nobody is asked")
        else:
            item.warn(_AVOIDED)
    return FloorRule(
        when=tuple(found for _, found in when),
        need=at["need"].whole(1, 0, 10),
        groups=at["from"].texts(),
        auto_for=frozenset(sev for item in at["auto_allowed_for"].items() if (sev := _severity(item))),
        auto_after_verified_runs=at["auto_after_verified_runs"].whole(0, 0, 1000),
        line=spot.line,
        forbid=at["not"].texts() if at["not"].there else ("starter",),
    )


def _condition(spot: Spot) -> Matcher | None:
    """A matcher on facts of the incident and the target; labels, which the sender chooses, are written label.x."""
    found: Matcher | None = spot.read(matcher.parse, None)
    if found and found.label not in FACTS and not found.label.startswith("label."):
        spot.wrong(f"{found.label} is no fact: one of {', '.join(FACTS)} or label.{found.label} is expected here")
    return found


def _severity(spot: Spot) -> Severity | None:
    return spot.one_of({f"severity:{severity.value}": severity for severity in Severity}, None)


def _inventory(spot: Spot) -> tuple[Hosts, ...]:
    found: list[Hosts] = []
    for name, entry in spot.entries().items():
        at = entry.keys("env", "hosts", "service", "drill")
        if not at["env"].there:
            entry.wrong("an entry of the inventory needs `env`")
        there, service, drill = at["hosts"].texts(), at["service"].text(), at["drill"].flag(False)
        if drill and at["env"].text() == "production":
            at["drill"].wrong("machines that are there for drills are none of production")
        found.append(Hosts(name, at["env"].text(), there, service, drill))
    _check_one_env(spot, found)
    return tuple(found)


def _check_one_env(spot: Spot, entries: Collection[Hosts]) -> None:
    env_of: dict[str, str] = {}
    for entry in entries:
        for host in entry.hosts:
            if env_of.setdefault(host, entry.env) != entry.env:
                spot.wrong(f"{host} is in two environments: {env_of[host]} and {entry.env}")


def _breaker(spot: Spot) -> Breaker:
    at = spot.keys("open_after", "closes")
    written = at["open_after"].text("3 failures in 1h")
    rate = units.failures(written)
    if rate is None:
        at["open_after"].wrong("a rate such as `3 failures in 1h` is expected here")
    if at["closes"].text("by a person") != "by a person":
        at["closes"].wrong("only `by a person` is possible: a breaker never closes by itself")
    return Breaker(*rate) if rate else Breaker()


def _break_glass(spot: Spot, groups: Collection[str]) -> BreakGlass:
    at = spot.keys("who", "needs", "need_second", "tells", later=("for",))
    for item in at["who"].items():
        _check_name(item, groups, "a group, U… or @name is expected here")
    if at["needs"].text("reason") != "reason":
        at["needs"].wrong("only `reason` is possible")
    return BreakGlass(at["who"].texts(), at["need_second"].flag(False), at["tells"].text().removeprefix("#"))
