// Operations: each with an id made here, kept on the phone before the screen changes, then sent.
(() => {
  const { register, store } = rasadnik;
  const undo = [];
  let acting = Promise.resolve();

  // A UUIDv7: the time, then chance. crypto.randomUUID wants TLS, this does not.
  const newId = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    let now = Date.now();
    for (let place = 5; place >= 0; place -= 1) { bytes[place] = now % 256; now = Math.floor(now / 256); }
    bytes[6] = 0x70 | (bytes[6] & 15);
    bytes[8] = 0x80 | (bytes[8] & 63);
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
  };
  register.act = (kind, body, more = {}) => ({
    operation: newId(), user: register.user, session: register.session, kind, at: Date.now(),
    body: { at: new Date().toISOString(), ...body }, ...more,
  });

  // The write begins in this very moment, not after a wait: a tab that closes now has kept it.
  register.keep = (operations) => {
    const kept = store.put("operations", operations);
    acting = Promise.all([acting, kept]).catch((error) => register.say(String(error))).then(register.reread);
    acting.then(register.send);
    return acting;
  };
  register.unsent = async () => {
    await acting;
    return (await store.all("operations")).filter(({ user }) => user === register.user).length;
  };

  const mark = (row, said) => {
    const who = row.walk_in ? { walk_in: row.walk_in } : { enrolment: row.enrolment };
    return register.act("mark", { ...who, ...said, seen: row.pending?.operation ?? row.mark }, { row: row.key });
  };
  register.remember = (rows) => undo.push(
    rows.map(({ key, status, arrival, leaving, reason }) => ({ key, status, arrival, leaving, reason })));
  register.put = (rows, said) => {
    register.remember(rows);
    return register.keep(rows.map((row) => mark(row, said)));
  };
  // Taking back is an act too: the state before, or "not marked". What was sent stays on record.
  register.canUndo = () => undo.length > 0;
  register.undo = () => {
    const operations = (undo.pop() ?? []).map(({ key, status, ...said }) => {
      const row = register.row(key);
      return row && mark(row, { ...said, status: status || "cleared" });
    });
    return register.keep(operations.filter(Boolean));
  };

  register.again = async ({ seq, refused, ...same }) => {
    const row = same.kind === "mark" && register.row(same.row);
    const body = row ? { ...same.body, seen: row.mark } : same.body;
    await store.remove("operations", [seq]);
    return register.keep([{ ...same, body, operation: newId() }]);
  };
  register.discard = async ({ seq }) => {
    await store.remove("operations", [seq]);
    return register.reread();
  };
})();
