// The lesson as readers will see it, minutes and advice, a moment after each pause in typing.
const PAUSE = 500;

export function liveSight({ root, area, send }) {
  let timer = 0;
  let asked = 0;
  let shown = null;
  const before = new Map();

  async function ask() {
    if (area.value === shown) return;
    const text = area.value;
    const number = ++asked;
    const data = new FormData();
    data.set("source", text);
    let answer;
    try {
      answer = await send(root.dataset.preview, data);
    } catch {
      return;
    }
    if (!answer.ok || number !== asked) return;
    show(await answer.json());
    shown = text;
  }

  function show(seen) {
    const open = new Set([...root.querySelectorAll(".sight-answer[open]")].map((each) => each.parentElement.getAttribute("aria-label")));
    for (const name of ["sight", "outline", "problems"]) put(root.querySelector(`[data-${name}]`), seen[name]);
    say(root.querySelector("[data-problems-title]")?.textContent ?? "");
    for (const each of root.querySelectorAll(".sight-answer")) each.open = open.has(each.parentElement.getAttribute("aria-label"));
    root.querySelector("[data-minutes]").textContent = seen.minutes;
    root.querySelector("[data-words]").textContent = seen.words;
  }

  // What did not change stays, and who is in the middle of it with the keyboard keeps the place.
  function put(box, html) {
    if (before.get(box) === html) return;
    before.set(box, html);
    const places = () => [...box.querySelectorAll("a[href], button")];
    const at = places().indexOf(document.activeElement);
    box.innerHTML = html;
    if (at >= 0) (places()[at] ?? places().at(-1) ?? area).focus({ preventScroll: true });
  }

  // Told aloud only when it is something new.
  function say(words) {
    const said = root.querySelector("[data-problems-said]");
    if (said.textContent !== words) said.textContent = words;
  }

  area.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  ask();
}
