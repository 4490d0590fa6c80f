// The choice of light and dark: kept in a cookie, so the server can draw the next page in it from the start.
(() => {
  const root = document.documentElement;
  const mark = (chosen) => document.querySelectorAll("[data-theme-choice]").forEach((button) => {
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === chosen));
  });
  document.querySelectorAll("[data-theme-choices]").forEach((box) => { box.hidden = false; });
  mark(root.dataset.theme || "device");
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-choice]");
    if (!button) return;
    const chosen = button.dataset.themeChoice;
    if (chosen === "device") delete root.dataset.theme; else root.dataset.theme = chosen;
    document.cookie = `theme=${chosen}; path=/; max-age=${chosen === "device" ? 0 : 31536000}; samesite=lax`;
    mark(chosen);
  });
})();
