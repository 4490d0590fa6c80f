// Find as you type in a list that is already here: <input data-filters="#roster" data-none="#roster-none">.
// A row is kept when every word typed begins a word of it. The server answers the same search without this file.
(() => {
  const keep = (input) => {
    const words = rasadnik.fold(input.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    document.querySelectorAll(`${input.dataset.filters} > li`).forEach((row) => {
      const text = ` ${rasadnik.fold(row.dataset.find ?? row.textContent).replace(/\s+/g, " ")}`;
      row.hidden = !words.every((word) => text.includes(` ${word}`));
      if (!row.hidden) shown += 1;
    });
    const none = document.querySelector(input.dataset.none);
    if (none) none.hidden = shown > 0;
  };
  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-filters]")) keep(event.target);
  });
  // Enter in the field would reload a page whose rows are already found.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("[data-filters]")) event.preventDefault();
  });
  document.addEventListener("htmx:afterSwap", () => document.querySelectorAll("[data-filters]").forEach(keep));
})();
