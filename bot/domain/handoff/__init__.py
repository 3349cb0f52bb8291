"""The handoff: an I-PASS document, compiled from rows, scored, read back, and chained once accepted."""
