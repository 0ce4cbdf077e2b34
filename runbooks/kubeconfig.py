"""A kubeconfig as far as a program may use it: an address, the certificate to trust, and a token or a certificate of its own.

Logins by another program (`exec`, `auth-provider`) are for people: give the bot a service account's token.
"""

import base64
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from runbooks.programs import check_private

LOCAL = {"127.0.0.1", "::1", "localhost"}


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where the API is, and how it is spoken to. trust: None where the address is http on this machine."""

    url: str
    headers: Mapping[str, str]
    trust: ssl.SSLContext | None


def read(path: str, folder: Path) -> Cluster:
    """The current context. folder: private, for what must be a file for a moment. OSError, ValueError with the reason."""
    check_private(path)
    try:
        whole = YAML(typ="safe").load(Path(path).read_text("utf-8"))
        context = _named(whole, "context", whole["current-context"])
        cluster, user = _named(whole, "cluster", context["cluster"]), _named(whole, "user", context["user"])
    except (KeyError, TypeError, StopIteration, YAMLError) as error:
        raise ValueError(f"{path}: no kubeconfig with a current context: {error}") from error
    if {"exec", "auth-provider", "username"} & user.keys():
        raise ValueError(f"{path}: only a token or a client certificate can be used here")
    url = str(cluster["server"]).rstrip("/")
    return Cluster(url, _headers(user), _trust(url, cluster, user, folder))


def _named(whole: Mapping[str, Any], kind: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one[kind] for one in whole[f"{kind}s"] if one["name"] == name)
    return found


def _headers(user: Mapping[str, Any]) -> dict[str, str]:
    token = user.get("token") or (Path(user["tokenFile"]).read_text().strip() if user.get("tokenFile") else "")
    return {"Authorization": f"Bearer {token}"} if token else {}


def _trust(url: str, cluster: Mapping[str, Any], user: Mapping[str, Any], folder: Path) -> ssl.SSLContext | None:
    parts = urlsplit(url)
    if parts.scheme == "http" and parts.hostname in LOCAL:
        return None
    if parts.scheme != "https" or cluster.get("insecure-skip-tls-verify"):
        raise ValueError(f"{url}: https with a certificate that is checked is expected")
    ours = _bytes(cluster, "certificate-authority")
    trust = ssl.create_default_context(cadata=ours.decode() if ours else None)
    both = [_bytes(user, name) for name in ("client-certificate", "client-key")]
    if all(both):
        pair = folder / "client.pem"
        pair.touch(mode=0o600)
        pair.write_bytes(b"\n".join(both))
        trust.load_cert_chain(pair)
        pair.unlink()
    return trust


def _bytes(found: Mapping[str, Any], name: str) -> bytes:
    """What stands in the file itself, or in another one."""
    if found.get(f"{name}-data"):
        return base64.b64decode(found[f"{name}-data"])
    return Path(found[name]).read_bytes() if found.get(name) else b""
