"""`${secret.NAME}` in the headers of a request: which secrets are named, and whether they may go where it goes."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from bot.domain.policy import Secret

PLACE = re.compile(r"\$\{secret\.([A-Za-z][A-Za-z0-9_]{0,62})\}")
Permits = Callable[[str, Sequence[str]], bool]
"""Whether a request to a URL may be made, by hosts as policy.yaml writes them."""


def named(spec: Mapping[str, Any]) -> tuple[str, ...]:
    """The secrets that an executor's spec names, each once."""
    headers = spec.get("headers")
    values = headers.values() if isinstance(headers, Mapping) else ()
    return tuple(dict.fromkeys(name for value in values for name in PLACE.findall(str(value))))


def refused(
    spec: Mapping[str, Any], secrets: Mapping[str, Secret], permits: Permits
) -> Iterator[tuple[str, dict[str, str]]]:
    """(code, values) for each secret that policy.yaml does not name, or does not let go to the host of the request."""
    for name in named(spec):
        secret, url = secrets.get(name), str(spec.get("url", ""))
        if secret is None:
            yield "secret", {"secret": name}
        elif not permits(url, secret.hosts):
            yield "secret_host", {"secret": name, "host": url}
