// Answers where there is no network: files of this release, and pages that were kept for the person. With a network
// nothing is different. A line above says what the release is, which files it needs, and where people sign out.
importScripts(RELEASE.kept);

const FILES = `peerlearn-files-${RELEASE.version}`;
const kept = self.peerlearnKept;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(FILES).then((cache) => cache.addAll(RELEASE.files)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(dropOldFiles().then(() => self.clients.claim()));
});

async function dropOldFiles() {
  for (const name of await caches.keys()) {
    if (name.startsWith("peerlearn-files-") && name !== FILES) await caches.delete(name);
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.method === "POST" && RELEASE.leaving.includes(url.pathname)) event.respondWith(leave(request));
  if (request.method !== "GET") return;
  if (url.pathname.startsWith("/assets/")) event.respondWith(file(request, url));
  else if (url.pathname.startsWith("/media/")) event.respondWith(fetch(request).catch(() => had(url.pathname)));
  else if (request.mode === "navigate") event.respondWith(fetch(request).catch(() => page(url)));
});

const had = async (address) => (await caches.match(address, { ignoreVary: true })) ?? Response.error();

// Whoever signs out leaves nothing behind on this device; what waits is sent before, if that does not take long.
async function leave(request) {
  const enough = new Promise((resolve) => setTimeout(resolve, 5_000));
  await Promise.race([kept.send(), enough]).catch(() => {});
  const response = await fetch(request);
  if (response.ok || response.type === "opaqueredirect") await kept.forget().catch(() => {});
  return response;
}

// A page that was kept by an earlier release asks for files by its version; those of this release do as well.
async function file(request, url) {
  const files = await caches.open(FILES);
  const found = await files.match(request, { ignoreVary: true });
  if (found) return found;
  const name = url.pathname.replace(/^\/assets\/(app\.)?[0-9a-f]+/, `/assets/$1${RELEASE.version}`);
  return fetch(request).catch(async () => (await files.match(name, { ignoreVary: true })) ?? Response.error());
}

async function page(url) {
  const lesson = url.pathname.match(/^\/lessons\/[^/]+/)?.[0];
  const wanted = [url.pathname, lesson && `${lesson}/whole`, kept.OFFLINE];
  for (const address of wanted.filter(Boolean)) {
    const found = await caches.match(address, { ignoreVary: true });
    if (found) return found;
  }
  return Response.error();
}

// The browser calls when there is a network again, also while no page is open; it calls again if that was in vain.
self.addEventListener("sync", (event) => {
  event.waitUntil(kept.send().then((result) => (result === "later" ? Promise.reject(new Error(result)) : result)));
});

// In an installed app the browser calls now and then, also while no page is open: the day's questions are fetched early.
self.addEventListener("periodicsync", (event) => {
  if (event.tag === "day") event.waitUntil(kept.keepDayHere());
});
