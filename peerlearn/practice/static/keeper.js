// On every page: what this browser keeps belongs to whoever has signed in, and what waits is sent.
import "./kept.js";

const kept = globalThis.peerlearnKept;
const FIRST_PAUSE = 5_000;
const LONGEST_PAUSE = 300_000;
const HALF_A_DAY = 12 * 3_600_000;
const PRACTICE = "[data-module~='practice/waiting'], [data-module~='practice/seen']";
let pause = FIRST_PAUSE;

export default function start(element) {
  if (!("serviceWorker" in navigator && "caches" in window && "indexedDB" in window)) return;
  look(Number(element.dataset.person)).catch(() => {}); // a browser that may keep nothing is as good as any other
}

async function look(person) {
  await kept.belongsTo(person);
  if (!person) return;
  const isApp = matchMedia("(display-mode: standalone)").matches;
  if ((isApp || location.pathname === kept.OFFLINE) && (await kept.habit(person)) === null) {
    await kept.keepByItself(person, true);
  }
  const go = () => deliver(person).catch(() => {}); // the network may go at any moment
  addEventListener("online", go);
  go();
  const worker = await navigator.serviceWorker.register("/service-worker.js");
  if (isApp) worker.periodicSync?.register("day", { minInterval: HALF_A_DAY }).catch(() => {}); // where browsers allow it
  const lesson = document.querySelector("[data-take-along]");
  if (lesson) {
    const { takeAlong: url, title, edition } = lesson.dataset;
    await kept.keepLesson(person, { url, title, edition });
  }
}

// Sends what waits, then keeps the day's questions as they stand now. What was in vain is tried again, ever more rarely.
async function deliver(person) {
  if (!navigator.onLine) return;
  if ((await kept.send()) === "later") {
    setTimeout(() => deliver(person).catch(() => {}), pause);
    pause = Math.min(LONGEST_PAUSE, pause * 2);
    return;
  }
  pause = FIRST_PAUSE;
  await kept.keepDay(person);
  if (document.querySelector(PRACTICE)) await kept.keepPage(person, kept.OFFLINE);
}
