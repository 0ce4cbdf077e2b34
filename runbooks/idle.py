"""Checks that cannot fail: programs that end well whatever has become of the machine."""

from bot.domain.plan import Does

_IDLE = frozenset({":", "true", "echo", "printf", "sleep", "date", "pwd", "whoami", "hostname", "uname", "uptime"})
_BEFORE = frozenset({"sudo", "doas", "env", "nice", "ionice", "nohup", "stdbuf", "timeout", "busybox"})
"""Programs that only run another one."""


def never_fails(does: Does) -> str:
    """The program that looks at nothing; "" if it may be a check."""
    argv = does.spec.get("argv")
    for number, word in enumerate(argv if isinstance(argv, list) else ()):
        name = str(word).rpartition("/")[2]
        if name in _IDLE:
            return name
        if name not in _BEFORE and not (number and _of_the_one_before(str(word))):
            return ""
    return ""


def _of_the_one_before(word: str) -> bool:
    """An option of it, a variable, or its time."""
    return word.startswith("-") or "=" in word or word[:1].isdigit()
