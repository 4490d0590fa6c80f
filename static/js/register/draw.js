// Rows, counts and the bar, drawn with the very markup of the server: <template id="roster-row">.
(() => {
  const { register } = rasadnik;
  const plural = new Intl.PluralRules(document.documentElement.lang);
  const ORDER = [["present"], ["late", "left_early", "half_day"], ["excused"], ["absent"]];
  const TONES = { absent: "missing", excused: "" };
  const drawn = new WeakMap();

  register.count = (forms, n) => (forms[plural.select(n)] ?? forms.other).replace("#", n);

  const named = (text) => {
    const span = document.createElement("span");
    span.lang = /[\u0400-\u04ff]/.test(text) ? "sr-Cyrl" : "sr-Latn";
    span.textContent = text;
    return span;
  };
  const note = (row) => {
    if (row.words) {
      const words = document.createElement("b");
      words.className = TONES[row.status] ?? "late";
      words.textContent = row.words;
      const rest = [row.reason && named(row.reason), row.consequence].filter(Boolean);
      return [words, ...rest.flatMap((part) => [" · ", part])];
    }
    if (row.came) return [register.words.by_code.replace("@", row.came)];
    return [row.consequence || (row.note ? named(row.note) : "")];
  };

  const paint = (element, row) => {
    const at = (name) => element.querySelector(`[data-is="${name}"]`);
    const { signs, classes, tap, not_sent } = register.words;
    const button = element.querySelector("[data-tap]");
    button.className = `mark ${classes[row.status] ?? row.status}`.trim();
    button.value = row.status === "present" ? "cleared" : "present";
    button.setAttribute("aria-pressed", String(row.status === "present"));
    at("sign").textContent = { late: row.arrival, left_early: row.leaving }[row.status] ?? signs[row.status] ?? "?";
    const aside = [row.words, row.pending && not_sent].filter(Boolean).join(", ");
    at("said").textContent = tap.replace("@", row.name) + (aside ? ` (${aside})` : "");
    at("note").replaceChildren(...note(row));
    element.classList.toggle("is-unsent", Boolean(row.pending));
    element.querySelector("[value=cleared]:not([data-tap])").hidden = !row.status;
    at("code").textContent = row.code;
  };

  const made = (row) => {
    const element = document.getElementById("roster-row").content.firstElementChild.cloneNode(true);
    const at = (name) => element.querySelector(`[data-is="${name}"]`);
    element.dataset.enrolment = row.key;
    element.dataset.find = [row.code, row.name, row.note].filter(Boolean).join(" ");
    element.id = `row-${row.key}`;
    element.querySelector("[data-tap]").id = `mark-${row.key}`;
    element.querySelector("summary").id = `more-${row.key}`;
    at("name").replaceChildren(named(row.name));
    if (row.enrolment) at("name").href = at("name").getAttribute("href").replace("/0/", `/${row.enrolment}/`);
    else at("name").removeAttribute("href");
    at("more").textContent = register.words.more.replace("@", row.name);
    element.querySelector("[name=enrolment]").value = row.enrolment ?? "";
    element.querySelector(".presets")?.toggleAttribute("hidden", !register.data.start);
    return element;
  };

  const counts = (rows) => {
    const found = {};
    rows.forEach(({ status }) => { found[status || "to_mark"] = (found[status || "to_mark"] ?? 0) + 1; });
    document.querySelectorAll("#tally [data-count]").forEach((span) => {
      const n = found[span.dataset.count] ?? 0;
      const words = register.count(register.words.counts[span.dataset.count], n);
      if (span.innerHTML !== words) span.innerHTML = words; // our own translation, <b> around the number
      span.hidden = "ifAny" in span.dataset && !n;
    });
    let from = 0;
    const share = (n) => `${(100 * n) / (rows.length || 1)}%`;
    document.getElementById("register-bar").replaceChildren(...ORDER.map((names) => {
      const part = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      const n = names.reduce((sum, name) => sum + (found[name] ?? 0), 0);
      Object.entries({ class: names[0], x: share(from), width: share(n), height: 6 }).forEach(([name, value]) => part.setAttribute(name, value));
      from += n;
      return part;
    }));
  };

  register.draw = () => {
    const list = document.getElementById("roster"), rows = register.rows();
    const there = new Map([...list.children].map((element) => [element.dataset.enrolment, element]));
    let before = null;
    rows.forEach((row) => {
      const element = there.get(row.key) ?? made(row);
      if (!there.delete(row.key)) (before ? before.after(element) : list.prepend(element));
      const now = JSON.stringify({ ...row, pending: Boolean(row.pending), after: 0, minutes: 0, mark: 0 });
      if (drawn.get(element) !== now) paint(element, row);
      drawn.set(element, now);
      before = element;
    });
    there.forEach((element) => element.remove());
    counts(rows);
    if (rows.length) document.getElementById("roster-none").hidden = true;
    document.getElementById("undo").hidden = !register.canUndo();
  };
})();
