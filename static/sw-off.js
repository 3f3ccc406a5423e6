// The switch: SERVICE_WORKER=off. It gives up what it kept of pages, and leaves; the outbox itself (IndexedDB) stays untouched.
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil((async () => {
  const names = (await caches.keys()).filter((name) => name.startsWith("kampanye-"));
  await Promise.all(names.map((name) => caches.delete(name)));
  await self.registration.unregister();
})()));
