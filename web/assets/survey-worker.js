// Keeps the page for roadside samples, so that it opens without network.

const kept = "landport-survey-1";
const page = "/survey/enter";
const files = [page, "/assets/style.css", "/assets/survey.css", "/assets/survey.js", "/assets/survey-kept.js", "/assets/survey-hours.js", "/assets/board.js", "/assets/htmx.min.js", "/assets/icon.svg"];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(kept).then((cache) => cache.addAll(files)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin || !files.includes(url.pathname)) return;
  event.respondWith((async () => {
    const cache = await caches.open(kept);
    try {
      const fresh = await fetch(event.request);
      if (fresh.ok) await cache.put(url.pathname, fresh.clone());
      return fresh;
    } catch (error) {
      const old = await cache.match(url.pathname);
      if (old) return old;
      throw error;
    }
  })());
});
