// Begins the register: with what the server has just drawn, or with what this phone has kept.
(() => {
  const { register, store } = rasadnik;
  const place = document.getElementById("register");
  // Today and the page of a session have no rows, but what waits is sent from there too.
  register.sendFrom = async ({ dataset }, user) => {
    const nothing = () => {};
    Object.assign(register, {
      user, stateUrl: dataset.ahead, operationsUrl: dataset.operations, signIn: dataset.signIn, say: nothing, noted: nothing,
      words: { no_answer: dataset.noAnswer, done: {} }, tell: () => rasadnik.warn(register.queue.length),
      device: await store.meta("device"),
    });
    await register.send();
    addEventListener("online", register.send);
    setInterval(register.send, 60000);
  };
  if (!place) return;
  const told = (id) => JSON.parse(document.getElementById(id)?.textContent ?? "null");
  const PATH = /^\/sessions\/(\d+)\/register\/$/, DAYS = 14;

  register.words = told("register-words");
  register.data = told("register-data");
  register.session = register.data?.session ?? Number(PATH.exec(location.pathname)?.[1] ?? 0);
  register.user = register.data?.user;
  register.stateUrl = place.dataset.state;
  register.operationsUrl = place.dataset.operations;
  const door = place.querySelector("[data-next]");
  register.signIn = door.pathname;
  door.search = new URLSearchParams({ next: location.pathname });

  const device = async () => {
    const known = await store.meta("device");
    if (known) return known;
    const kinds = { iPhone: /iPhone/, iPad: /iPad/, Android: /Android/, Windows: /Windows/, Mac: /Macintosh/, Linux: /Linux/ };
    const kind = Object.keys(kinds).find((name) => kinds[name].test(navigator.userAgent)) ?? "?";
    const made = `${kind} ${Array.from(crypto.getRandomValues(new Uint8Array(3)), (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
    await store.put("meta", [{ key: "device", value: made }]);
    return made;
  };

  const fill = () => { // the shell becomes this session's page
    const { heading, when, venue } = register.data;
    const own = (root) => root.querySelectorAll("[href*='/sessions/0/'], [action*='/sessions/0/']").forEach((one) => {
      const name = one.hasAttribute("href") ? "href" : "action";
      one.setAttribute(name, one.getAttribute(name).replace("/sessions/0/", `/sessions/${register.session}/`));
    });
    own(document);
    own(document.getElementById("roster-row").content);
    document.querySelector('[data-is="heading"]').textContent = heading;
    document.querySelector('[data-is="when"]').textContent = [when, venue].filter(Boolean).join(" · ");
    document.title = `${heading} · ${document.title}`;
  };
  const fromPhone = async () => {
    register.user = await store.meta("user");
    const old = Date.now() - DAYS * 24 * 3600 * 1000;
    const kept = (await store.all("sessions")).filter(({ user, kept: at }) => user === register.user && at >= old);
    register.data = kept.find(({ session }) => session === register.session) ?? null;
    if (register.data) fill(); else register.list(kept);
  };

  const refresh = async () => {
    if (!register.session) return;
    const url = place.dataset.roster.replace(/\d+/, register.session);
    const answer = await fetch(url, { cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(15000) });
    if (!answer.ok) return;
    const roster = await answer.json();
    if (roster.user !== register.user || !register.data) { location.reload(); return; }
    register.data = register.taken(register.data, roster);
    await store.keep(register.data);
    await register.reread();
  };
  const awake = () => {
    if (document.visibilityState !== "hidden") refresh().catch(() => {}).then(register.send);
  };

  register.started = (async () => {
    await store.start();
    register.device = await device();
    if (register.data) {
      await store.own(register.user);
      await store.keep(register.data);
    } else await fromPhone();
    await register.reread();
    place.classList.add("is-started");
  })();
  register.started.then(async () => {
    register.send();
    ["online", "focus"].forEach((name) => addEventListener(name, awake));
    document.addEventListener("visibilitychange", awake);
    setInterval(() => { register.tell(); register.send(); }, 60000);
    if ("shell" in place.dataset) awake();
    navigator.storage?.persist?.().catch(() => {});
    register.isReady = store.lasts && await rasadnik.ready(place.dataset.shellUrl).catch(() => Boolean(navigator.serviceWorker?.controller));
    register.tell();
  });
  addEventListener("beforeunload", (event) => { if (!store.lasts && register.queue.length) event.preventDefault(); });
  rasadnik.unsent = () => register.started.then(register.unsent);
})();
