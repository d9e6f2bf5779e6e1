"""Somebody who uses no mouse, and notices when the keyboard's place cannot be seen."""

from __future__ import annotations

from typing import Any

from tests.journeys.visitor import Visitor

FAR = 60  # presses of the Tab key after which one gives up

WHERE = """() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const marked = (each) => {
    const style = getComputedStyle(each);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  };
  const ring = element.matches("input, textarea, select") && getComputedStyle(element).boxShadow !== "none";
  const box = element.getBoundingClientRect();
  const round = [element];
  for (let each = element.parentElement; each && round.length < 5; each = each.parentElement) round.push(each);
  const named = (element.getAttribute("aria-labelledby") ?? "").split(" ").map((id) => document.getElementById(id));
  const names = named.filter(Boolean).map((each) => each.innerText).join(" ");
  const labels = [...(element.labels ?? [])].map((label) => label.innerText);
  const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  return {
    name: (names || (element.ariaLabel ?? labels[0] ?? element.innerText ?? "")).trim().replace(/\\s+/g, " "),
    tag: element.tagName,
    type: element.type ?? "",
    marked: element.tabIndex < 0 || ring || round.some(marked),
    inside: box.bottom > 0 && box.top < innerHeight,
    covered: !top || !(top.contains(element) || round.slice(0, 3).some((each) => each.contains(top))),
  };
}"""


class Keyboard:
    """A keyboard and eyes. There is no way to click."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.page = visitor.page

    def here(self) -> dict[str, Any]:
        """What has the focus; it must be marked, on the screen and not covered."""
        found: dict[str, Any] | None = self.page.evaluate(WHERE)
        if found is None:
            return {"name": "", "tag": "BODY", "type": ""}
        assert found["marked"], f"nothing shows that the focus is on {found}"
        assert found["inside"], f"the focus is outside the screen: {found}"
        assert not found["covered"], f"something covers what has the focus: {found}"
        return found

    def tab_to(self, name: str, tag: str = "") -> None:
        """Press Tab until what is called so has the focus."""
        passed = []
        for _press in range(FAR):
            self.page.keyboard.press("Tab")
            here = self.here()
            if here["name"].startswith(name) and tag in ("", here["tag"]):
                return
            passed.append(here["name"])
        raise AssertionError(f"“{name}” cannot be reached with the Tab key; on the way were {passed}")

    def press(self, key: str) -> None:
        """Press a key that stays on the page."""
        self.page.keyboard.press(key)

    def decides(self, key: str) -> None:
        """Make up one's mind about one thing, and press the key for it."""
        self.press(key)

    def press_to_leave(self, key: str) -> None:
        """Press a key that leads to another page, and look at that."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)
        self.visitor.settled()

    def write(self, text: str) -> None:
        """Type, key by key."""
        self.page.keyboard.type(text)
