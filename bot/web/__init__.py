"""HTTP: Slack's requests, and whether we are well."""
