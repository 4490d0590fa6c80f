// What waits is sent in its order, by one tab at a time, and only what the server acknowledged is forgotten.
(() => {
  const { register, store } = rasadnik;
  const BATCH = 200, LEASE = 40000, IN_BATCHES = ["mark", "walk_in", "note", "rest_present"];
  const channel = window.BroadcastChannel && new BroadcastChannel("rasadnik");
  const tab = String(Math.random());
  let waiting = false;

  const pass = async () => {
    let size = BATCH;
    const later = new Set(); // what the server stumbles over stays, and with it whatever is about the same person
    const about = ({ row, operation }) => row ?? operation;
    for (;;) {
      const queue = (await store.all("operations")).filter(
        (one) => one.user === register.user && !one.refused && !later.has(about(one)));
      if (!queue.length) return;
      const [first] = queue, isBatch = IN_BATCHES.includes(first.kind);
      const end = queue.findIndex((one) => one.session !== first.session || !IN_BATCHES.includes(one.kind));
      const run = isBatch ? queue.slice(0, end < 0 ? size : Math.min(end, size)) : [first];
      const isDone = await register.deliver(run, isBatch);
      if (!isDone && run.length === 1) later.add(about(first));
      size = isDone ? size : Math.max(1, Math.floor(run.length / 4));
      await register.reread();
      channel?.postMessage("changed");
    }
  };

  const locked = async (work) => {
    if (navigator.locks) return navigator.locks.request("rasadnik-sender", work);
    if (store.lasts && !await store.claim(tab, Date.now() + LEASE)) { waiting = false; return undefined; }
    return work().finally(() => store.lasts && store.claim(tab, 0));
  };
  register.send = async () => {
    if (waiting) return;
    waiting = true;
    await locked(async () => {
      waiting = false; // what is done from now on may not be in this pass: it asks for the next
      await pass().catch(() => {}); // no network, or not now: it stays
    });
    await register.reread();
  };
  channel?.addEventListener("message", () => register.started?.then(register.resume));
})();
