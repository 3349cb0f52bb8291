"""What the bot asks of an incident's people: which questions are open, when each is asked, and of whom."""
