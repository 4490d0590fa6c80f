// Whoever kept a register on this device is asked before she signs out: the next page knows what is not sent yet.
document.addEventListener("submit", async (event) => {
  const form = event.target.closest('form[data-sign-out=""]');
  if (!form || !window.indexedDB?.databases) return;
  event.preventDefault();
  const kept = await indexedDB.databases().catch(() => []);
  if (kept.some(({ name }) => name === "rasadnik")) location.assign(form.action); else form.submit();
});
