// Without a line the form still opens, and the page of a gathering's door. Kept are only the empty form (no name, no token:
// views/outbox.py and views/coming.py `shell`) and the static files it names. VERSION and OUTBOX are written above this by the server (views/installed.py).
/* global VERSION, OUTBOX */
importScripts(OUTBOX);

const OURS = "kampanye-", CACHE = OURS + VERSION, CAP = 4_000, KEPT_FOR = 12 * 3_600_000;
const FORM = /^\/(kader\/[0-9a-f-]{36}\/daftar|hadir\/[0-9A-Z]{8})$/, ROOM = /^\/(kader\/([0-9a-f-]{36})?)?$/;
const placeOf = (shell, owner) => `${shell}?milik=${owner}`;
const isShell = (request) => new URL(request.url).searchParams.has("milik");
const filesOf = (html) => [...html.matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)].map((found) => found[1]);

// The form comes with everything it names, or not at all: half of a newer one would be none.
const keepShell = async (address) => {
  const answer = await fetch(address, { credentials: "same-origin", cache: "no-store", redirect: "error" });
  const owner = answer.headers.get("X-Shell-Owner");
  if (!answer.ok || !owner) throw new Error(`no form: ${answer.status}`);
  const cache = await caches.open(CACHE);
  for (const file of filesOf(await answer.clone().text())) {
    if (!(await cache.match(file))) await cache.add(file);
  }
  await cache.put(placeOf(address, owner), answer);
  await tidy(cache);
};

const tidy = async (cache) => {
  const named = new Set(), requests = await cache.keys();
  for (const request of requests.filter(isShell)) {
    for (const file of filesOf(await (await cache.match(request, { ignoreVary: true })).text())) named.add(new URL(file, location.origin).href);
  }
  await Promise.all(requests.filter((request) => !isShell(request) && !named.has(request.url)).map((request) => cache.delete(request)));
};

const others = async () => (await caches.keys()).filter((name) => name.startsWith(OURS) && name !== CACHE);

// A new version takes over what the old one kept, then fetches the forms anew; one it cannot fetch now stays as it was.
const inherit = async (cache) => {
  for (const name of await others()) {
    const old = await caches.open(name);
    for (const request of await old.keys()) {
      const kept = await old.match(request, { ignoreVary: true });
      if (kept && !(await cache.match(request, { ignoreVary: true }))) await cache.put(request, kept);
    }
  }
};
const takeOver = async () => {
  const cache = await caches.open(CACHE);
  await inherit(cache);
  const addresses = new Set((await cache.keys()).filter(isShell).map((request) => new URL(request.url).pathname));
  for (const address of addresses) await keepShell(address).catch(() => {});
};

self.addEventListener("install", (event) => event.waitUntil(takeOver().then(() => self.skipWaiting())));
// Once more when the old one has ended: it may have kept a form while this one was being installed.
const settle = async () => {
  await inherit(await caches.open(CACHE));
  for (const name of await others()) await caches.delete(name);
  await self.clients.claim();
};
self.addEventListener("activate", (event) => event.waitUntil(settle()));

self.addEventListener("message", (event) => event.data?.keep && event.waitUntil(keepIfOld(event.data)));
const keepIfOld = async ({ keep, owner, version }) => {
  const kept = await (await caches.open(CACHE)).match(placeOf(keep, owner), { ignoreVary: true });
  const age = Math.abs(Date.now() - Date.parse(kept?.headers.get("Date")));
  if (kept?.headers.get("X-Shell-Version") !== version || !(age < KEPT_FOR)) await keepShell(keep).catch(() => {});
};

const shellOf = async (path) => {
  const owner = await outbox.known("owner");
  return owner && caches.match(placeOf(`${path}/kosong`, owner), { ignoreVary: true }); // in whichever cache: a new version may be moving in
};

// Network first, but not for longer than four seconds; a proxy's 502 is no answer either.
const formOrShell = async (request, path) => {
  const kept = await shellOf(path).catch(() => null);
  if (!kept) return fetch(request);
  const stop = new AbortController(), timer = setTimeout(() => stop.abort(), CAP);
  try {
    const answer = await fetch(request, { signal: stop.signal });
    return answer.status < 500 ? answer : kept;
  } catch {
    return kept;
  } finally {
    clearTimeout(timer);
  }
};

// Her room cannot be shown without a line, but she can still register. Asked twice: a phone that changes from one mast to the
// next breaks a request off, and a browser that asks for itself would ask again too.
const roomOrForm = async (request) => {
  try {
    return await fetch(request).catch(() => fetch(request));
  } catch (error) {
    const path = ((await outbox.known("shell").catch(() => null)) || "").replace(/\/kosong$/, "");
    if (!path || !(await shellOf(path))) throw error;
    return Response.redirect(path, 302);
  }
};

self.addEventListener("fetch", (event) => {
  const { request } = event, url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate" && FORM.test(url.pathname)) event.respondWith(formOrShell(request, url.pathname));
  else if (request.mode === "navigate" && ROOM.test(url.pathname)) event.respondWith(roomOrForm(request));
  else if (url.pathname.startsWith("/static/") && url.searchParams.has("v")) event.respondWith(caches.match(request).then((kept) => kept || fetch(request)));
});

// The browser found a line while no page was open. It asks again by itself as long as this fails.
self.addEventListener("sync", (event) => {
  if (event.tag !== "outbox") return;
  event.waitUntil(outbox.flush().then((why) => {
    if (why === "later") throw new Error("not yet");
  }));
});
