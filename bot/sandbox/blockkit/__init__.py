"""Block Kit as Slack enforces it: tables of blocks and elements, and the checks that walk them."""
