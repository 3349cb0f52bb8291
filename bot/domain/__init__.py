"""The method, as values and pure functions: no clock, no database, no Slack."""
