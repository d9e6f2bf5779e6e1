// <details data-menu>: one open at a time, closed by Escape, a click outside or leaving it; arrow keys walk its items.
const ITEMS = "a[href], button:not([disabled]), input:not([disabled])";

function close(menu, refocus) {
  if (!menu.open) return;
  menu.open = false;
  if (refocus) menu.querySelector("summary").focus();
}

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("[data-menu][open]")) {
    if (!menu.contains(event.target)) close(menu, false);
  }
});
document.addEventListener("focusin", (event) => {
  for (const menu of document.querySelectorAll("[data-menu][open]")) {
    if (!menu.contains(event.target)) close(menu, false);
  }
});
document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("[data-menu]");
  if (!menu) return;
  if (event.key === "Escape") close(menu, true);
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  if (event.target.matches("input")) return;
  event.preventDefault();
  menu.open = true;
  const items = [...menu.querySelectorAll(`.menu-list :is(${ITEMS})`)];
  const step = event.key === "ArrowDown" ? 1 : -1;
  const at = items.indexOf(document.activeElement);
  items[at === -1 && step === -1 ? items.length - 1 : (at + step + items.length) % items.length]?.focus();
});
