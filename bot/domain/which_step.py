"""The number of a step, as people write it before a word of theirs: `2.3`, `step 2.3`, `#2.3`, `(2.3)`, `第2.3步`."""

import re
import unicodedata

from bot.errors import BadInput
from bot.text import Code, t

_LEAD = r"(?i:(?:the\s+)?steps?(?![a-z])|步骤|第)?[\s:\uff1a#\uff03(\[{*_`\uff08【「“\"'-]*"
_TAIL = r"\s*步?[)\]}*_`.,:;!\uff09】」”\"'。\uff0c\uff1a\uff1b\uff01、]*+"
_NUMBER = re.compile(rf"^{_LEAD}(\d{{1,3}}[.\uff0e]\d{{1,3}})(?!\d){_TAIL}(?![\dA-Za-z%_/+~–-])[\s—–-]*")
_LIKE = re.compile(
    rf"^(?:{_LEAD}\d+[.\uff0e,\uff0c。、·]\d|(?i:(?:the\s+)?steps?)[\s:#-]*\d|(?:步骤|第)\s*[\d一二三四五六七八九十]+\s*步?(?!\w))"
)
_WHOLE = re.compile(rf"^{_LEAD}\d{{1,3}}{_TAIL}$")
"""`done 7`: as a word it says nothing. (What `answer` takes may be a number.)"""
_COMMA = re.compile(rf"^{_LEAD}(\d{{1,3}})[,\uff0c。、·](\d{{1,3}})(?!\d){_TAIL}(?:\s|$)")
"""Two numbers with something else than a point between them."""


def read(words: str, verb: str) -> tuple[str, str]:
    """The step that words begin with ("" if they name none), and what follows. BadInput for what looks like a step and is none:
    it would become a word about the step that is current, which nobody meant. verb: of the example."""
    text = words.strip()
    found = _NUMBER.match(text)
    if found is not None:
        return unicodedata.normalize("NFKC", found[1]), text[found.end() :].strip()
    whole = verb != "answer" and _WHOLE.match(text) is not None
    if not whole and _LIKE.match(text) is None:
        return "", text
    near = _COMMA.match(text)
    meant = f"{near[1]}.{near[2]} {text[near.end() :]}" if near else "2.3" if whole else f"2.3 {text}"
    sentence = t("Is {text} a step? Begin with its number as the card shows it.", text=Code(text))
    raise BadInput(sentence, unicodedata.normalize("NFKC", f"{verb} {meant}").strip())
