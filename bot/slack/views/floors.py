"""Why this much approval is asked for: sentences for the codes of bot/domain/approval.py that people should know of."""

from bot.text import Text, t

FLOORS: dict[str, Text] = {
    "no_inventory": t("The target stands in no inventory, so the strictest rule holds."),
    "env_differs": t("The alert names another environment than the inventory, so the strictest rule holds."),
    "stale_group": t("The user group was not read for 15 min, so only people named in policy.yaml count."),
    "storm": t("Many incidents are open, so automation asks first."),
}
