"""The numbers: pure functions over facts. `of_incident` for one incident, `over` for a period."""

from bot.metrics.incident import Figure, of_incident
from bot.metrics.period import over
from bot.metrics.population import Period
from bot.metrics.summary import Summary

__all__ = ["Figure", "Period", "Summary", "of_incident", "over"]
