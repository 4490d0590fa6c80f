// The parts of the page around the rows: undo, downloads, whose idea it is, the time that an open row offers.
(() => {
  const { register } = rasadnik;
  const now = () => {
    const { starts_at: from, ends_at: to, zone } = register.data, at = Date.now();
    if (!from || at < Date.parse(from) || at >= Date.parse(to)) return "";
    return new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit" }).format(at);
  };

  document.addEventListener("toggle", (event) => {
    const row = event.target.matches?.(".roster-more[open]") && register.row(event.target.closest("li").dataset.enrolment);
    if (!row) return;
    for (const name of ["arrival", "leaving"]) {
      event.target.querySelector(`[name=${name}]`).value = row[name] || now();
    }
    event.target.querySelector("[name=reason]").value = row.reason ?? "";
  }, true);

  document.addEventListener("click", (event) => {
    if (event.target.closest("#undo")) register.undo();
    if (event.target.closest("#download")) register.download(register.queue);
    const link = event.target.closest("[data-to]"); // what has a place of its own in this page
    if (link) {
      event.preventDefault();
      document.querySelector(link.dataset.to).scrollIntoView();
      document.getElementById("idea-title").focus();
    }
  });

  // Whose idea: filled when it is asked for, from the rows as they are then.
  document.addEventListener("focusin", ({ target }) => {
    if (target.id !== "idea-who" && target.id !== "idea-title") return;
    const select = document.getElementById("idea-who"), chosen = select.value;
    select.replaceChildren(new Option("", ""), ...register.rows().map((row) => new Option(row.name, row.key)));
    select.value = chosen;
  });
  document.querySelectorAll('form[data-act="idea"]').forEach((form) => { form.hidden = false; });
  register.whose = async (operation) => {
    const row = register.session === operation.session && register.row(operation.row);
    if (row) return row.code || row.name;
    const session = (await rasadnik.store.all("sessions")).find((one) => one.session === operation.session);
    return session?.rows.find((one) => String(one.enrolment) === operation.row)?.code ?? "";
  };

  // No one session is asked for: which ones this phone has.
  register.list = (kept) => {
    const place = document.getElementById("kept-sessions"), list = place.querySelector("ul");
    place.hidden = false;
    place.querySelector(".empty").hidden = kept.length > 0;
    document.querySelectorAll("#tally, #register-bar, .register-wide, .bottom, .register-head .quiet").forEach((one) => one.setAttribute("hidden", ""));
    kept.sort((one, two) => (one.starts_at > two.starts_at ? 1 : -1)).forEach(({ session, heading, when }) => {
      const item = place.querySelector("template").content.firstElementChild.cloneNode(true);
      item.querySelector("p").textContent = when;
      item.querySelector("a").textContent = heading;
      item.querySelector("a").href = `/sessions/${session}/register/`;
      list.append(item);
    });
  };
})();
