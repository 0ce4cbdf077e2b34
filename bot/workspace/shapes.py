"""The tables of Block Kit: the blocks and elements that the page can draw, with Slack's limits. Others are unsupported."""

from bot.workspace.rules import Kinds, Many, Num, Obj, Rule, Str, Text, Whatever, Word, Yes

ID = Str(255)
CONFIRM = Obj(
    {
        "title": Text(100, plain=True),
        "text": Text(300),
        "confirm": Text(30, plain=True),
        "deny": Text(30, plain=True),
        "style?": Word(("primary", "danger")),
    }
)
LINK = Str(3000, like=r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
OPTION = Obj({"text": Text(75), "value": Str(150), "description?": Text(75)})
"""What is ticked: its words may have marks. In a menu (`CHOICE`) and an overflow (`ENTRY`, which may be a link) they may not."""
CHOICE = Obj({"text": Text(75, plain=True), "value": Str(150), "description?": Text(75, plain=True)})
ENTRY = Obj({**CHOICE.fields, "url?": LINK})
GROUP = Obj({"label": Text(75, plain=True), "options": Many(CHOICE, 100)})
_DISPATCH = Obj({"trigger_actions_on": Many(Word(("on_enter_pressed", "on_character_entered")), 2)})
_COMMON: dict[str, Rule] = {"action_id?": ID, "confirm?": CONFIRM, "focus_on_load?": Yes()}
_PLACEHOLDER: dict[str, Rule] = {"placeholder?": Text(150, plain=True)}
_OPTIONS: dict[str, Rule] = {"options?": Many(CHOICE, 100), "option_groups?": Many(GROUP, 100)}
_PICTURE: dict[str, Rule] = {
    "image_url?": Str(3000, like=r"https?://\S+"),
    "slack_file?": Whatever(),
    "alt_text": Str(2000),
}

BUTTON = Obj(
    {
        "text": Text(75, plain=True),
        "action_id?": ID,
        "url?": LINK,
        "value?": Str(2000),
        "style?": Word(("primary", "danger")),
        "confirm?": CONFIRM,
        "accessibility_label?": Str(75),
    }
)
ELEMENTS: dict[str, Obj] = {
    "button": BUTTON,
    "static_select": Obj({**_COMMON, **_PLACEHOLDER, **_OPTIONS, "initial_option?": CHOICE}),
    "users_select": Obj({**_COMMON, **_PLACEHOLDER, "initial_user?": Str()}),
    "overflow": Obj({"action_id?": ID, "confirm?": CONFIRM, "options": Many(ENTRY, 5)}),
    "datepicker": Obj(
        {**_COMMON, **_PLACEHOLDER, "initial_date?": Str(10, like=r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")}
    ),
    "timepicker": Obj(
        {**_COMMON, **_PLACEHOLDER, "initial_time?": Str(5, like=r"([01]\d|2[0-3]):[0-5]\d"), "timezone?": Str()}
    ),
    "checkboxes": Obj({**_COMMON, "options": Many(OPTION, 10), "initial_options?": Many(OPTION, 10)}),
    "radio_buttons": Obj({**_COMMON, "options": Many(OPTION, 10), "initial_option?": OPTION}),
}
_MOST = {"max_selected_items?": Num(1, 100)}
MULTI: dict[str, Obj] = {
    "multi_static_select": Obj({**_COMMON, **_PLACEHOLDER, **_OPTIONS, **_MOST, "initial_options?": Many(CHOICE, 100)}),
    "multi_users_select": Obj({**_COMMON, **_PLACEHOLDER, **_MOST, "initial_users?": Many(Str(), 100)}),
}
TYPED = Obj(
    {
        "action_id?": ID,
        **_PLACEHOLDER,
        "initial_value?": Str(3000, 0),
        "multiline?": Yes(),
        "min_length?": Num(0, 3000),
        "max_length?": Num(1, 3000),
        "dispatch_action_config?": _DISPATCH,
        "focus_on_load?": Yes(),
    }
)
PICTURE = Obj(_PICTURE)
PLAIN = Obj({"text": Str(3000), "emoji?": Yes()})
MRKDWN = Obj({"text": Str(3000), "verbatim?": Yes()})

IN_ACTIONS = Kinds(ELEMENTS)
IN_SECTION = Kinds({**ELEMENTS, **MULTI, "image": PICTURE})
IN_CONTEXT = Kinds({"image": PICTURE, "plain_text": PLAIN, "mrkdwn": MRKDWN})
IN_INPUT = Kinds(
    {
        **{kind: rule for kind, rule in ELEMENTS.items() if kind not in ("button", "overflow")},
        **MULTI,
        "plain_text_input": TYPED,
    }
)

BLOCKS: dict[str, Obj] = {
    "section": Obj(
        {
            "block_id?": ID,
            "text?": Text(3000),
            "fields?": Many(Text(2000), 10),
            "accessory?": IN_SECTION,
            "expand?": Yes(),
        }
    ),
    "header": Obj({"block_id?": ID, "text": Text(150, plain=True)}),
    "divider": Obj({"block_id?": ID}),
    "context": Obj({"block_id?": ID, "elements": Many(IN_CONTEXT, 10)}),
    "actions": Obj({"block_id?": ID, "elements": Many(IN_ACTIONS, 25)}),
    "image": Obj({"block_id?": ID, **_PICTURE, "title?": Text(2000, plain=True)}),
    "input": Obj(
        {
            "block_id?": ID,
            "label": Text(2000, plain=True),
            "element": IN_INPUT,
            "hint?": Text(2000, plain=True),
            "optional?": Yes(),
            "dispatch_action?": Yes(),
        }
    ),
}
MARKDOWN = Obj({"block_id?": ID, "text": Str(12_000)})

SURFACES = {"message": Kinds({**BLOCKS, "markdown": MARKDOWN}), "modal": Kinds(BLOCKS), "home": Kinds(BLOCKS)}
MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}

_VIEW: dict[str, Rule] = {
    "type": Word(("modal", "home")),
    "blocks": Whatever(),
    "private_metadata?": Str(3000, 0),
    "callback_id?": Str(255, 0),
    "external_id?": Str(255, 0),
}
VIEWS = {
    "home": Obj(_VIEW),
    "modal": Obj(
        {
            **_VIEW,
            "title": Text(24, plain=True),
            "submit?": Text(24, plain=True),
            "close?": Text(24, plain=True),
            "clear_on_close?": Yes(),
            "notify_on_close?": Yes(),
            "submit_disabled?": Yes(),
        }
    ),
}
