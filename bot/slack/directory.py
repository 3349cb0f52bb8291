"""Who is who in the workspace: the people of user groups, and accounts by their names and addresses."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.request import Request, urlopen

from slack_sdk import WebClient

from bot.domain.ids import UserId
from bot.domain.shifts.feed import BadFeed
from bot.slack.gateway import CannotRead, understood
from bot.usecases.fetch_calendar import LARGEST

PAGE, PAGES = 200, 10
# What Slack's refusals mean for whoever set a roster.
_REASONS = {
    "missing_scope": "the app lacks the scope usergroups:read",
    "plan_upgrade_required": "user groups need a paid plan of Slack's",
    "no_such_subteam": "there is no such user group any more",
    "subteam_not_found": "there is no such user group any more",
    "permission_denied": "this workspace does not let apps read user groups",
}


@dataclass(frozen=True, slots=True)
class UserGroup:
    """A user group with its people, in the order in which Slack has them."""

    id: str
    handle: str
    people: tuple[UserId, ...]


class Directory:
    """The part of Slack's Web API that is about accounts and groups of them.

    What cannot be read is raised as `BadFeed`, with words for people.
    """

    def __init__(self, client: WebClient) -> None:
        self._client = client

    def group(self, named: str) -> UserGroup | None:
        """The user group of a handle or an id; None where there is none."""
        try:
            with understood():
                answer = self._client.usergroups_list(include_users=True)
        except CannotRead as error:
            raise BadFeed(_reason(error)) from error
        wanted = named.casefold()
        for each in answer["usergroups"]:
            if wanted in {each["id"].casefold(), each["handle"].casefold()}:
                people = tuple(UserId(person) for person in each.get("users") or ())
                return UserGroup(id=each["id"], handle=each["handle"], people=people)
        return None

    def members(self, group_id: str) -> Sequence[UserId]:
        """The people of a user group."""
        try:
            with understood():
                answer = self._client.usergroups_users_list(usergroup=group_id)
        except CannotRead as error:
            raise BadFeed(_reason(error)) from error
        return [UserId(each) for each in answer["users"]]

    def by_email(self, email: str) -> UserId | None:
        """The account with that address; None where there is none, or where the app may not ask."""
        try:
            with understood():
                answer = self._client.users_lookupByEmail(email=email)
        except CannotRead as error:
            if error.outcome.error in {
                "users_not_found",
                "missing_scope",
                "user_not_found",
                "unknown_method",
            }:
                return None
            raise BadFeed(_reason(error)) from error
        return UserId(answer["user"]["id"])

    def everybody(self) -> Mapping[str, UserId]:
        """The accounts of people by each of their names and addresses, in small letters.

        A name that two people have names nobody.
        """
        found: dict[str, set[UserId]] = {}
        for account in self._accounts():
            for name in _names(account):
                found.setdefault(name, set()).add(UserId(account["id"]))
        return {name: next(iter(people)) for name, people in found.items() if len(people) == 1}

    def file(self, file_id: str) -> bytes:
        """What is in a file that somebody attached for us."""
        try:
            with understood():
                found = self._client.files_info(file=file_id)["file"]
                headers = {"authorization": f"Bearer {self._client.token}"}
                request = Request(found["url_private_download"], headers=headers)  # noqa: S310 - Slack named it.
                with urlopen(request, timeout=self._client.timeout) as answer:  # noqa: S310 - as above.
                    content: bytes = answer.read(LARGEST + 1)
        except CannotRead as error:
            raise BadFeed(f"Slack does not give it out ({error.outcome.error})") from error
        if len(content) > LARGEST:
            raise BadFeed("it is larger than 2 MB")
        return content

    def _accounts(self) -> Iterator[Mapping[str, Any]]:
        cursor = ""
        for _ in range(PAGES):
            try:
                with understood():
                    answer = self._client.users_list(limit=PAGE, cursor=cursor or None)
            except CannotRead as error:
                raise BadFeed(_reason(error)) from error
            yield from (
                each for each in answer["members"] if not each.get("is_bot") and not each.get("deleted")
            )
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return


def _names(account: Mapping[str, Any]) -> set[str]:
    profile = account.get("profile") or {}
    names = [profile.get(key) for key in ("display_name", "real_name", "email")]
    return {str(name).strip().casefold() for name in (*names, account.get("name")) if name}


def _reason(error: CannotRead) -> str:
    said = error.outcome.error
    return _REASONS.get(said, f"Slack does not tell who is in it ({said})")
