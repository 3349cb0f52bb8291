"""From what people say and tap to where the work stands, and what it counsels."""
