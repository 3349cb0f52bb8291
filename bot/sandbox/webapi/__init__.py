"""The Web API: a table of methods, each with its declared arguments, its scopes and its function."""
