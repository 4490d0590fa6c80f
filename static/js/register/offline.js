// Pages on the way to a register get it ready for a hall without a network: <div data-ahead="state" data-shell="…">.
// The page that signs out says what is not sent yet, then leaves nothing behind: <form data-sign-out="asked">.
(() => {
  const store = rasadnik.store;

  rasadnik.ready = async (shell) => {
    if (!window.isSecureContext || !navigator.serviceWorker) return false;
    await navigator.serviceWorker.register("/sw.js");
    const language = await caches.open("rasadnik-language");
    await language.put("/offline/language", new Response(shell));
    await navigator.serviceWorker.ready;
    return true;
  };
  rasadnik.state = async (url) => (await fetch(url, { cache: "no-store", signal: AbortSignal.timeout(15000) })).json();

  // The rosters of her own sessions of today and the next two days.
  rasadnik.ahead = async (state) => {
    for (const { url } of state.sessions) {
      const answer = await fetch(url, { cache: "no-store", redirect: "manual" });
      if (answer.ok) await store.keep(await answer.json());
    }
  };

  const prepare = async (place) => {
    await store.start();
    if (!store.lasts || !await rasadnik.ready(place.dataset.shell)) return;
    const state = await rasadnik.state(place.dataset.ahead);
    if (!state.user) return;
    await store.own(state.user);
    await rasadnik.ahead(state);
    rasadnik.register.sendFrom?.(place, state.user);
  };
  const ahead = document.querySelector("[data-ahead]");
  if (ahead) addEventListener("load", () => prepare(ahead).catch(() => {})); // no network, no preparation

  const unsent = async () => {
    await store.start();
    return store.lasts ? (await store.all("operations")).length : 0;
  };
  const forget = async () => {
    await store.wipe();
    if (!window.caches) return;
    await Promise.all((await caches.keys()).map((name) => caches.delete(name)));
    const workers = await navigator.serviceWorker.getRegistrations();
    await Promise.all(workers.map((worker) => worker.unregister()));
  };
  document.addEventListener("submit", (event) => {
    const form = event.target.closest('form[data-sign-out="asked"]');
    if (!form || !window.indexedDB) return;
    event.preventDefault();
    const late = new Promise((yes) => { setTimeout(yes, 3000); });
    Promise.race([forget().catch(() => {}), late]).then(() => form.submit());
  });

  // How many are not sent yet, on pages that are no register.
  rasadnik.warn = (count) => document.querySelectorAll("[data-unsent-here]").forEach((place) => {
    place.hidden = !count;
    const form = new Intl.PluralRules(document.documentElement.lang).select(count);
    place.querySelector("b").textContent = (place.dataset[form] ?? place.dataset.other).replace(/\d+/, count);
  });
  if (document.querySelector("[data-unsent-here]")) unsent().then(rasadnik.warn).catch(() => {});
})();
