// Keeps what is typed: on this device every two seconds, on the server every ten, always naming the version it was typed
// over. The answer never changes the text. A conflict is shown, and the person chooses.
import { openDialog } from "../ui/dialog.js";
import { markSaved } from "../ui/forms.js";
import { type } from "./text.js";

const LOCAL = 2000;
const REMOTE = 10000;

export function keepSafe({ root, area, form, send }) {
  const version = form.querySelector("[name=base_version]");
  const state = root.querySelector("[data-state]");
  const conflict = root.querySelector("[data-conflict]");
  const mineKey = `peerlearn-draft-${root.dataset.lesson}-${tabId()}`;
  const typedElsewhere = root.parentElement.querySelector(":scope > [role=alert]") !== null;
  let saved = typedElsewhere ? null : area.value;
  let local = area.value;
  let busy = false;
  let stale = null;

  const say = (name) => {
    const moment = name === "saved" ? ` ${new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })}` : "";
    const words = state.dataset[name.replace(/-(.)/g, (_, letter) => letter.toUpperCase())] + moment;
    if (state.textContent !== words) state.textContent = words;
    root.dataset.saveState = name;
  };

  function keepHere() {
    if (area.value === local) return;
    local = area.value;
    try {
      localStorage.setItem(mineKey, JSON.stringify({ text: local, base: version.value, at: Date.now() }));
    } catch {
      // A full or forbidden storage leaves the server's copy, ten seconds older at most.
    }
  }

  async function keepThere() {
    if (busy || stale || area.value === saved) return;
    busy = true;
    const text = area.value;
    const data = new FormData();
    data.set("source", text);
    data.set("base_version", version.value);
    say("saving");
    try {
      const answer = await send(root.dataset.save, data);
      if (answer.ok) accept(text, (await answer.json()).version);
      else if (answer.status === 409) disagree(await answer.json());
      else if (answer.status === 401) say("signed-out");
      else {
        say("refused");
        const message = (await answer.json().catch(() => ({}))).message;
        if (message) state.textContent = `${state.dataset.refused} ${message}`;
      }
    } catch {
      say("offline");
    } finally {
      busy = false;
    }
  }

  function accept(text, newVersion) {
    saved = text;
    version.value = newVersion;
    if (area.value !== text) return say("typing");
    localStorage.removeItem(mineKey);
    markSaved();
    say("saved");
  }

  function disagree(answer) {
    if (answer.theirs === undefined) {
      say("refused");
      state.textContent = `${state.dataset.refused} ${answer.message}`;
      return;
    }
    stale = answer;
    conflict.hidden = false;
    say("stale");
  }

  function settle() {
    version.value = stale.version;
    saved = stale.theirs;
    stale = null;
    conflict.hidden = true;
    area.focus();
  }

  root.querySelector("[data-keep-mine]").addEventListener("click", () => {
    settle();
    keepThere();
  });
  root.querySelector("[data-take-theirs]").addEventListener("click", () => {
    const theirs = stale.theirs;
    settle();
    type(area, theirs, 0, area.value.length);
    say("saved");
    markSaved();
  });
  root.querySelector("[data-see-both]").addEventListener("click", () => {
    root.querySelector("#both-mine").value = area.value;
    root.querySelector("#both-theirs").value = stale.theirs;
    openDialog("both-dialog");
  });

  area.addEventListener("input", () => {
    if (!stale && root.dataset.saveState !== "offline") say("typing");
  });
  setInterval(keepHere, LOCAL);
  setInterval(keepThere, REMOTE);
  addEventListener("online", keepThere);
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
      keepHere();
      keepThere();
    }
  });
  root.querySelector("[data-save-now]").addEventListener("click", (event) => {
    event.preventDefault();
    keepHere();
    keepThere();
  });
  form.addEventListener("submit", () => {
    local = null;
    keepHere();
  });
  leftOver({ root, area, mineKey });
}

function tabId() {
  try {
    const known = sessionStorage.getItem("peerlearn-tab") ?? crypto.randomUUID();
    sessionStorage.setItem("peerlearn-tab", known);
    return known;
  } catch {
    return "tab";
  }
}

// Text that an earlier visit could not save: offered, never put into the editor by itself.
function leftOver({ root, area }) {
  const begin = `peerlearn-draft-${root.dataset.lesson}-`;
  let found = null;
  try {
    for (const key of Object.keys(localStorage).filter((name) => name.startsWith(begin))) {
      const kept = JSON.parse(localStorage.getItem(key));
      if (kept.text === area.value) localStorage.removeItem(key);
      else if (!found || kept.at > found.at) found = { key, ...kept };
    }
  } catch {
    return;
  }
  if (!found) return;
  const notice = root.querySelector("[data-left-over]");
  const done = () => {
    localStorage.removeItem(found.key);
    notice.hidden = true;
    area.focus();
  };
  notice.querySelector("[data-left-over-when]").textContent = new Date(found.at).toLocaleString();
  notice.hidden = false;
  notice.querySelector("[data-left-over-drop]").addEventListener("click", done);
  notice.querySelector("[data-left-over-take]").addEventListener("click", () => {
    type(area, found.text, 0, area.value.length);
    done();
  });
  notice.querySelector("[data-left-over-see]").addEventListener("click", () => {
    root.querySelector("#both-mine").value = found.text;
    root.querySelector("#both-theirs").value = area.value;
    openDialog("both-dialog");
  });
}
