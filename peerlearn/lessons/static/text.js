// Small things about the text in a textarea. Typing goes through the browser, so that undo keeps working.

export function type(area, text, start = area.selectionStart, end = area.selectionEnd) {
  area.focus();
  area.setSelectionRange(start, end);
  if (!document.execCommand("insertText", false, text)) {
    area.setRangeText(text, start, end, "end");
    area.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }
}

// Where the lines from `first` to `last` (counted from 1) begin and end in the text.
export function rangeOfLines(text, first, last) {
  const lines = text.split("\n");
  const length = (count) => lines.slice(0, count).reduce((sum, line) => sum + line.length + 1, 0);
  const start = length(Math.min(first - 1, lines.length));
  const end = Math.max(start, Math.min(text.length, length(Math.min(last, lines.length)) - 1));
  return [start, end];
}

export function goToLine(area, line) {
  const [start, end] = rangeOfLines(area.value, line, line);
  area.focus();
  area.setSelectionRange(start, end);
  const height = parseFloat(getComputedStyle(area).lineHeight) || 20;
  area.scrollTop = Math.max(0, (line - 4) * height);
}

// A block stands alone: empty lines before and after it.
export function typeBlock(area, block, select) {
  const at = area.selectionEnd;
  const before = area.value.slice(0, at);
  const after = area.value.slice(at);
  const lead = before === "" || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  const tail = after === "" ? "\n" : after.startsWith("\n\n") ? "" : after.startsWith("\n") ? "\n" : "\n\n";
  type(area, lead + block + tail, at, at);
  if (!select) return;
  const found = area.value.indexOf(select, at);
  if (found >= 0) area.setSelectionRange(found, found + select.length);
}

// Another text in place of this one: only what differs is typed, and the cursor stays where it was in the text.
export function replaceBy(area, text) {
  const old = area.value;
  if (old === text) return;
  let head = 0;
  while (head < old.length && head < text.length && old[head] === text[head]) head += 1;
  let tail = 0;
  const most = Math.min(old.length, text.length) - head;
  while (tail < most && old[old.length - 1 - tail] === text[text.length - 1 - tail]) tail += 1;
  const moved = (place) => (place <= head ? place : Math.max(head, place + text.length - old.length));
  const [start, end] = [moved(area.selectionStart), moved(area.selectionEnd)];
  type(area, text.slice(head, text.length - tail), head, old.length - tail);
  area.setSelectionRange(start, end);
}
