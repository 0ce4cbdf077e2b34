"""Headers of a request: those that are no plan's (P448), and secrets that policy.yaml does not name, or does not let go where the
request goes (P447)."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from bot.domain.plan import Does, Param
from bot.text import Code, t
from runbooks import header_names
from runbooks.lint_action import PLACE, Allowed
from runbooks.problem import Report, did_you_mean
from runbooks.secret_names import named

SEE = t("see secrets in docs/executors.md")


def check(does: Does, line: int, params: Mapping[str, Param], report: Report, allowed: Allowed | None) -> None:
    """All headers, and the secrets that they name, as such or by a parameter."""
    if isinstance(does.spec.get("headers"), Mapping):
        for name in filter(header_names.ours, map(str, does.spec["headers"])):
            sentence = t(
                "The header {name} is not written by plans: where a request goes, says its url.", name=Code(name)
            )
            report.error("P448", line, sentence)
    if allowed is None or allowed.secrets is None or "url" not in does.spec:
        return
    headers, url = str(does.spec.get("headers", "")), str(does.spec["url"])
    by_param = [
        str(p.rest.get("name", "")) for p in params.values() if p.type == "secret" and f"${{{p.name}}}" in headers
    ]
    for name in dict.fromkeys((*named(does.spec), *by_param)):
        permits = allowed.secrets.get(name)
        if permits is None:
            fix = did_you_mean(name, allowed.secrets) or SEE
            report.error("P447", line, t("policy.yaml names no secret {name}.", name=Code(name)), fix)
        elif not PLACE.search(urlsplit(url).netloc) and not permits(url):
            sentence = t("policy.yaml does not let the secret {name} go to this host.", name=Code(name))
            report.error("P447", line, sentence, SEE)
