// The day sheet, beside scan.js: names that are sifted while typed, and what is ticked stays ticked.
(() => {
  const form = document.querySelector("[data-scan]"), ticked = new Set();
  const rows = () => [...document.querySelectorAll("#day-sheet .queue li")];
  let wanted = "";

  const sift = () => rows().forEach((row) => (row.hidden = Boolean(wanted) && !row.dataset.name.includes(wanted)));

  document.addEventListener("htmx:beforeSwap", () => {
    ticked.clear();
    document.querySelectorAll("[name=her]:checked").forEach((box) => ticked.add(box.value));
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const isDone = event.detail.requestConfig?.path.endsWith("/beberapa");
    document.querySelectorAll("[name=her]").forEach((box) => (box.checked = !isDone && ticked.has(box.value)));
    sift();
  });

  // A name is sifted; a code or an address hides nobody.
  form?.elements.code.addEventListener("input", (event) => {
    const typed = event.target.value.trim().toLowerCase();
    wanted = rows().some((row) => row.dataset.name.includes(typed)) ? typed : "";
    sift();
  });
  form?.addEventListener("scan:taken", () => {
    wanted = "";
    sift();
  });
})();
