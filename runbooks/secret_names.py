"""`${secret.NAME}` in the headers of a request: which secrets are named."""

import re
from collections.abc import Mapping
from typing import Any

from bot.domain.policy import SECRET

PLACE = re.compile(rf"\$\{{secret\.({SECRET})\}}")


def named(spec: Mapping[str, Any]) -> tuple[str, ...]:
    """The secrets that an executor's spec names, each once."""
    headers = spec.get("headers")
    values = headers.values() if isinstance(headers, Mapping) else ()
    return tuple(dict.fromkeys(name for value in values for name in PLACE.findall(str(value))))
