"""Why a value of a parameter cannot be used, by the codes of runbooks/params.py."""

from collections.abc import Mapping

from bot.text import Code, Text, t

_WORDS: Mapping[str, Text] = {
    "option": t("it would be read as an option"),
    "turns": t("it would lead elsewhere than it reads"),
    "long": t("it is too long"),
    "hidden": t("it has characters that nobody sees"),
    "form": t("it does not have the form that the plan asks for"),
    "bool": t("it is neither true nor false"),
    "choice": t("the plan does not list it"),
    "path": t("it is no plain absolute path"),
    "outside": t("it is outside the folders that the plan names"),
}
CODES = frozenset({*_WORDS, "int", "host"})


def why(params: Mapping[str, str]) -> Text:
    """The reason in a refusal's parameters; what older events tell in words stays as it is."""
    code = params.get("why", "?")
    if code == "int":
        return t(
            "it is no whole number from {least} to {most}",
            least=params.get("least", "?"),
            most=params.get("most", "?"),
        )
    if code == "host" and params.get("entry") == "all":
        return t("it is in no entry of the inventory (policy.yaml, automation: inventory)")
    if code == "host":
        return t(
            "it is not in the entry {entry} of the inventory (policy.yaml, automation: inventory)",
            entry=Code(params.get("entry", "?")),
        )
    return _WORDS.get(code, t("{why}", why=code))
