// The register's taps: each is an operation with its own id, sent in order, shown as kept only when the server
// has said so. What it has not answered waits in memory and is tried again. Without this file the forms post.
(() => {
  const queue = [];
  let busy = false;
  let tapped = {};
  const forms = (target) => document.querySelectorAll(`form[data-mark="${target}"]`);
  const plural = new Intl.PluralRules(document.documentElement.lang);

  const uuid = () => "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (digit) => // randomUUID wants TLS
    (digit ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (digit / 4)))).toString(16));

  const show = (words) => {
    const chip = document.getElementById("unsent");
    if (!chip) return;
    chip.hidden = queue.length === 0;
    const sentence = chip.dataset[plural.select(queue.length)] ?? chip.dataset.other;
    if (queue.length) chip.textContent = words ?? sentence.replace(/\d+/, queue.length);
    document.querySelectorAll("form[data-mark] .is-sending").forEach((mark) => mark.classList.remove("is-sending"));
    queue.forEach(({ target }) => forms(target).forEach((form) => form.querySelector(".mark")?.classList.add("is-sending")));
  };

  const send = async (operation) => {
    const answer = await fetch(operation.url, {
      method: "POST", body: operation.body, redirect: "manual", headers: { "HX-Request": "true" }, signal: AbortSignal.timeout(15000),
    });
    if (answer.type === "opaqueredirect") throw new Error("signed out");
    if (![200, 409, 422].includes(answer.status)) throw new Error(answer.status);
    return answer.text();
  };

  const flush = async () => {
    if (busy) return;
    busy = true;
    let words;
    while (queue.length) {
      try {
        const html = await send(queue[0]);
        const { target } = queue.shift();
        const place = document.querySelector(target);
        if (place) htmx.swap(place, html, { swapStyle: "outerHTML" });
        show();
      } catch (error) {
        if (error.message === "signed out") words = document.getElementById("unsent")?.dataset.signedOut;
        break;
      }
    }
    busy = false;
    show(words);
  };

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-mark]");
    if (!form || !event.submitter) return;
    event.preventDefault();
    // One finger, two taps: the second on the same button within a blink is not another opinion.
    const what = form.dataset.mark + (event.submitter.matches(".mark") ? "" : event.submitter.value);
    if (what === tapped.what && Date.now() - tapped.at < 400) return;
    tapped = { what, at: Date.now() };
    const body = new URLSearchParams(new FormData(form, event.submitter));
    body.set("operation", uuid());
    queue.push({ url: form.action, body, target: form.dataset.mark });
    if (event.submitter.matches(".mark")) event.submitter.value = event.submitter.value === "present" ? "cleared" : "present";
    show();
    flush();
  });
  addEventListener("online", flush);
  setInterval(flush, 20000);
  addEventListener("beforeunload", (event) => { if (queue.length) event.preventDefault(); });
})();
