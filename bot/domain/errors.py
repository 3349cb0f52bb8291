"""Mistakes a person can mend. Each one says what was wrong and what would have worked."""

from bot.domain.ids import IncidentNumber, shown
from bot.domain.offer import Offer


class RoundsError(Exception):
    """Something the person who asked can put right; its text is shown to them as it is.

    *field* is the field of a form that it is about, where somebody filled in a form and it is known.
    """

    field: str | None = None


class TooEarly(Exception):
    """Somebody answers a chart that Slack shows already, but whose place we have not been told yet.

    Not acknowledged, the answer comes again, and by then the place is known.
    """


class NotUnderstood(RoundsError):
    """Words that make no request, with the nearest form that would."""

    def __init__(self, problem: str, instead: str) -> None:
        super().__init__(f"{problem}\nTry: {instead}")


class Refused(RoundsError):
    """Something that may not be done now, with the buttons that make room for it."""

    def __init__(
        self, why: str, offers: tuple[Offer, ...] = (), incident: IncidentNumber | None = None
    ) -> None:
        super().__init__(why)
        self.offers = offers
        self.incident = incident


class NoSuchIncident(RoundsError):
    """Also the answer for an incident the viewer may not see, so that nothing can be guessed from it."""

    def __init__(self, number: IncidentNumber) -> None:
        super().__init__(
            f"There is no {shown(number)} that you can see here. `/incident list` shows the open ones."
        )


class NotAMember(RoundsError):
    """Somebody is to lead what they may not see."""

    def __init__(self, who: str) -> None:
        super().__init__(
            f"@{who} is not in this private conversation. Invite them first, then name them again."
        )


class AlreadyResolved(RoundsError):
    """A second resolution of the same incident."""

    def __init__(self, number: IncidentNumber) -> None:
        name = shown(number)
        super().__init__(f"{name} is already resolved. `/incident reopen {name} reason` opens it again.")


class NotResolved(RoundsError):
    """Reopening what is open."""

    def __init__(self, number: IncidentNumber) -> None:
        super().__init__(f"{shown(number)} is open, so there is nothing to reopen.")
