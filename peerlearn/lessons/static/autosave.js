// Keeps what is typed: on this device every two seconds, on the server every ten, always with the text it was typed over.
// The server puts it together with what others saved meanwhile. The answer never changes the text by itself.
import { openDialog } from "../ui/dialog.js";
import { markSaved } from "../ui/forms.js";
import { drawers } from "./kept.js";
import { replaceBy } from "./text.js";

const LOCAL = 2000;
const REMOTE = 10000;
const UNSEEN = 0; // the version of a text of which only a part was seen

export function keepSafe({ root, area, form, send }) {
  const version = form.querySelector("[name=base_version]");
  const base = form.querySelector("[name=base]");
  const state = root.querySelector("[data-state]");
  const conflict = root.querySelector("[data-conflict]");
  const cameIn = root.querySelector("[data-came-in]");
  const drawer = drawers(root);
  let saved = base.value === area.value ? area.value : null;
  let local = area.value;
  let unheard = []; // texts that were sent, and no answer came
  let stale = null;
  let whole = null; // what the server holds, if that is more than what stands here
  let running = Promise.resolve();

  const say = (name, more = "") => {
    const moment = name === "saved" ? new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }) : more;
    const words = `${state.dataset[name.replace(/-(.)/g, (_, letter) => letter.toUpperCase())]} ${moment}`.trim();
    if (state.textContent !== words) state.textContent = words;
    root.dataset.saveState = name;
  };

  function keepHere() {
    if (area.value === local) return;
    local = area.value;
    drawer.put({ text: local, base: base.value, version: version.value, unheard });
  }

  function keepThere({ always = false } = {}) {
    running = running.then(() => (stale || (area.value === saved && !always) ? undefined : keepNow()));
    return running;
  }

  async function keepNow() {
    const text = area.value;
    say("saving");
    unheard.push(text);
    try {
      const answer = await post(text, base.value, version.value);
      unheard = answer.status < 500 ? [] : unheard;
      if (answer.ok) accept(text, answer.said);
      else if (answer.status === 409 && answer.said.theirs !== undefined) disagree(answer.said);
      else if (answer.status === 401) say("signed-out");
      else say("refused", answer.said.message);
    } catch {
      say("offline");
    }
  }

  // What the server holds may be what was sent and never answered: then that is what was typed over.
  async function post(text, over, overVersion, sent = unheard) {
    const data = new FormData();
    for (const [name, value] of Object.entries({ source: text, base: over, base_version: overVersion })) data.set(name, value);
    const answer = await send(root.dataset.save, data);
    const said = await answer.json().catch(() => ({}));
    const heard = answer.status === 409 && said.theirs !== over && sent.includes(said.theirs);
    return heard ? post(text, said.theirs, said.version, []) : { ok: answer.ok, status: answer.status, said };
  }

  function accept(text, said) {
    saved = base.value = text;
    whole = said.text === undefined || said.text === text ? null : { text: said.text, version: said.version };
    version.value = whole ? UNSEEN : said.version;
    if (whole) tell(said.told);
    else cameIn.hidden = true;
    if (area.value !== text) return say("typing");
    drawer.empty();
    local = text;
    markSaved();
    say("saved");
  }

  function tell(words) {
    const told = cameIn.querySelector("[data-came-in-told]");
    if (told.textContent !== words) told.textContent = words;
    cameIn.hidden = false;
  }

  function disagree(said) {
    stale = said;
    conflict.querySelector("[data-who]").textContent = said.who || conflict.dataset.other;
    conflict.hidden = false;
    say("stale");
  }

  // Puts what came in into the text, once everything that stands here is in it too.
  async function takeIn() {
    await keepThere({ always: true });
    if (whole && area.value === saved) show(whole);
  }

  function show({ text, version: seen }) {
    replaceBy(area, text);
    saved = base.value = local = area.value;
    version.value = seen;
    whole = null;
    cameIn.hidden = true;
  }

  const keepBoth = () => {
    if (stale) conflict.scrollIntoView({ block: "center" });
    keepHere();
    keepThere();
  };
  cameIn.querySelector("[data-take-in]").addEventListener("click", takeIn);
  area.addEventListener("input", () => {
    if (!stale && root.dataset.saveState !== "offline") say("typing");
  });
  setInterval(keepHere, LOCAL);
  setInterval(keepThere, REMOTE);
  addEventListener("online", () => keepThere());
  addEventListener("offline", () => say("offline"));
  addEventListener("pagehide", keepHere);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "hidden") return;
    keepHere();
    keepThere();
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "s") {
      event.preventDefault();
      keepBoth();
    }
  });
  root.querySelector("[data-save-now]").addEventListener("click", (event) => {
    event.preventDefault();
    keepBoth();
  });
  form.addEventListener("submit", () => {
    local = null;
    keepHere();
    form.querySelector("[name=draft]").value = drawer.name();
  });
  drawer.ready.then(bringBack);

  // What an earlier visit could not send is sent now; it comes into the text only while nobody has typed here.
  async function bringBack() {
    const page = area.value;
    for (const found of await drawer.leftOvers()) {
      if (found.text === page || typeof found.base !== "string") found.drop();
      else if (!found.free) offer(found);
      else await (running = running.then(() => sendLeftOver(found)));
    }
  }

  async function sendLeftOver(found) {
    const before = area.value;
    const sent = found.unheard ?? [];
    const over = sent.includes(base.value) ? base.value : found.base;
    const answer = await post(found.text, over, over === base.value ? version.value : found.version, sent).catch(() => null);
    if (!answer?.ok) return offer(found);
    found.drop();
    const told = root.querySelector("[data-brought-back]");
    told.hidden = false;
    if (area.value === before && saved === before) return show({ text: answer.said.text ?? found.text, version: answer.said.version });
    version.value = UNSEEN;
    tell(told.textContent.trim());
  }

  function offer(found) {
    const notice = root.querySelector("[data-left-over]");
    const on = (name, deed) => (notice.querySelector(`[data-left-over-${name}]`).onclick = deed);
    const done = () => {
      found.drop();
      notice.hidden = true;
      area.focus();
    };
    notice.querySelector("[data-left-over-when]").textContent = new Date(found.at).toLocaleString();
    notice.hidden = false;
    on("drop", done);
    on("take", () => {
      replaceBy(area, found.text);
      base.value = found.base;
      version.value = UNSEEN;
      saved = null;
      done();
      keepBoth();
    });
    on("see", () => {
      root.querySelector("#both-mine").value = found.text;
      root.querySelector("#both-theirs").value = area.value;
      openDialog("both-dialog");
    });
  }
}
