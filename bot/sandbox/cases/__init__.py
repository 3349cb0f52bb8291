"""Case studies: incidents written down as they went, played against a running sandbox."""
