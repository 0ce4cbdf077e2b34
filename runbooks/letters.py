"""The letters of a plan's file: what a reviewer cannot see, and what nobody should have written there."""

import re

from bot.text import Code, Text, t
from runbooks.problem import Report

LARGEST = 256 * 1024
"""Bytes of a plan's file at most."""

_INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")
_SECRETS = re.compile(
    r"AKIA[0-9A-Z]{16}|xox[abeoprs]-[0-9A-Za-z-]{10,}|xapp-[0-9A-Za-z-]{10,}|gh[oprsu]_[0-9A-Za-z]{30,}"
    r"|glpat-[0-9A-Za-z_-]{20}|-----BEGIN [A-Z ]*PRIVATE KEY"
)
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_ANY = re.compile("|".join(pattern.pattern for pattern in (_CONTROL, _INVISIBLE, _SECRETS)))


def clean(text: str) -> str:
    """The text with plain line ends and without a byte order mark."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def check(text: str, report: Report) -> None:
    """P901 a secret, P902 what cannot be seen, P904 control characters, P905 too large."""
    if len(text.encode("utf-8", "surrogatepass")) > LARGEST:
        report.error("P905", 1, t("The file is larger than {most} KiB.", most=LARGEST // 1024))
        return
    if text.count("\0") * 3 > len(text):
        report.error("P904", 1, t("This is UTF-16, not UTF-8. Save the file as UTF-8."))
        return
    if _ANY.search(text):
        for number, line in enumerate(text.split("\n"), 1):
            _line(line, number, report)


def check_value(value: str, line: int, report: Report) -> bool:
    """P902, P904 for a value that was read: "\\0" is two harmless letters on the page, and no program can be given what it
    means. Whether all is well.
    """
    strange = _CONTROL.search(value)
    if strange:
        report.error("P904", line, _strange(ord(strange[0])))
    hidden = _INVISIBLE.search(value)
    if hidden:
        name = Code(f"U+{ord(hidden[0]):04X}")
        report.error("P902", line, t("A character that nobody sees stands here: {name}.", name=name))
    return not (strange or hidden)


def _strange(letter: int) -> Text:
    """Bytes that are no UTF-8 were read as U+DC80 to U+DCFF."""
    if 0xDC80 <= letter <= 0xDCFF:
        return t(
            "This is not UTF-8: the byte {byte} stands here. Save the file as UTF-8.",
            byte=Code(f"0x{letter - 0xDC00:02X}"),
        )
    return t("A control character stands here: {name}.", name=Code(f"U+{letter:04X}"))


def _line(line: str, number: int, report: Report) -> None:
    check_value(line, number, report)
    if _SECRETS.search(line):
        report.error(
            "P901",
            number,
            t("This looks like a secret."),
            t("write a reference: {place}", place=Code("${secret.NAME}")),
        )
