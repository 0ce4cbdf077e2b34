"""What an action on another machine is bound to beside its own words: whom it speaks as, and what it takes along. A yes is one to
all of it; what differs when it would run needs another question."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.domain.reach import Reach
from runbooks.playbooks import sha_of


def pinned(executor: str, spec: Mapping[str, Any], reach: Reach) -> dict[str, Any]:
    """The spec; with the account (`as`) of ssh and k8s; of a playbook with its `sha256`, or with the reason `why` there is none."""
    if executor == "ssh":
        return {**spec, "as": f"{reach.ssh.user}, port {reach.ssh.port}"}
    if executor == "k8s":
        return {**spec, "as": _kubeconfig(reach.k8s.kubeconfig)}
    if executor != "ansible":
        return dict(spec)
    try:
        return {**spec, "sha256": sha_of(str(spec["playbook"]), reach.ansible.inventory)}
    except OSError as error:
        return {**spec, "why": str(error)}


def _kubeconfig(path: str) -> str:
    """The cluster and the account, without a look inside: only the runner may read it."""
    try:
        found = Path(path).stat()
    except OSError:
        return path
    written = datetime.fromtimestamp(found.st_mtime, UTC)
    return f"{path} of {written:%Y-%m-%d %H:%M:%S} UTC, {found.st_size} bytes"
