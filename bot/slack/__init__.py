"""The only package that knows Slack: its payloads are read once, here, and only here anything is posted."""
