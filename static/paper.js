// A sheet of paper is keyed in with the keyboard alone: Enter goes to the next cell like Tab, and a row is sent as soon as
// the next one is begun. What could not be sent stays in its cells and is tried again; without this file one button sends all.
(() => {
  "use strict";
  const grid = document.querySelector(".keying"), changed = new Set();
  if (!grid) return;
  const row = (element) => element.closest("tbody[hx-post]");

  grid.addEventListener("input", ({ target }) => row(target) && changed.add(row(target).id));

  grid.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    const cells = [...grid.querySelectorAll("input, select"), document.querySelector("#sheet-form button")];
    const next = cells[cells.indexOf(event.target) + (event.shiftKey ? -1 : 1)];
    if (next) next.focus();
    if (next && next.select) next.select();
  });

  document.addEventListener("focusin", ({ target }) => {
    for (const id of [...changed]) {
      const left = document.getElementById(id);
      if (left && left.contains(target)) continue;
      changed.delete(id);
      if (left) left.dispatchEvent(new CustomEvent("leave"));
    }
  });

  const told = document.getElementById("told");
  grid.addEventListener("htmx:afterSettle", ({ detail }) => {
    const said = detail.elt.querySelector && detail.elt.querySelector("td[colspan]");
    if (said) told.textContent = `Baris ${detail.elt.id.slice(4)}: ${said.textContent.trim()}`;
  });

  const failed = ({ target, detail }) => {
    if (!row(target) || (detail.xhr && detail.xhr.status === 422)) return;
    changed.add(target.id);
    target.querySelector(".told").hidden = false;
    told.textContent = target.querySelector(".said").textContent = "Belum tersimpan: server tidak terjangkau. Isian tetap di sini.";
  };
  for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) grid.addEventListener(name, failed);
  addEventListener("beforeunload", (event) => changed.size && event.preventDefault());
  document.getElementById("sheet-form").addEventListener("submit", () => changed.clear());
})();
