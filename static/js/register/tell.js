// What the page says of itself: how much is not sent, since when, what was not accepted, whether it works offline.
(() => {
  const { register } = rasadnik;
  const shown = (name, isShown) => document.querySelectorAll(`[data-says="${name}"]`).forEach((one) => { one.hidden = !isShown; });

  register.say = (words, level = "error") => {
    const message = document.createElement("div"), sign = document.createElement("span"), text = document.createElement("p");
    message.className = `message ${level}`;
    sign.className = "sign";
    sign.setAttribute("aria-hidden", "true");
    sign.textContent = level === "success" ? "✓" : "!";
    text.textContent = words;
    message.append(sign, text);
    document.getElementById("messages").replaceChildren(message);
  };

  const what = (operation) => {
    const { labels, kinds } = register.words, row = operation.row && register.data && register.row(operation.row);
    const kind = operation.kind === "mark" ? labels[operation.body.status] ?? labels.cleared : kinds[operation.kind];
    return [row?.name ?? operation.what, kind.replace("@", operation.body.leaving ?? "")].filter(Boolean).join(": ");
  };
  const wrong = (refused) => {
    const place = document.getElementById("refused"), list = place.querySelector("ul");
    place.hidden = !refused.length;
    list.replaceChildren(...refused.map((operation) => {
      const item = place.querySelector("template").content.firstElementChild.cloneNode(true);
      item.querySelector('[data-is="what"]').textContent = what(operation);
      item.querySelector('[data-is="why"]').textContent = operation.refused;
      item.querySelector("[data-again]").onclick = () => register.again(operation);
      item.querySelector("[data-download]").onclick = () => register.download([operation]);
      item.querySelector("[data-discard]").onclick = () => register.discard(operation);
      return item;
    }));
  };
  const notes = (waiting) => {
    document.querySelectorAll("#log .is-unsent").forEach((one) => one.remove());
    waiting.filter(({ kind, session }) => kind === "note" && session === register.session).forEach(register.noted);
  };
  register.noted = (operation) => { // a note in its place: dotted while only this phone has it
    const entry = document.createElement("div"), text = document.createElement("p");
    const isWaiting = register.queue.includes(operation);
    entry.className = `log-entry${isWaiting ? " is-unsent" : ""}`;
    text.textContent = operation.body.text;
    entry.append(text);
    document.getElementById("log").append(entry);
  };

  register.tell = () => {
    const { queue, words } = register;
    const refused = queue.filter((one) => one.refused), waiting = queue.filter((one) => !one.refused);
    const chip = document.getElementById("unsent"), told = document.getElementById("waiting");
    const n = waiting.length || refused.length;
    chip.dataset.count = queue.length;
    chip.hidden = !queue.length;
    chip.textContent = n ? register.count(waiting.length ? words.unsent : words.refused, n) : "";
    const minutes = Math.floor((Date.now() - Math.min(...waiting.map(({ at }) => at))) / 60000);
    told.hidden = !waiting.length;
    if (waiting.length) told.textContent = `${chip.textContent}, ${register.count(words.waiting, Math.max(0, minutes))}`;
    document.getElementById("download").hidden = !queue.length;
    document.querySelectorAll("[data-others]").forEach((one) => { one.textContent = register.count(words.others, register.others); });
    shown("other", register.others > 0);
    shown("signed-out", Boolean(register.signedOut));
    shown("private", !rasadnik.store.lasts);
    shown("insecure", rasadnik.store.lasts && !window.isSecureContext);
    shown("ready", Boolean(register.isReady));
    shown("preparing", !register.isReady);
    notes(waiting);
    wrong(refused);
  };

  // Everything that is not on the server, as JSON; pictures as data addresses.
  const legible = async ({ blob, ...operation }) => {
    if (!blob) return operation;
    const reader = new FileReader();
    await new Promise((yes) => { reader.onload = yes; reader.readAsDataURL(blob); });
    return { ...operation, picture: reader.result };
  };
  register.download = async (operations) => {
    const said = { device: register.device, operations: await Promise.all(operations.map(legible)) };
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([JSON.stringify(said, null, 1)], { type: "application/json" }));
    link.download = "rasadnik-unsent.json";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  };
})();
