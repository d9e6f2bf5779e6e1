// Choosing lines for a remark by their numbers: a click names one line, a click with Shift the lines up to it.

export default function start(element) {
  const from = element.querySelector("[name=line_from]");
  const to = element.querySelector("[name=line_to]");
  if (!from || !to) return;

  const show = () => {
    const first = Number(from.value), last = Number(to.value) || first;
    for (const number of element.querySelectorAll("[data-line]")) {
      const line = Number(number.dataset.line);
      number.parentElement.classList.toggle("source-chosen", first > 0 && line >= first && line <= last);
    }
  };

  element.addEventListener("click", (event) => {
    const number = event.target.closest("[data-line]");
    if (!number || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const line = Number(number.dataset.line);
    const first = Number(from.value);
    if (event.shiftKey && first) [from.value, to.value] = [Math.min(first, line), Math.max(first, line)];
    else from.value = to.value = line;
    show();
    element.querySelector("[name=text]").focus({ preventScroll: matchMedia("(min-width: 64rem)").matches });
  });
  from.addEventListener("input", show);
  to.addEventListener("input", show);
  show();
}
