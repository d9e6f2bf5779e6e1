// What a device keeps for somebody who has no network: answers on their way, news of those that came in, lessons, pages.
// The pages and the service worker share it, so it is a plain script that puts one name into the world. A wrong answer of
// the server loses nothing: an answer leaves the device only when the server has said what became of it.
globalThis.peerlearnKept ??= (() => {
  const PAGES = "peerlearn-person-";
  const OFFLINE = "/practice/offline";
  const DAY = `${OFFLINE}/day`; // where the day's questions are asked for; what is kept there says whether, and since when
  const NEVER = "never";
  const LESSONS = 20;
  const STORES = { answers: "question", news: "question", lessons: "url" };
  const changed = "BroadcastChannel" in globalThis ? new BroadcastChannel("peerlearn-kept") : null;
  let opened = null;

  const settled = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });

  function database() {
    opened ??= new Promise((resolve, reject) => {
      const request = indexedDB.open("peerlearn", 1);
      request.onupgradeneeded = () => {
        for (const [name, keyPath] of Object.entries(STORES)) request.result.createObjectStore(name, { keyPath });
      };
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    return opened;
  }

  const store = async (name, mode = "readonly") => (await database()).transaction(name, mode).objectStore(name);
  const all = async (name) => settled((await store(name)).getAll());
  const mine = async (name, person) => (await all(name)).filter((row) => row.person === person);
  const get = async (name, key) => settled((await store(name)).get(key));
  const put = async (name, value) => settled((await store(name, "readwrite")).put(value));
  const drop = async (name, key) => settled((await store(name, "readwrite")).delete(key));
  const tell = () => changed?.postMessage("changed");

  // Whoever uses this browser now finds nothing of anybody else. Where nobody has signed in, pages go; answers wait for
  // the person who gave them.
  async function belongsTo(person) {
    for (const name of await caches.keys()) {
      if (name.startsWith(PAGES) && name !== PAGES + person) await caches.delete(name);
    }
    for (const [name, key] of Object.entries(STORES)) {
      const others = (await all(name)).filter((row) => row.person !== person && (person || name === "lessons"));
      for (const row of others) await drop(name, row[key]);
    }
  }

  async function forget() {
    for (const name of Object.keys(STORES)) await settled((await store(name, "readwrite")).clear());
    for (const name of await caches.keys()) if (name.startsWith(PAGES)) await caches.delete(name);
    tell();
  }

  // A page and its pictures; the addresses that are kept now, or null when the page could not be had.
  async function keepPage(person, url) {
    const answer = await fetch(url, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return null;
    const pages = await caches.open(PAGES + person);
    const found = (await answer.clone().text()).matchAll(/<img\b[^>]*?\ssrc="(\/media\/[^"]+)"/g);
    const pictures = [...found].map(([, address]) => address); // a worker has no parser of pages
    await pages.put(url, answer);
    for (const picture of pictures) {
      if (!(await pages.match(picture, { ignoreVary: true }))) await pages.add(picture);
    }
    return [url, ...pictures];
  }

  async function keepLesson(person, { url, title, edition }) {
    const known = await get("lessons", url);
    const files = known?.edition === edition ? known.files : await keepPage(person, url);
    if (!files) return;
    await put("lessons", { url, title, edition, files, person, at: Date.now() });
    const lessons = (await all("lessons")).sort((a, b) => b.at - a.at);
    const needed = new Set(lessons.slice(0, LESSONS).flatMap((lesson) => lesson.files));
    const pages = await caches.open(PAGES + person);
    for (const lesson of lessons.slice(LESSONS)) {
      await drop("lessons", lesson.url);
      for (const file of lesson.files) if (!needed.has(file)) await pages.delete(file, { ignoreVary: true });
    }
  }

  // Whether this device takes the day's questions along by itself: null until somebody said so, or installed the app.
  async function habit(person) {
    const said = await (await caches.open(PAGES + person)).match(DAY);
    return said ? (await said.text()) !== NEVER : null;
  }

  const note = async (person, words) => (await caches.open(PAGES + person)).put(DAY, new Response(words));
  const keepByItself = (person, wanted) => note(person, wanted ? "" : NEVER);

  // The day's questions, once a day, where that is the habit. They are drawn by a POST, as by the button.
  async function keepDay(person) {
    const said = await (await caches.open(PAGES + person)).match(DAY);
    const [known, today] = [said && (await said.text()), new Date().toDateString()];
    if (!said || known === NEVER || known === today) return;
    const headers = { Accept: "application/json" };
    const pass = await fetch(`${OFFLINE}/pass`, { headers });
    if (!pass.ok) return;
    const { person: who, token } = await pass.json();
    if (who !== person) return;
    const answer = await fetch(DAY, { method: "POST", headers: { ...headers, "X-CSRFToken": token } });
    if (!answer.ok) return;
    if ((await answer.json()).kept) await keepPage(person, OFFLINE);
    if (await habit(person)) await note(person, today); // who unticks it meanwhile is heard
  }

  // For a worker, which has no page that says who has signed in: the one person whose pages are here.
  async function keepDayHere() {
    const names = (await caches.keys()).filter((name) => name.startsWith(PAGES));
    if (names.length === 1) await keepDay(Number(names[0].slice(PAGES.length)));
  }

  async function keepAnswer(answer) {
    await put("answers", { ...answer, key: crypto.randomUUID(), at: Date.now() });
    await drop("news", answer.question);
    tell();
  }

  // Sends what waits, one after the other; "done", "later" or "signed-out". Only one page or worker does so at a time.
  async function send() {
    const result = await (navigator.locks ? navigator.locks.request("peerlearn-answers", sendAll) : sendAll());
    tell();
    return result;
  }

  async function sendAll() {
    const waiting = await all("answers");
    if (!waiting.length) return "done";
    try {
      const pass = await fetch(`${OFFLINE}/pass`, { headers: { Accept: "application/json" } });
      if (pass.status === 401) return "signed-out";
      if (!pass.ok) return "later";
      const { person, token } = await pass.json();
      for (const answer of waiting.filter((each) => each.person === person)) {
        if (!(await sendOne(answer, token))) return "later";
      }
      return "done";
    } catch {
      return "later";
    }
  }

  async function sendOne(answer, token) {
    const body = new URLSearchParams(answer.fields);
    body.set("key", answer.key);
    body.set("ago", String(Math.max(0, Math.round((Date.now() - answer.at) / 1000))));
    const headers = { Accept: "application/json", "X-CSRFToken": token };
    const response = await fetch(answer.url, { method: "POST", body, headers });
    if (![200, 404, 422].includes(response.status)) return false;
    const { fate = response.status === 422 ? "unread" : "gone", right = false, message } = await response.json();
    await put("news", { ...answer, fate, right, message });
    await drop("answers", answer.question);
    return true;
  }

  const days = { habit, keepByItself, keepDay, keepDayHere };
  return { OFFLINE, mine, drop, belongsTo, forget, keepPage, keepLesson, keepAnswer, send, ...days };
})();
