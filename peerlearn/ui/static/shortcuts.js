// "?" shows the shortcuts; an element with data-shortcut="x" is pressed by the key x while nothing is being typed.
import { openDialog } from "./dialog.js";

export function isTyping(target) {
  return target.matches?.("input:not([type=radio], [type=checkbox], [type=button], [type=submit]), textarea, select, [contenteditable]") ?? false;
}

// Arrow keys choose among radio buttons, and scroll what can be scrolled sideways.
const isOwnArrow = (event) => event.key.startsWith("Arrow") && event.target.matches?.("[type=radio], [tabindex='0']");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return;
  if (isOwnArrow(event)) return;
  if (event.key === "?") openDialog("shortcuts");
  if (document.querySelector("dialog[open]")) return;
  const target = [...document.querySelectorAll("[data-shortcut]")].find(
    (element) => element.dataset.shortcut === event.key && !element.disabled,
  );
  if (!target) return;
  event.preventDefault();
  if (target.matches("input, textarea, select")) target.focus();
  else target.click();
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-open-shortcuts]")) openDialog("shortcuts");
});
