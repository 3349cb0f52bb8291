"""Plans, interventions one at a time, and what became of them."""
