"""Open incidents that were brought in are asleep: they ask nothing until somebody switches their prompts on.

Their threads may be out of our reach, as in a copy of a database or in another workspace. So nothing that
begins by itself may post there.
"""

from bot.domain.ids import UserId

# Who has switched the prompts of such an incident off; no person has such an id.
ASLEEP = UserId("import")
