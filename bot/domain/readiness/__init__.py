"""What the next person has to be ready for: contingencies, and what was said of the incident as a whole."""
