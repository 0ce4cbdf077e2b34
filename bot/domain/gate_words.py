"""What people read where a gate is shut: what, why, what now."""

from collections.abc import Callable, Mapping

from bot.domain import value_words
from bot.domain.gates import PRIVATE
from bot.text import Code, Span, Text, Typed, Value, When, t

Params = Mapping[str, str]


def sentence(code: str, params: Params) -> Text:
    """What, why, what now, for any code of gates.py, of reach.py or of a parameter's refusal."""
    told = _SENTENCES.get(code)
    return told(params) if told else t("Not run: {code}. You can: do it by hand.", code=Code(code))


def _span(params: Params, name: str) -> Span:
    return Span(int(params.get(name, "0")))


def _when(params: Params, name: str) -> When:
    return When(int(params.get(name, "0")))


def _cooldown(params: Params) -> Text:
    """Who may pass over the pause is named."""
    told: dict[str, Value] = {
        "target": _code(params, "target"),
        "ago": _span(params, "ago"),
        "pause": _span(params, "pause"),
    }
    until = _when(params, "until")
    if "who" not in params:
        return t(
            "Not run: it was done on {target} {ago} ago (pause is {pause}). You can: wait until {until}, or do it by hand.",
            **told,
            until=until,
        )
    return t(
        "Not run: it was done on {target} {ago} ago (pause is {pause})."
        " You can: wait until {until}, do it by hand, or somebody of {who} may override with a reason.",
        **told,
        until=until,
        who=_code(params, "who"),
    )


def _code(params: Params, name: str) -> Code:
    return Code(params.get(name, "?"))


def _holder(params: Params) -> Text | Code:
    return t("another incident") if params.get("holder") == PRIVATE else _code(params, "holder")


FROM_WHERE: Mapping[str, Text] = {
    "dirty": t("the text of this plan is not committed"),
    "unpushed": t("the commit with this text of the plan is not on the branch that others see"),
    "unsigned": t("the commit with this plan is not signed"),
    "elsewhere": t("the plans do not come from the repository that policy.yaml names"),
    "no_branch": t("nobody said which branch plans come from (automation: plans: branch in policy.yaml)"),
    "git": t("the repository of the plans cannot be read"),
    "unknown": t("nobody knows any more from which commit this text of the plan came"),
}
"""Why the text of a plan may not act, by the refusals of runbooks/origin.py."""
_SENTENCES: Mapping[str, Callable[[Params], Text]] = {
    "off": lambda p: t(
        "Not run: automation is off. You can: do it by hand, or {ask}.", ask=Typed("automation ask <reason>")
    ),
    "dry_run": lambda p: t(
        "Not run: automation is in dry-run. All else is in order, and this would be run: {does}. You can: do it by hand, or {ask}.",
        does=_code(p, "does"),
        ask=Typed("automation ask <reason>"),
    ),
    "plan": lambda p: t(
        "Not run: the rules of this version find an error in the plan ({where}). You can: do it by hand, or mend it, and begin it.",
        where=_code(p, "where"),
    ),
    "origin": lambda p: t(
        "Not run: {why}. You can: do it by hand, or start the plan again once that is mended.",
        why=FROM_WHERE.get(p.get("why", ""), FROM_WHERE["unknown"]),
    ),
    "drill": lambda p: t(
        "Not run: this is a drill, and {target} is not there for drills. In earnest it would have run now."
        " You can: go on as if it had.",
        target=_code(p, "target"),
    ),
    "experiment": lambda p: t(
        "Not run: it breaks something on purpose, and this is no drill. You can: take back what was broken with {word}.",
        word=Code("drill stop"),
    ),
    "experiment_over": lambda p: t(
        "Not run: the experiment is over, and nothing more is broken. You can: take back what was broken, and begin it anew"
        " with {word}.",
        word=Code("drill"),
    ),
    "param": lambda p: t(
        "Not run: {name} cannot be {value}: {why}. You can: give another value with `run`, or do it by hand.",
        name=_code(p, "name"),
        value=_code(p, "value"),
        why=value_words.why(p),
    ),
    "empty": lambda p: t(
        "Not run: nothing says what {name} is ({source}), and nothing given means nothing done. You can: give it with `run`.",
        name=t("{name} ({help})", name=_code(p, "name"), help=p["help"]) if p.get("help") else _code(p, "name"),
        source=_code(p, "source"),
    ),
    "program": lambda p: t(
        "Not run: policy.yaml allows no program {program}. You can: have this line added under automation: programs: [{program}].",
        program=_code(p, "program"),
    ),
    "program_file": lambda p: t(
        "Not run: policy.yaml allows {program}, and it cannot be run: {why}. You can: have that mended, or do it by hand.",
        program=_code(p, "program"),
        why=p.get("why", "?"),
    ),
    "function": lambda p: t(
        "Not run: policy.yaml allows no function {function}. You can: have this line added under automation: python: [{function}].",
        function=_code(p, "function"),
    ),
    "host": lambda p: t(
        "Not run: policy.yaml does not allow the host {host}. You can: have it added under automation: http_hosts: [{host}].",
        host=_code(p, "host"),
    ),
    "secret": lambda p: t(
        "Not run: policy.yaml names no secret {secret}. You can: have it added under automation: secrets.",
        secret=_code(p, "secret"),
    ),
    "secret_host": lambda p: t(
        "Not run: policy.yaml does not let the secret {secret} go to {host}. You can: have the host added to it.",
        secret=_code(p, "secret"),
        host=_code(p, "host"),
    ),
    "ssh": lambda p: t(
        "Not run: policy.yaml does not say how to reach machines by ssh. You can: have {line} added under automation.",
        line=Code("ssh: {user, key, known_hosts, programs}"),
    ),
    "ssh_program": lambda p: t(
        "Not run: policy.yaml allows no {program} by ssh. You can: have it added under automation: ssh: programs.",
        program=_code(p, "program"),
    ),
    "playbook": lambda p: t(
        "Not run: policy.yaml allows no playbook {playbook}. You can: have it added under automation: ansible: playbooks.",
        playbook=_code(p, "playbook"),
    ),
    "playbook_read": lambda p: t(
        "Not run: the playbook {playbook} cannot be used: {why}. You can: do it by hand.",
        playbook=_code(p, "playbook"),
        why=p.get("why", "?"),
    ),
    "namespace": lambda p: t(
        "Not run: policy.yaml allows no namespace {namespace}. You can: have it added under automation: k8s: namespaces.",
        namespace=_code(p, "namespace"),
    ),
    "namespace_env": lambda p: t(
        "Not run: the namespace {namespace} is {env}, and by the inventory {target} is {other}. You can: have policy.yaml mended.",
        namespace=_code(p, "namespace"),
        env=_code(p, "env"),
        target=_code(p, "target"),
        other=_code(p, "other"),
    ),
    "beside": lambda p: t(
        "Not run: it would act on {host}, and its target is {target}. You can: do it by hand, and have the plan mended.",
        host=_code(p, "host"),
        target=_code(p, "target"),
    ),
    "aimless": lambda p: t(
        "Not run: its target is {target}, and what would run does not name it. You can: do it by hand, and have the plan mended.",
        target=_code(p, "target"),
    ),
    "no_host": lambda p: t(
        "Not run: {host} is in no inventory of policy.yaml. You can: have it added under automation: inventory.",
        host=_code(p, "host"),
    ),
    "no_target": lambda p: t("Not run: it has no target, and no target is not everything. You can: do it by hand."),
    "breaker": lambda p: t(
        "Not run: it failed too often, so it is locked until a person allows it again. You can: do it by hand, or {allow}.",
        allow=Typed(f"automation allow {p.get('plan', '?')} <reason>"),
    ),
    "cooldown": _cooldown,
    "rate": lambda p: t(
        "Not run: it ran {count} times in {per}. You can: wait until {until}, or do it by hand.",
        count=p.get("count", "?"),
        per=_span(p, "per"),
        until=_when(p, "until"),
    ),
    "blast": lambda p: t(
        "Not run: {n} targets would be touched at the same time, and {most} may be. Others: {where}."
        " You can: wait for them, or say there with {word} what became of them.",
        n=p.get("n", "?"),
        most=p.get("most", "?"),
        where=p.get("where", "?"),
        word=Code("outcome"),
    ),
    "lock": lambda p: t(
        "Not run: {holder} is at work on {target}, or in the same place, now. You can: wait for it.",
        holder=_holder(p),
        target=_code(p, "target"),
    ),
    "lock_unsure": lambda p: t(
        "Not run: nobody knows yet what became of what {holder} runs on {target}. You can: look there, and say it with {word}.",
        holder=_holder(p),
        target=_code(p, "target"),
        word=Code(f"outcome {p.get('holder', 'INC-?').replace(PRIVATE, '')} done|not|hand"),
    ),
    "over": lambda p: t(
        "Not run: the incident is over. You can: do it by hand, or {reopen}.", reopen=Typed("reopen <reason>")
    ),
    "unapproved": lambda p: t("Not run: nobody has approved it yet. You can: ask those named on the card."),
    "nobody": lambda p: t(
        "Not run: {n} people may approve it ({groups}), and {need} must. You can: do it by hand, or have people added to"
        " {groups} under groups: in policy.yaml.",
        n=p.get("n", "?"),
        groups=p.get("groups", "?"),
        need=p.get("need", "?"),
    ),
    "expired": lambda p: t("Not run: the approval is too old. You can: ask again."),
    "more": lambda p: t("Not run: more people must say yes by now than have. You can: ask again."),
    "changed": lambda p: t("Not run: it is no longer what was approved. You can: ask again."),
}
CODES = frozenset(_SENTENCES)
