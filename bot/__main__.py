"""``python -m bot`` is ``rounds``."""

from bot.cli import main

main()
