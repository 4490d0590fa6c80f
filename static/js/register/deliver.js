// How operations reach the server, and what its answers mean for them.
(() => {
  const { register, store } = rasadnik;
  const PATIENCE = 20000;
  const REFUSED = ["refused", "conflict"], KEPT = ["saved", "known", "unsettled"];
  let csrf;

  class Stop extends Error {} // not now: everything stays as it is

  // Who is signed in, and a fresh token: a page that was open for hours, or is drawn from the phone, has none.
  const identify = async () => {
    const state = await rasadnik.state(register.stateUrl);
    register.signedOut = !state.user;
    register.other = state.user !== null && state.user !== register.user;
    csrf = state.user === register.user ? state.csrf : undefined;
    if (!csrf) throw new Stop();
    return state;
  };
  register.identify = identify;

  const post = async (url, body, headers = {}, again = true) => {
    if (!csrf) await identify();
    const answer = await fetch(url, {
      method: "POST", body, headers: { ...headers, "X-CSRFToken": csrf }, cache: "no-store", signal: AbortSignal.timeout(PATIENCE),
    });
    const isDoor = answer.redirected && new URL(answer.url).pathname === register.signIn;
    if (isDoor || [401, 403, 409].includes(answer.status)) { // signed out, another token, another person
      csrf = undefined;
      await identify();
      if (again) return post(url, body, headers, false);
    }
    if (isDoor || [408, 425, 429, 502, 503, 504].includes(answer.status)) throw new Stop();
    return answer;
  };

  const refuse = (operations, words) => store.put("operations",
    operations.map((one) => ({ ...one, refused: words || register.words.no_answer })));

  // The rows first, then the acts: whoever is interrupted in between sends once more, which changes nothing.
  const acknowledge = async (run, { results, roster }) => {
    const found = new Map(results.map((one) => [one.operation, one]));
    const gone = [], wrong = [];
    let seen = false;
    for (const operation of run) {
      const { outcome, words, enrolment } = found.get(operation.operation) ?? {};
      if (KEPT.includes(outcome)) gone.push(operation);
      if (REFUSED.includes(outcome)) wrong.push({ ...operation, refused: words });
      if (outcome === "unsettled") register.say(words, "warning");
      if (operation.kind === "walk_in" && enrolment) register.rename(operation.operation, enrolment);
      if (operation.kind === "note" && KEPT.includes(outcome)) register.noted(operation);
      seen ||= outcome !== "again";
    }
    const data = register.data?.session === run[0].session ? register.data
      : (await store.all("sessions")).find(({ session }) => session === run[0].session);
    if (data) {
      const now = register.taken(data, roster);
      if (data === register.data) register.data = now;
      await store.keep(now);
    }
    await store.put("operations", wrong);
    await store.remove("operations", gone.map(({ seq }) => seq));
    if (!seen) throw new Stop();
  };

  const batch = async (run) => {
    const operations = run.map(({ operation, kind, body }) => ({ ...body, operation, kind }));
    const answer = await post(register.operationsUrl.replace(/\d+/, run[0].session),
      JSON.stringify({ device: register.device, user: register.user, operations }), { "Content-Type": "application/json" });
    if (answer.ok) await acknowledge(run, await answer.json());
    else if (answer.status < 500) await refuse(run, (await answer.json().catch(() => ({}))).detail);
    return answer.status < 500;
  };

  // A photo or an idea goes to the door that its form has. That leads on when it was kept, and says why when not.
  const single = async (operation) => {
    await identify();
    const form = new FormData();
    form.append("operation", operation.operation);
    if (operation.blob) form.append("file", operation.blob, "photo.jpg");
    if (operation.kind === "idea") {
      form.append("title", operation.body.title);
      form.append("who", await register.whose(operation));
    }
    const answer = await post(operation.url, form, { Accept: "application/json, text/html" });
    if (answer.status >= 500) return false;
    const isData = answer.headers.get("Content-Type")?.startsWith("application/json");
    const { outcome, words } = isData ? await answer.json() : {};
    if (answer.redirected || KEPT.includes(outcome)) {
      await store.remove("operations", [operation.seq]);
      register.say(register.words.done[operation.kind], "success");
      return true;
    }
    const page = new DOMParser().parseFromString(isData ? "" : await answer.text(), "text/html");
    await refuse([operation], words || page.querySelector(".errors li, .message.error p")?.textContent.trim());
    return true;
  };

  // True: the server has judged them. False: it stumbled; they stay. Throws where nothing can be sent now.
  register.deliver = (run, isBatch) => (isBatch ? batch(run) : single(run[0]));
})();
