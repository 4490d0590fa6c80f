// Keys of the review: digits score the criterion in turn (0 is ten where there is no nought), Enter saves and goes
// on. <form data-review-keys>
(() => {
  const form = document.querySelector("[data-review-keys]");
  if (!form) return;
  const criteria = [...form.querySelectorAll(".criterion")];
  const scored = (criterion) => criterion.querySelector("input:checked") !== null || Boolean(criterion.querySelector("input[type=number]")?.value);
  const next = () => criteria.find((criterion) => !scored(criterion));
  let current = next();

  const show = () => criteria.forEach((criterion) => criterion.classList.toggle("is-next", criterion === current));
  const typing = (target) => target.closest("textarea, select, input:not([type=radio])") !== null;

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Enter" && !typing(event.target) && !event.target.closest("a, button, summary")) {
      event.preventDefault();
      form.requestSubmit(form.querySelector(".rubric-save [type=submit]"));
    }
    if (!/^\d$/.test(event.key) || typing(event.target) || !current) return;
    const radio = (number) => current.querySelector(`input[type=radio][value="${number}"]`);
    const option = radio(event.key) ?? (event.key === "0" ? radio(10) : null);
    if (!option) return;
    event.preventDefault();
    option.checked = true;
    option.dispatchEvent(new Event("change", { bubbles: true }));
    option.focus({ preventScroll: true });
  });
  form.addEventListener("change", (event) => {
    if (!event.target.closest(".criterion")) return;
    current = next() ?? event.target.closest(".criterion");
    show();
  });
  // The criterion in focus takes the keys, so that a score can be changed without a mouse.
  form.addEventListener("focusin", (event) => {
    const criterion = event.target.closest(".criterion");
    if (!criterion || !event.target.matches(":focus-visible")) return;
    current = scored(criterion) ? next() ?? criterion : criterion;
    show();
  });
  // A draft that did not arrive is never shown as saved.
  if (form.dataset.notSaved) for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    form.addEventListener(failure, () => { document.getElementById("saved").textContent = form.dataset.notSaved; });
  }
  show();
})();
