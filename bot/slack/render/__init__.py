"""How things look: pure functions from values to Slack's calls, blocks and views. Nothing is looked up."""
