"""One person in front of the page, driven by a real browser."""

from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page, ViewportSize, expect

LAPTOP: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}
PATIENCE_MS = 8000


@dataclass
class Visit:
    """One person's look at the page, and what the browser grumbled meanwhile."""

    page: Page
    url: str
    grumbles: list[str] = field(default_factory=list)
    requested: list[str] = field(default_factory=list)

    def open(self, address: str = "#training-runs") -> None:
        self.page.goto(f"{self.url}/{address}")
        expect(self.page.locator("#app:not([data-loading])")).to_be_attached()
        expect(self.page.locator(".lamp-on").first).to_be_attached()

    def type(self, text: str, *, into: str = "#composer-main") -> None:
        self.page.locator(into).click()
        self.page.keyboard.type(text)

    def say(self, text: str, *, into: str = "#composer-main") -> None:
        self.page.locator(into).fill(text)
        self.page.locator(into).press("Enter")

    def message(self, text: str, *, within: str = "#timeline") -> Locator:
        return self.page.locator(f"{within} .msg").filter(has_text=text)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def menu(self, text: str, item: str) -> None:
        self.message(text).hover()
        self.message(text).get_by_role("button", name="More actions").click()
        self.page.get_by_role("menuitem", name=item).click()


Visitor = Callable[..., Visit]
