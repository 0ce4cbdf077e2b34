"""What each kind of event changes in an incident, one file per group of events (bot/domain/incident.py puts them together)."""
