// What she does in the page: forms with data-act. Without this file they post by themselves.
(() => {
  const { register } = rasadnik;
  const TIMED = { late: "arrival", left_early: "leaving" };
  let tapped = {};

  const later = (minutes) => { // so many minutes after the session's start
    const [hour, minute] = register.data.start.split(":").map(Number);
    const at = Math.min(hour * 60 + minute + minutes, 24 * 60 - 1);
    return [Math.floor(at / 60), at % 60].map((part) => String(part).padStart(2, "0")).join(":");
  };

  // One finger, two taps: the second on the same button within a blink is not another opinion.
  const bounces = (what) => {
    const again = what === tapped.what && Date.now() - tapped.at < 400;
    if (!again) tapped = { what, at: Date.now() };
    return again;
  };

  const mark = (form, submitter) => {
    const row = register.row(form.closest("[data-enrolment]").dataset.enrolment);
    const { elements: fields } = form, more = form.querySelector("details"), { closed } = register.data;
    const isTap = submitter.matches("[data-tap]"), [chosen, minutes] = submitter.value.split(":");
    const status = !isTap ? chosen : row.status === "present" ? "cleared" : "present";
    const typed = fields.reason.value.trim();
    const said = { status, reason: ["present", "cleared"].includes(status) && !closed ? "" : typed };
    const time = TIMED[status];
    if (time) said[time] = minutes ? later(Number(minutes)) : fields[time].value;
    if (status === "left_early") said.arrival = row.arrival || null;
    const missing = time && !said[time] ? fields[time] : closed && !typed ? fields.reason : null;
    if (missing) {
      more.open = true;
      missing.focus();
      return;
    }
    if (bounces(row.key + (isTap ? "" : submitter.value))) return;
    if (more.open) document.getElementById(`mark-${row.key}`).focus({ preventScroll: true });
    more.open = false;
    register.put([row], said);
  };

  register.acts = {
    mark,
    everyone: () => {
      const rows = register.rows().filter((row) => !row.status);
      if (rows.length) register.put(rows, { status: "present" });
    },
    walk_in: (form) => {
      const [name, phone] = ["name", "phone"].map((field) => form.elements[field].value.trim());
      const came = register.act("walk_in", { name, phone });
      register.remember([{ key: came.operation, status: "" }]);
      register.keep([{ ...came, row: came.operation, what: name }]).then(() => {
        document.getElementById(`row-${came.operation}`)?.scrollIntoView({ block: "center" });
      });
      form.reset();
    },
    note: (form) => {
      register.keep([register.act("note", { text: form.elements.text.value.trim() })]);
      form.reset();
    },
    photo: async (form) => {
      const blob = await register.smaller(form.elements.file.files[0]).catch(() => null);
      if (!blob) { register.say(register.words.too_large); return; }
      register.keep([register.act("photo", {}, { blob, url: form.getAttribute("action") })]);
      form.reset();
    },
    idea: (form) => {
      const who = form.elements.who.value, title = form.elements.title.value.trim();
      register.keep([register.act("idea", { title }, { row: who, what: title, url: form.getAttribute("action") })]);
      form.reset();
    },
  };

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-act]");
    if (!form) return;
    event.preventDefault();
    const { submitter } = event, act = () => register.acts[form.dataset.act](form, submitter);
    if (register.data) act(); else register.started.then(() => register.data && act());
  });
})();
