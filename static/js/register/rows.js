// What stands in each row: what the server said last, with what is not sent yet laid over it.
(() => {
  const { register, store } = rasadnik;
  const renamed = {}; // who was added at the door, by that operation, once the server gave her a number
  let merged = new Map();
  register.queue = [];

  const late = (arrival) => {
    const [from, at] = [register.data.start, arrival].map((time) => time.split(":").map(Number));
    return register.count(register.words.late, at[0] * 60 + at[1] - from[0] * 60 - from[1]);
  };
  const inWords = ({ status, arrival, leaving }) => {
    const { labels } = register.words, { start } = register.data;
    const parts = arrival && start ? [late(arrival)] : status === "late" ? [labels.late] : [];
    if (status === "left_early") parts.push(labels.left_early.replace("@", leaving));
    return parts.join(", ") || (status === "present" ? "" : labels[status] ?? "");
  };

  const laid = (row, operation) => {
    const said = operation.kind === "walk_in" ? { status: "present" } : operation.body;
    const state = { status: said.status === "cleared" ? "" : said.status, arrival: said.arrival ?? "", leaving: said.leaving ?? "" };
    return {
      ...row, ...state, reason: said.reason ?? "", words: inWords(state), came: "", pending: operation,
      consequence: row.after?.[said.status] ?? "",
    };
  };
  const atTheDoor = ({ operation, body }) => ({
    key: operation, walk_in: operation, enrolment: null, name: body.name, code: "", note: body.phone, mark: "", after: {},
  });

  const merge = () => {
    merged = new Map(register.data.rows.map((row) => [String(row.enrolment), { ...row, key: String(row.enrolment) }]));
    for (const operation of register.queue) {
      if (operation.session !== register.session || operation.refused || !["mark", "walk_in"].includes(operation.kind)) continue;
      const key = renamed[operation.row] ?? operation.row;
      if (operation.kind === "walk_in" && !merged.has(key)) merged.set(key, atTheDoor(operation));
      if (merged.has(key)) merged.set(key, laid(merged.get(key), operation));
    }
  };
  register.rows = () => [...merged.values()];
  register.row = (key) => merged.get(renamed[key] ?? key);
  register.rename = (operation, enrolment) => { renamed[operation] = String(enrolment); };

  // The server's rows over ours. What the phone does not keep (a place, a reason) stays as long as the page.
  register.taken = (data, roster) => {
    const old = new Map(data.rows.map((row) => [row.enrolment, row]));
    const news = new Map(roster.rows.map((row) => [row.enrolment, row]));
    const one = (row) => {
      const { note, reason, mark } = old.get(row.enrolment) ?? {};
      return { note, reason: mark === row.mark ? reason : "", ...row };
    };
    const rows = roster.whole ? roster.rows.map(one) : [
      ...data.rows.map((row) => one(news.get(row.enrolment) ?? row)),
      ...roster.rows.filter((row) => !old.has(row.enrolment)),
    ];
    return { ...data, ...roster, whole: true, rows };
  };

  register.reread = async () => {
    const all = await store.all("operations");
    register.queue = all.filter(({ user }) => user === register.user);
    register.others = all.length - register.queue.length;
    if (register.data) {
      merge();
      register.draw();
    }
    register.tell();
  };

  // Another tab of this phone did something.
  register.resume = async () => {
    const kept = (await store.all("sessions")).find(({ session }) => session === register.session);
    if (kept && register.data) register.data = register.taken(register.data, kept);
    await register.reread();
  };
})();
