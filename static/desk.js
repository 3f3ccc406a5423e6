// A desk of a gathering: letters one after the other as fast as a scanner types, the box keeps its focus, and what stands here
// says so when it is old. Without script the same form works, one letter at a time.
(() => {
  const form = document.querySelector("[data-scan]"), stale = document.getElementById("stale");
  const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  let heard = Date.now();

  // What somebody has opened stays so when a colleague's change comes in.
  const defaults = window.Idiomorph?.defaults.callbacks;
  if (defaults) defaults.beforeAttributeUpdated = (name, node) => !(name === "open" && node.localName === "details");
  // What a proxy says while the server is away, or a server that is busy, is no answer to what was pressed.
  const isAnswer = (status) => status > 0 && ![502, 503, 504].includes(status);
  document.addEventListener("htmx:afterRequest", ({ detail: { xhr, requestConfig } }) => {
    if (xhr.status && xhr.status < 500) heard = Date.now();
    if (!isAnswer(xhr.status) && requestConfig.verb === "post" && requestConfig.path !== form.getAttribute("action")) told("Belum tercatat: server tidak menjawab. Tekan sekali lagi.");
  });
  const told = (sentence) => {
    const p = Object.assign(document.createElement("p"), { className: "stop", textContent: sentence });
    document.getElementById("told").replaceChildren(p);
  };
  setInterval(() => (stale.hidden = Date.now() - heard < 15_000), 1000);

  const field = form.elements.code, waiting = [];
  let isSending = false;

  // A letter whose answer never came is sent again under the key it has: signed in is signed in once. It takes its turn with what
  // is tapped (hx-sync), so that it was sent is known by its own answer only; htmx's promise ends when it is queued.
  const sent = ({ code, key }) => new Promise((done) => {
    const hear = ({ detail: { xhr, requestConfig } }) => {
      if (requestConfig.parameters.key !== key) return;
      document.removeEventListener("htmx:afterRequest", hear);
      done(isAnswer(xhr.status));
    };
    document.addEventListener("htmx:afterRequest", hear);
    const values = { code, key, csrf_token: form.elements.csrf_token.value };
    for (const [name, value] of new FormData(document.getElementById("desk-filter"))) values[name] = value;
    htmx.ajax("POST", form.action, { source: form, target: "#desk", swap: "morph:outerHTML", values }).catch(() => {});
  });

  async function send() {
    if (isSending) return;
    isSending = true;
    while (waiting.length) {
      if (await sent(waiting[0])) waiting.shift();
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
