// Suggestions while one types: a list at the cursor. Arrow keys choose, Enter or Tab takes, Escape closes it.
// The focus stays in the text; screen readers follow the chosen line.

export function suggestions({ root, area }, sources) {
  const list = root.querySelector("[data-suggestions]");
  const said = root.querySelector("[data-suggestions-said]");
  let found = null; // {start, items, take}
  let chosen = 0;
  let asked = 0;
  let refused = null; // where somebody closed the list, so that it does not open again at the same place

  async function look() {
    const number = ++asked;
    const before = area.value.slice(0, area.selectionStart);
    const source = area.selectionStart === area.selectionEnd && sources.map((each) => each(before)).find(Boolean);
    if (!source || source.start === refused) {
      if (!source) refused = null;
      return close();
    }
    const items = await source.items();
    if (number !== asked) return;
    if (items.length) open({ ...source, items });
    else close();
  }

  function open(now) {
    found = now;
    list.replaceChildren(...now.items.map(drawn));
    list.hidden = false;
    area.setAttribute("aria-controls", list.id);
    place();
    choose(0);
    said.textContent = list.dataset.said.replace("{count}", now.items.length);
  }

  function drawn(item, number) {
    const line = document.createElement("li");
    line.id = `suggestion-${number}`;
    line.role = "option";
    line.className = "suggestion";
    if (item.sign) line.append(item.sign.cloneNode(true));
    line.append(Object.assign(document.createElement("span"), { textContent: item.title }));
    if (item.note) line.append(Object.assign(document.createElement("span"), { textContent: item.note, className: "soft small" }));
    return line;
  }

  function choose(number) {
    chosen = (number + found.items.length) % found.items.length;
    [...list.children].forEach((line, at) => line.setAttribute("aria-selected", String(at === chosen)));
    list.children[chosen].scrollIntoView({ block: "nearest" });
    area.setAttribute("aria-activedescendant", `suggestion-${chosen}`);
  }

  function take(number) {
    const { items, take: deed, start } = found;
    close();
    deed(items[number], start, area.selectionEnd);
  }

  function close() {
    found = null;
    if (list.hidden) return;
    list.hidden = true;
    said.textContent = "";
    area.removeAttribute("aria-activedescendant");
    area.removeAttribute("aria-controls");
  }

  // Below the line in which the cursor stands, or above it where there is no room.
  function place() {
    const style = getComputedStyle(area);
    const mirror = document.createElement("div");
    for (const name of ["font", "lineHeight", "padding", "border", "whiteSpace", "overflowWrap", "tabSize", "boxSizing"]) {
      mirror.style[name] = style[name];
    }
    Object.assign(mirror.style, { position: "absolute", visibility: "hidden", whiteSpace: "pre-wrap", width: `${area.clientWidth}px` });
    const cursor = document.createElement("span");
    mirror.append(area.value.slice(0, found.start), cursor);
    list.parentElement.append(mirror);
    const height = parseFloat(style.lineHeight) || 24;
    const line = area.offsetTop + Math.min(cursor.offsetTop - area.scrollTop, area.clientHeight - height);
    const below = line + height + 4;
    const room = innerHeight - list.offsetParent.getBoundingClientRect().top - below;
    const top = room > list.offsetHeight ? below : line - list.offsetHeight - 2;
    const left = area.offsetLeft + Math.min(cursor.offsetLeft, Math.max(0, area.clientWidth - list.offsetWidth - 8));
    mirror.remove();
    list.style.insetBlockStart = `${top}px`;
    list.style.insetInlineStart = `${left}px`;
  }

  area.addEventListener("input", look);
  area.addEventListener("blur", close);
  area.addEventListener("click", close);
  area.addEventListener("keydown", (event) => {
    if (!found || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const deeds = {
      ArrowDown: () => choose(chosen + 1),
      ArrowUp: () => choose(chosen - 1),
      Enter: () => take(chosen),
      Tab: () => take(chosen),
      Escape: () => {
        refused = found.start;
        close();
      },
    };
    const deed = event.shiftKey ? undefined : deeds[event.key];
    if (!deed) {
      if (event.key.startsWith("Arrow") || event.key === "Home" || event.key === "End") close();
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    deed();
  });
  list.addEventListener("pointerdown", (event) => {
    event.preventDefault(); // the focus stays in the text
    const line = event.target.closest("[role=option]");
    if (line) take([...list.children].indexOf(line));
  });
}
