// The parts of the lesson in one row: one stop of the Tab key, arrow keys inside, and the part at hand is marked.
// From the text, Alt with PageUp or PageDown leads to the part before or after.
import { goToLine } from "./text.js";

export function outline({ root, area }) {
  const box = root.querySelector("[data-outline]");
  const buttons = () => [...box.querySelectorAll("button")];
  const parts = () => [...box.querySelectorAll("[data-sort]")];

  box.addEventListener("focusin", (event) => {
    for (const button of buttons()) button.tabIndex = button === event.target ? 0 : -1;
  });
  box.addEventListener("keydown", (event) => {
    const all = buttons();
    const place = all.indexOf(document.activeElement);
    const step = { ArrowRight: place + 1, ArrowLeft: place - 1, Home: 0, End: -1 }[event.key];
    if (step === undefined || place < 0) return;
    event.preventDefault();
    all[(step + all.length) % all.length].focus();
  });

  const lineAt = (place) => area.value.slice(0, place).split("\n").length;
  const holds = (part, line) => Number(part.dataset.line) <= line && line <= Number(part.dataset.last);

  function mark() {
    if (document.activeElement !== area) return;
    const line = lineAt(area.selectionStart);
    for (const part of parts()) {
      if (!holds(part, line)) part.removeAttribute("aria-current");
      else if (!part.hasAttribute("aria-current")) {
        part.setAttribute("aria-current", "true");
        const row = part.closest(".edit-outline");
        row.scrollLeft = part.offsetLeft - row.clientWidth / 3;
      }
    }
  }

  document.addEventListener("selectionchange", mark);
  new MutationObserver(mark).observe(box, { childList: true });
  area.addEventListener("keydown", (event) => {
    const step = { PageDown: 1, PageUp: -1 }[event.key];
    if (!step || !event.altKey) return;
    event.preventDefault();
    const line = lineAt(area.selectionStart);
    const starts = parts().map((part) => Number(part.dataset.line));
    const next = step > 0 ? starts.find((start) => start > line) : starts.findLast((start) => start < line);
    if (next) goToLine(area, next);
  });
}
