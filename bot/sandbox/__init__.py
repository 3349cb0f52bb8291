"""A small Slack of our own: Web API, Socket Mode, signed HTTP and a page; nobody needs a workspace to try."""
