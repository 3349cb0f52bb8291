"""Finding incidents again: words, what an incident says in them, what is asked for, and which fits best."""
