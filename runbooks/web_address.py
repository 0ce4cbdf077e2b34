"""Where a line of a plan is edited in a browser, from what git knows of its remote. Nothing is asked of any host."""

import re
from urllib.parse import quote

_HTTP = re.compile(r"(https?)://(?:[^/@]*@)?([A-Za-z0-9.-]+(?::\d+)?)/(.+?)(?:\.git)?/?")
_SSH = re.compile(r"(ssh(?=://)|)(?:://)?[^/@:]+@([A-Za-z0-9.-]+)(?::\d+(?=/))?[:/](.+?)(?:\.git)?/?")
_FLAVOURS = (
    (re.compile(r"github\..+"), "edit"),
    (re.compile(r"gitlab\..+"), "-/edit"),
    (re.compile(r"codeberg\.org|(?:gitea|forgejo)\..+"), "_edit"),
)
"""Hosts whose addresses are known by their names; for any other, policy.yaml says the address."""


def template(remote: str, branch: str) -> str:
    """`https://github.com/us/plans/edit/main/{path}#L{line}` for a remote's address; "" if it is no host that is known.

    A name or a password in the remote's address is never part of it.
    """
    found = _HTTP.fullmatch(remote) or _SSH.fullmatch(remote)
    if found is None or not branch:
        return ""
    scheme, host, repository = found.groups()
    way = next((way for name, way in _FLAVOURS if name.fullmatch(host.partition(":")[0].lower())), "")
    return (
        f"{scheme if scheme == 'http' else 'https'}://{host}/{quote(repository)}/{way}/{quote(branch)}/{{path}}#L{{line}}"
        if way
        else ""
    )


def of_file(address: str, branch: str, path: str) -> str:
    """The address of one file, with `{line}` still to be filled in; "" without a template."""
    return address.replace("{branch}", quote(branch)).replace("{path}", quote(path)) if path else ""


def of_line(address: str, line: int) -> str:
    """The address of one line."""
    return address.replace("{line}", str(line))
