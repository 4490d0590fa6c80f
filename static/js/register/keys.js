// The register by keyboard: keys work while the focus is in a row, never while somebody types.
(() => {
  const { register } = rasadnik;
  const MARKS = { p: "present", e: "excused", x: "absent", h: "half_day", c: "cleared" };
  const OPENS = { l: ".presets button, [name=arrival]", o: "[name=leaving]" };

  const step = (row, by) => {
    const rows = [...document.querySelectorAll("#roster > li:not([hidden])")];
    const next = rows[rows.indexOf(row) + by];
    next?.querySelector("[data-tap]").focus();
    next?.scrollIntoView({ block: "nearest" });
  };

  const act = (key, row) => {
    const form = row.querySelector("form"), more = form.querySelector("details");
    if (key === "ArrowDown" || key === "ArrowUp") step(row, key === "ArrowDown" ? 1 : -1);
    else if (MARKS[key]) form.requestSubmit([...form.querySelectorAll(`[value=${MARKS[key]}]:not([data-tap])`)].at(-1));
    else if (OPENS[key]) {
      more.open = true;
      const field = [...form.querySelectorAll(OPENS[key])].find((one) => !one.closest("[hidden]"));
      setTimeout(() => field.focus()); // after this key, so that the field does not read it
    } else if (key === "z" && register.canUndo()) register.undo();
    else if (key === "/") document.getElementById("find").focus();
    else if (key === "Escape" && more.open) {
      more.open = false;
      form.querySelector("[data-tap]").focus();
    } else return false;
    return true;
  };

  document.addEventListener("keydown", (event) => {
    const row = event.target.closest("#roster > li");
    if (event.target.id === "find" && event.key === "ArrowDown") {
      document.querySelector("#roster > li:not([hidden]) [data-tap]")?.focus();
      event.preventDefault();
      return;
    }
    if (!row || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.matches("input") && event.key !== "Escape") return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (act(key, row)) event.preventDefault();
  });
})();
