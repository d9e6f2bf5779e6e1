// Says how many answers wait on this device, and how many came in since somebody last looked.
import "./kept.js";

const kept = globalThis.peerlearnKept;

export default function start(element) {
  if (!("indexedDB" in window)) return;
  const person = Number(document.querySelector("[data-person]").dataset.person);
  const show = () => count(element, person).catch(() => {});
  if ("BroadcastChannel" in window) new BroadcastChannel("peerlearn-kept").onmessage = show;
  element.querySelector("[data-send]").addEventListener("click", async () => trouble(element, await kept.send()));
  const connected = () => (element.querySelector("[data-send]").hidden = !navigator.onLine);
  for (const name of ["online", "offline"]) addEventListener(name, connected);
  connected();
  show();
}

async function count(element, person) {
  const numbers = { waiting: (await kept.mine("answers", person)).length, news: (await kept.mine("news", person)).length };
  for (const [name, number] of Object.entries(numbers)) {
    const line = element.querySelector(`[data-${name}]`);
    line.querySelector("[data-count]").textContent = number;
    line.hidden = !number;
  }
  if (!numbers.waiting) trouble(element, "done");
  element.hidden = !(numbers.waiting || numbers.news);
}

function trouble(element, result) {
  for (const line of element.querySelectorAll("[data-trouble]")) line.hidden = line.dataset.trouble !== result;
}
