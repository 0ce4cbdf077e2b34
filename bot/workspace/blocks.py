"""Whether Slack would take these blocks. What one value says is in the tables (shapes); what two values say is here."""

from collections import Counter
from collections.abc import Iterable, Iterator
from copy import deepcopy
from typing import Any

from bot.workspace.errors import Refused
from bot.workspace.rules import Many, Problem, problems
from bot.workspace.shapes import MOST_BLOCKS, SURFACES, VIEWS
from bot.workspace.things import Json

TOTAL_TEXT = 12_000
"""Slack's bound on the sum of all texts of a posted message lies somewhere from here to 13,200; it is not documented."""
MARKDOWN_TEXT = 12_000


def checked_blocks(raw: Any, surface: str, total: bool = False) -> list[Json]:
    """A copy of a message's blocks with all ids filled in. Raises Refused as chat.* does. total: bound the sum of texts."""
    if raw is None or raw == []:
        return []
    if not isinstance(raw, list) or not all(isinstance(block, dict) for block in raw):
        raise Refused("invalid_blocks_format")
    found = list(problems(Many(SURFACES[surface], MOST_BLOCKS[surface]), raw, "/blocks")) or list(
        _cross(raw, "/blocks")
    )
    if found:
        sentences = [f"{sentence} [json-pointer:{at}]" for at, sentence in found]
        raise Refused("invalid_blocks", messages=[f"[ERROR] {each}" for each in sentences], errors=sentences)
    if total and sum(map(len, texts(raw))) > TOTAL_TEXT:
        raise Refused("msg_blocks_too_long")
    return _with_ids(raw)


def checked_view(raw: Any, kind: str) -> Json:
    """A copy of a view with all ids filled in. Raises Refused as views.* does. kind: modal or home."""
    if not isinstance(raw, dict):
        raise _bad_view([("/view", "must be an object")])
    found = list(problems(VIEWS[kind], raw, "/view")) or list(_view(raw, kind))
    if found:
        raise _bad_view(found)
    return {**deepcopy(raw), "blocks": _with_ids(raw["blocks"])}


def _bad_view(found: Iterable[Problem]) -> Refused:
    return Refused("invalid_arguments", messages=[f"[ERROR] {sentence} [json-pointer:{at}]" for at, sentence in found])


def _view(raw: Json, kind: str) -> Iterator[Problem]:
    if raw["type"] != kind:
        yield "/view/type", f"must be {kind}"
        return
    blocks = raw["blocks"]
    found = list(problems(Many(SURFACES[kind], MOST_BLOCKS[kind]), blocks, "/view/blocks"))
    yield from found or _cross(blocks, "/view/blocks")
    if not found and kind == "modal" and not raw.get("submit") and any(block["type"] == "input" for block in blocks):
        yield "/view/submit", "must be defined when an input block is within the blocks array"


def elements(block: Json) -> list[Json]:
    """The elements of a block, wherever it keeps them."""
    inner = [block.get("accessory"), block.get("element"), *block.get("elements", ())]
    return [each for each in inner if each]


def texts(value: Any) -> Iterator[str]:
    """Every text that is shown, however deep."""
    if isinstance(value, dict):
        if isinstance(value.get("text"), str):
            yield value["text"]
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


def _cross(blocks: list[Json], at: str) -> Iterator[Problem]:
    yield from _repeated([block.get("block_id") for block in blocks], at, "block_id")
    if sum(bool(element.get("focus_on_load")) for block in blocks for element in elements(block)) > 1:
        yield at, "only one element may have focus_on_load"
    markdown = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    if markdown > MARKDOWN_TEXT:
        yield at, f"markdown must be less than {MARKDOWN_TEXT + 1} characters in all"
    for index, block in enumerate(blocks):
        here = f"{at}/{index}"
        if block["type"] == "section" and not block.get("text") and not block.get("fields"):
            yield here, "missing required field: text or fields"
        yield from _picture(block, here)
        yield from _repeated([each.get("action_id") for each in elements(block)], here, "action_id")
        for element in elements(block):
            yield from _element(element, here)


def _repeated(ids: list[str | None], at: str, name: str) -> Iterator[Problem]:
    for id, count in Counter(filter(None, ids)).items():
        if count > 1:
            yield at, f"{name} {id} already exists"


def _picture(thing: Json, at: str) -> Iterator[Problem]:
    if thing["type"] == "image" and bool(thing.get("image_url")) == bool(thing.get("slack_file")):
        yield at, "exactly one of image_url and slack_file is needed"


def _element(element: Json, at: str) -> Iterator[Problem]:
    yield from _picture(element, at)
    both = bool(element.get("options")) == bool(element.get("option_groups"))
    if element["type"] in ("static_select", "multi_static_select") and both:
        yield at, "exactly one of options and option_groups is needed"
    if element["type"] == "plain_text_input" and element.get("min_length", 0) > element.get("max_length", 3000):
        yield at, "min_length must not be greater than max_length"
    values = [option["value"] for option in options(element)]
    if len(set(values)) < len(values):
        yield at, "options must have different values"
    initial = [element.get("initial_option"), *element.get("initial_options", ())]
    if any(option and option["value"] not in values for option in initial):
        yield at, "the initial option must be one of the options"


def options(element: Json) -> list[Json]:
    """All options of an element, with those in groups."""
    grouped = [option for group in element.get("option_groups", ()) for option in group["options"]]
    return [*element.get("options", ()), *grouped]


def _with_ids(raw: list[Json]) -> list[Json]:
    blocks = deepcopy(raw)
    for index, block in enumerate(blocks):
        block.setdefault("block_id", f"block{index}")
        for place, element in enumerate(elements(block)):
            if element["type"] not in ("image", "plain_text", "mrkdwn"):
                element.setdefault("action_id", f"action{place}")
    return blocks
