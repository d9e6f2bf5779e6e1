// Moves the entries of an ordering question with buttons and arrow keys; the lists of places stay the form's fields.

export default function start(list) {
  const entries = () => [...list.querySelectorAll("[data-entry]")];
  const field = (entry) => entry.querySelector("[data-place]");
  const status = document.createElement("p");
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  list.after(status);

  const number = () => {
    const all = entries();
    all.forEach((entry, index) => {
      field(entry).value = String(index + 1);
      entry.querySelector("[data-number]").textContent = String(index + 1);
      entry.querySelector('[data-move="up"]').setAttribute("aria-disabled", String(index === 0));
      entry.querySelector('[data-move="down"]').setAttribute("aria-disabled", String(index === all.length - 1));
    });
  };

  const move = (entry, way, button) => {
    const other = way === "up" ? entry.previousElementSibling : entry.nextElementSibling;
    if (!other) return;
    if (way === "up") other.before(entry);
    else other.after(entry);
    number();
    button.focus();
    const all = entries();
    const words = { text: entry.querySelector("[data-entry-text]").textContent.trim(), place: all.indexOf(entry) + 1, count: all.length };
    status.textContent = list.dataset.moved.replace(/\{(\w+)\}/g, (whole, name) => words[name] ?? whole);
  };

  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (button) move(button.closest("[data-entry]"), button.dataset.move, button);
  });
  list.addEventListener("keydown", (event) => {
    const way = { ArrowUp: "up", ArrowDown: "down" }[event.key];
    const button = event.target.closest("[data-move]");
    if (!way || !button) return;
    event.preventDefault();
    move(button.closest("[data-entry]"), way, button);
  });

  const place = (entry) => Number(field(entry).value) || Infinity;
  list.append(...entries().sort((a, b) => (place(a) === place(b) ? 0 : place(a) - place(b))));
  for (const entry of entries()) {
    entry.querySelector("[data-place-label]").hidden = true;
    entry.querySelector("[data-number]").hidden = false;
    entry.querySelector("[data-moves]").hidden = false;
  }
  number();
}
