"""A person before a report: what the browser said, which requests it made, what is lit."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PATIENCE = 200
"""Twentieths of a second to wait for what a browser does a moment later."""
LIT = """(name) => [...(CSS.highlights.get(name) ?? [])].map((range) => {
  const cell = range.startContainer.parentElement;
  return [cell.dataset.side, range.toString()];
})"""
CENTER = """([line, side, from, to]) => {
  const node = document.querySelector(`#line-${line} [data-side="${side}"]`).firstChild;
  const range = document.createRange();
  range.setStart(node, from);
  range.setEnd(node, to);
  const box = range.getClientRects()[0];
  return [box.x + box.width / 2, box.y + box.height / 2];
}"""


class Reader:
    """A page of the browser with a report open."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.requests: list[str] = []
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: self.complaints.append(dialog.message))
        page.on("request", lambda request: self.requests.append(request.url))

    def open(self, report: Path, place: str = "") -> None:
        """Open the report, at an article if one is named, and wait until it can be used."""
        self.page.goto(f"{report.as_uri()}{'#' + place if place else ''}")
        self.page.wait_for_selector("body.usable", state="attached")
        if place:
            self.page.wait_for_selector("[data-line]")

    def lit(self, name: str) -> list[list[str]]:
        """What is lit under the name of a highlight: [side, text] of each range."""
        found: list[list[str]] = self.page.evaluate(LIT, name)
        return found

    def point_at(self, line: int, side: str, start: int, end: int) -> None:
        """Move the mouse to a stretch of a line's text, in UTF-16 units."""
        self.page.locator(f"#line-{line}").scroll_into_view_if_needed()
        x, y = self.page.evaluate(CENTER, [line, side, start, end])
        self.page.mouse.move(x, y)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def until(self, expression: str) -> None:
        """Wait until a JavaScript expression is true; the page's policy forbids the driver's own way, which is eval."""
        for _ in range(PATIENCE):
            if self.page.evaluate(expression):
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"never became true: {expression}")

    def text(self, selector: str) -> str:
        return str(self.page.inner_text(selector))

    def unfold(self, name: str) -> str:
        """Open a part that is shown on demand, and return what it says."""
        self.page.click(f"#about details[data-name={name}] summary")
        self.page.wait_for_selector(f"#about details[data-name={name}] li")
        return self.text(f"#about details[data-name={name}]")

    def saved(self, button: str) -> str:
        """Press a button that gives a file, and return what is in it."""
        with self.page.expect_download() as download:
            self.page.click(button)
        return Path(download.value.path()).read_text("utf-8")

    def records(self) -> list[dict[str, Any]]:
        """The records of corrections.jsonl, exported as a person does."""
        self.press("c")
        lines = self.saved("#export-lines").splitlines()
        self.press("Escape")
        return [json.loads(line) for line in lines]


@contextmanager
def reading(browser: Any, **settings: Any) -> Iterator[Reader]:
    """A reader with nothing kept from others."""
    context = browser.new_context(**({"viewport": {"width": 1440, "height": 900}} | settings))
    try:
        yield Reader(context.new_page())
    finally:
        context.close()
