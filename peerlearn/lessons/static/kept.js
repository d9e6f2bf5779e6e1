// What is typed, kept on this device: the text, what it was typed over, and when. Each tab has a drawer of its own, and
// holds its lock as long as it lives, so that another tab empties only drawers that nobody writes into any more.
const PATIENCE = 1500;

export function drawers(root) {
  const person = `peerlearn-draft-${root.dataset.person}-`;
  const begin = `${person}${root.dataset.lesson}-`;
  let tab = tabId();
  let mine = null;

  const ready = hold(begin + tab).then((free) => {
    if (!free) tab = newId(); // a copy of a tab that is still open
    if (!free) hold(begin + tab);
    mine = begin + tab;
    forgetWhatIsSafe(person);
  });

  return {
    ready,
    name: () => `${root.dataset.lesson}-${tab}`,
    put(entry) {
      if (!mine) return;
      try {
        localStorage.setItem(mine, JSON.stringify({ ...entry, at: Date.now() }));
      } catch {
        // A full or forbidden storage leaves the server's copy, ten seconds older at most.
      }
    },
    empty: () => forget(mine),
    // What stands in drawers that nobody writes into, oldest first. `free` is false where that cannot be known.
    async leftOvers() {
      const found = [];
      for (const key of keys(begin)) {
        const entry = read(key);
        const free = key === mine || (navigator.locks ? await hold(key) : null);
        if (entry && free !== false) found.push({ ...entry, free: Boolean(free), drop: () => forget(key) });
      }
      return found.sort((one, other) => one.at - other.at);
    },
  };
}

// The server names in the address whose text it has taken in with a form.
function forgetWhatIsSafe(person) {
  const address = new URL(location);
  const name = address.searchParams.get("kept");
  if (!name) return;
  address.searchParams.delete("kept");
  history.replaceState(history.state, "", address);
  forget(person + name);
}

// On a page without an editor: <div data-module="lessons/kept" data-person="1">
export default function start(root) {
  forgetWhatIsSafe(`peerlearn-draft-${root.dataset.person}-`);
}

function keys(begin) {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(begin));
  } catch {
    return [];
  }
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function forget(key) {
  try {
    if (key) localStorage.removeItem(key);
  } catch {
    // Nothing is kept where nothing may be kept.
  }
}

// Whether this tab got the lock; it keeps it until it is closed.
function hold(name) {
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((say) => {
    const forEver = () => {
      say(true);
      return new Promise(() => {});
    };
    navigator.locks.request(name, { signal: AbortSignal.timeout(PATIENCE) }, forEver).catch(() => say(false));
  });
}

function tabId() {
  try {
    const known = sessionStorage.getItem("peerlearn-tab") ?? newId();
    sessionStorage.setItem("peerlearn-tab", known);
    return known;
  } catch {
    return newId();
  }
}

function newId() {
  const id = Date.now().toString(36) + Math.random().toString(36).slice(2, 8);
  try {
    sessionStorage.setItem("peerlearn-tab", id);
  } catch {
    // The next page of this tab is another one, then.
  }
  return id;
}
