// A desk of a gathering: letters one after the other as fast as a scanner types, the box keeps its focus, and what stands here
// says so when it is old. Without script the same form works, one letter at a time.
(() => {
  const stale = document.getElementById("stale");
  const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  let heard = Date.now();

  // What somebody has opened stays so when a colleague's change comes in.
  const defaults = window.Idiomorph?.defaults.callbacks;
  if (defaults) defaults.beforeAttributeUpdated = (name, node) => !(name === "open" && node.localName === "details");
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.xhr?.status && event.detail.xhr.status < 500) heard = Date.now();
  });
  setInterval(() => (stale.hidden = Date.now() - heard < 15_000), 1000);

  const form = document.querySelector("[data-scan]");
  if (!form) return; // a gathering that was called off takes no letters
  const field = form.elements.code, waiting = [];
  let isSending = false;

  // A letter whose answer never came is sent again under the key it has: signed in is signed in once.
  async function send() {
    if (isSending) return;
    isSending = true;
    while (waiting.length) {
      const [{ code, key }] = waiting, values = { code, key, csrf_token: form.elements.csrf_token.value };
      for (const [name, value] of new FormData(document.getElementById("desk-filter"))) values[name] = value;
      const isHeard = await htmx.ajax("POST", form.action, { source: "#desk", target: "#desk", swap: "morph:outerHTML", values }).then(() => true, () => false);
      if (isHeard) waiting.shift();
      else await new Promise((done) => setTimeout(done, 2000));
    }
    isSending = false;
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (field.value.trim()) waiting.push({ code: field.value, key: newKey() });
    field.value = "";
    field.focus();
    send();
  });
  if (matchMedia("(pointer: fine)").matches) field.focus();
})();
