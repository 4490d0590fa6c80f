// What a phone keeps in IndexedDB: rosters of own sessions, acts that the server has not acknowledged, and which
// phone this is. Nothing is opened before it is asked for. Where there is no IndexedDB it lasts as long as the page.
(() => {
  const NAME = "rasadnik", DAYS = 14, KEYS = { operations: "seq", sessions: "session", meta: "key" };
  const memory = { operations: [], sessions: [], meta: [] };
  let db, opening, last = 0;

  const open = () => opening ??= new Promise((yes, no) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => Object.entries(KEYS).forEach(([name, keyPath]) =>
      request.result.createObjectStore(name, { keyPath, autoIncrement: name === "operations" }));
    request.onerror = () => no(request.error);
    request.onsuccess = () => {
      db = request.result;
      db.onversionchange = () => { db.close(); db = opening = undefined; };
      db.onclose = () => { db = opening = undefined; };
      yes(db);
    };
  });

  // The acts go to the disk before this returns to the event loop, so that a tab that closes now has kept them.
  const write = (name, work) => {
    const now = (opened) => new Promise((yes, no) => {
      const transaction = opened.transaction(name, "readwrite", { durability: "strict" });
      const result = work(transaction.objectStore(name));
      transaction.oncomplete = () => yes(result?.result ?? result);
      transaction.onabort = () => no(transaction.error);
      if (!(result instanceof IDBRequest)) transaction.commit?.();
    });
    return db ? now(db) : open().then(now);
  };
  const read = async (name, ask) => {
    const request = ask((await open()).transaction(name).objectStore(name));
    return new Promise((yes, no) => { request.onsuccess = () => yes(request.result); request.onerror = () => no(request.error); });
  };

  const isFree = (lease, tab) => !lease || lease.tab === tab || lease.until < Date.now();
  const key = (name, row) => row[KEYS[name]];
  const store = {
    lasts: true, // false: nothing outlives this page
    start: async () => { try { await open(); } catch { store.lasts = false; } },
    all: (name) => store.lasts ? read(name, (rows) => rows.getAll()) : Promise.resolve([...memory[name]]),
    put: (name, rows) => {
      if (store.lasts) return write(name, (kept) => { rows.forEach((row) => kept.put(row)); });
      rows.forEach((row) => {
        if (name === "operations") row.seq ??= last += 1;
        memory[name] = [...memory[name].filter((one) => key(name, one) !== key(name, row)), row];
        memory[name].sort((one, two) => (key(name, one) > key(name, two) ? 1 : -1));
      });
      return Promise.resolve();
    },
    remove: (name, keys) => {
      if (store.lasts) return write(name, (kept) => { keys.forEach((one) => kept.delete(one)); });
      memory[name] = memory[name].filter((row) => !keys.includes(key(name, row)));
      return Promise.resolve();
    },
    meta: async (name) => (await store.all("meta")).find((row) => row.key === name)?.value,
    // Whoever is signed in now: what was kept for another is taken away, and what is older than two weeks.
    own: async (user) => {
      const old = Date.now() - DAYS * 24 * 3600 * 1000;
      const gone = (await store.all("sessions")).filter((one) => one.user !== user || one.kept < old);
      await store.remove("sessions", gone.map((one) => one.session));
      await store.put("meta", [{ key: "user", value: user }]);
    },
    // No more than this is kept of a roster: neither where she lives or works, nor why she was away.
    keep: (roster) => store.put("sessions", [{
      ...roster, kept: Date.now(), rows: roster.rows.map(({ note, reason, ...row }) => row),
    }]),
    // Where there are no locks: a lease that one tab holds. Returns whether it is ours now.
    claim: async (tab, until) => {
      const held = await write("meta", (kept) => {
        const ask = kept.get("lease");
        ask.onsuccess = () => { if (isFree(ask.result, tab)) kept.put({ key: "lease", tab, until }); };
        return ask;
      });
      return isFree(held, tab);
    },
    wipe: () => new Promise((yes) => {
      db?.close();
      db = opening = undefined;
      const request = indexedDB.deleteDatabase(NAME);
      request.onsuccess = request.onerror = request.onblocked = yes;
    }),
  };
  rasadnik.store = store;
  rasadnik.register = {}; // the register's own files fill it
})();
