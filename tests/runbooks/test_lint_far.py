"""What a plan may write for other machines: its target only, nothing that steers, nothing that nobody allows."""

import pytest

from tests.runbooks.pages import ACTION, acting, found, read
from tests.runbooks.rules import POLICY

RUN = 'run: [/usr/bin/restart, "${host}"]'
SSH = 'ssh: {host: "${host}", argv: [/usr/bin/systemctl, restart, "web@${host}"]}'
PLAY = 'ansible: {playbook: /srv/plays/mend.yml, limit: "${host}", extra: {why: "${word}", n: 3}}'
SCALE = 'k8s: {verb: scale, kind: deployment, namespace: shop, name: "${host}", replicas: 3}'
POD = 'k8s: {verb: delete, kind: pod, namespace: shop, name: "${host}"}'


def codes(does: str, old: str = "", new: str = "") -> set[str]:
    assert old in does
    page = acting(ACTION.replace(RUN, does.replace(old, new, 1)))
    return {code for code, _ in found(read(page, allowed=POLICY)).items() if code not in ("P424", "P439")}


@pytest.mark.parametrize(
    ("does", "old", "new", "code"),
    [
        (SSH, "", "", ""),
        (SSH, '"${host}", argv', "web-1, argv", "P442"),
        (SSH, '"${host}", argv', '"${host}.example", argv', "P442"),
        (SSH, '"${host}", argv', '"${word}", argv', "P442"),
        (SSH, '"${host}", argv', '"${hots}", argv', "P423"),
        (SSH, "restart, ", "stop, ", "P426"),
        (SSH, "restart, ", '"${word}", ', "P426"),
        (SSH, "/usr/bin/systemctl", "systemctl", "P429"),
        (SSH, "/usr/bin/systemctl, restart", "/bin/sh, -c", "P425"),
        (SSH, '"web@${host}"', '"${word}"', "P422"),
        (SSH, "argv: [", "user: root, argv: [", "P410"),
        (PLAY, "", "", ""),
        (PLAY, '"${host}"', '"${host}:all"', "P442"),
        (PLAY, '"${host}"', "all", "P442"),
        (PLAY, "/srv/plays/mend.yml", "mend.yml", "P419"),
        (PLAY, "/srv/plays/mend.yml", "/srv/other/mend.yml", "P444"),
        (PLAY, "/srv/plays/mend.yml", '"/srv/plays/${word}.yml"', "P421"),
        (PLAY, "why:", "ansible_python_interpreter:", "P443"),
        (PLAY, "why:", "become_user:", "P443"),
        (PLAY, "n: 3", "n: [3]", "P419"),
        (PLAY, "n: 3", "n: 3, check: true", ""),
        (PLAY, "limit", "check: 1, limit", "P419"),
        (PLAY, '"${word}"', "\"{{ lookup('pipe', 'id') }}\"", "P427"),
        (SCALE, "", "", ""),
        (SCALE, "replicas: 3", "replicas: 0", "P419"),
        (SCALE, "replicas: 3", 'replicas: "${word}"', "P419"),
        (SCALE, ", replicas: 3", "", "P419"),
        (SCALE, "scale", "restart", "P419"),
        (SCALE, "scale", "destroy", "P419"),
        (SCALE, "scale", '"${word}"', "P421"),
        (SCALE, "deployment", "daemonset", "P419"),
        (SCALE, "shop", "kube-system", "P444"),
        (SCALE, '"${host}"', "web", "P442"),
        (POD, "", "", ""),
        (POD, "pod", "deployment", "P419"),
    ],
)
def test_rules(does: str, old: str, new: str, code: str) -> None:
    assert (code in codes(does, old, new)) if code else not codes(does, old, new)


@pytest.mark.parametrize(
    ("does", "reads"),
    [
        (SCALE, False),
        (POD, False),
        (SCALE.replace("scale", "ready").replace(", replicas: 3}", "}"), True),
        (PLAY, False),
        (PLAY.replace("limit", "check: true, limit"), True),
        (SSH, False),
    ],
)
def test_what_changes_something_does_not_say_otherwise(does: str, reads: bool) -> None:
    quiet = "id: look\n" + does + "\nchanges: false\ntimeout: 5s\n"
    assert ("P436" in found(read(acting(quiet), allowed=POLICY))) is not reads
