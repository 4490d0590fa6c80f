// Without a network: the empty register, its style and its script. Pages of signed-in people are never kept.
const KEPT = "rasadnik-{{ version }}";
const URLS = {{ kept|safe }};
const REGISTER = /^\/sessions\/\d+\/register\/$/;
const PATIENCE = 7000; // a network that takes longer is none, for somebody who stands at a door

self.addEventListener("install", (event) => event.waitUntil((async () => {
  const cache = await caches.open(KEPT);
  await cache.addAll(URLS.map((url) => new Request(url, { cache: "no-cache", credentials: "omit" })));
  await self.skipWaiting();
})()));

self.addEventListener("activate", (event) => event.waitUntil((async () => {
  const old = (await caches.keys()).filter((name) => name !== KEPT && name !== "rasadnik-language");
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
})()));

const late = () => new Promise((_, no) => { setTimeout(no, PATIENCE, new Error("late")); });

async function shell() {
  const chosen = await caches.match("/offline/language");
  const url = chosen ? await chosen.text() : URLS[URLS.length - 1];
  return (await caches.match(url)) ?? caches.match(URLS[URLS.length - 1]);
}

async function page(request) {
  const isRegister = REGISTER.test(new URL(request.url).pathname);
  try {
    const answer = await (isRegister ? Promise.race([fetch(request), late()]) : fetch(request));
    if (!isRegister || answer.status < 502 || answer.status > 504) return answer;
  } catch { /* no network: the shell below */ }
  return (await shell()) ?? Response.error();
}

async function part(request) {
  try {
    return await Promise.race([fetch(request), late()]);
  } catch {
    return (await caches.match(new URL(request.url).pathname)) ?? Response.error();
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (URLS.includes(url.pathname)) event.respondWith(part(request));
});
