// Messages of the last deed become toasts; those that carry bad news stay until they are closed.
const STAY = 7000;
const SVG = "http://www.w3.org/2000/svg";
const SIGNS = { good: "circle-check", bad: "circle-alert", error: "circle-alert", warn: "triangle-alert", points: "sparkles" };
const sprite = new URL("icons.svg", import.meta.url).pathname;

function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon icon-m");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}

function leave(toast) {
  toast.dataset.leaving = "";
  setTimeout(() => toast.remove(), 260);
}

function bring(toast, words) {
  const close = document.createElement("button");
  close.type = "button";
  close.className = "toast-close";
  close.setAttribute("aria-label", words);
  close.append(icon("x"));
  close.addEventListener("click", () => leave(toast));
  toast.append(close);
  if (toast.matches(".toast-bad, .toast-error, .toast-warn")) return;
  let timer = setTimeout(() => leave(toast), STAY);
  for (const name of ["pointerenter", "focusin"]) toast.addEventListener(name, () => clearTimeout(timer));
  for (const name of ["pointerleave", "focusout"]) {
    toast.addEventListener(name, () => {
      clearTimeout(timer);
      timer = setTimeout(() => leave(toast), STAY);
    });
  }
}

export function toast(message, kind = "info") {
  const area = document.querySelector("[data-toasts]");
  if (!area) return;
  const box = document.createElement("div");
  box.className = `toast toast-${kind}`;
  const text = document.createElement("p");
  text.textContent = message;
  box.append(icon(SIGNS[kind] ?? "info"), text);
  area.append(box);
  bring(box, area.dataset.close);
}

for (const area of document.querySelectorAll("[data-toasts]")) {
  for (const box of area.querySelectorAll(".toast")) bring(box, area.dataset.close);
}
