// Codes one after the other as fast as a scanner types, or by the camera where the browser can read codes: the box keeps its
// focus, and what stands below (form.dataset.scan) says so when it is old. Without script the same form takes one at a time.
(() => {
  const form = document.querySelector("[data-scan]"), stale = document.getElementById("stale");
  let heard = Date.now();

  // What somebody has opened or ticked stays so when a colleague's change comes in.
  const defaults = window.Idiomorph?.defaults.callbacks;
  if (defaults) {
    defaults.beforeAttributeUpdated = (name, node) =>
      !(name === "open" && node.localName === "details") && !(name === "checked" && node.dataset.keeps !== undefined);
  }

  // What a proxy says while the server is away, or a server that is busy, is no answer to what was pressed.
  const isAnswer = (status) => status > 0 && ![502, 503, 504].includes(status);
  const said = (sentence) => {
    const p = Object.assign(document.createElement("p"), { className: "stop", textContent: sentence });
    document.getElementById("scanned")?.replaceChildren(p);
  };
  document.addEventListener("htmx:afterRequest", ({ detail: { xhr, requestConfig } }) => {
    if (xhr.status && xhr.status < 500) heard = Date.now();
    const isPressed = requestConfig.verb === "post" && requestConfig.path !== form?.getAttribute("action");
    if (isPressed && !isAnswer(xhr.status)) said("Belum tercatat: server tidak menjawab. Tekan sekali lagi.");
  });
  setInterval(() => {
    if (stale) stale.hidden = Date.now() - heard < 15_000;
  }, 1000);

  // ---- One after the other ----
  if (!form) return;
  const field = form.elements.code, waiting = [], target = form.dataset.scan;
  const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  let isSending = false;

  // A code whose answer never came is sent again under the key it has: received is received once. It takes its turn with what is
  // tapped (hx-sync), so that it was sent is known by its own answer only; htmx's promise ends when it is queued.
  const sent = ({ code, key }) => new Promise((done) => {
    const hear = ({ detail: { xhr, requestConfig } }) => {
      if (requestConfig.parameters.key !== key) return;
      document.removeEventListener("htmx:afterRequest", hear);
      done(isAnswer(xhr.status));
    };
    document.addEventListener("htmx:afterRequest", hear);
    const values = { code, key, csrf_token: form.elements.csrf_token.value }, filter = form.dataset.filter;
    if (filter) for (const [name, value] of new FormData(document.querySelector(filter))) values[name] = value;
    htmx.ajax("POST", form.action, { source: form, target, swap: "morph:outerHTML", values }).catch(() => {});
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

  const take = (code) => {
    if (!code.trim()) return;
    waiting.push({ code, key: newKey() });
    form.dispatchEvent(new Event("scan:taken"));
    send();
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    take(field.value);
    field.value = "";
    field.focus();
  });
  if (matchMedia("(pointer: fine)").matches) field.focus();

  // ---- The camera ----
  const button = form.querySelector("[data-camera]"), video = document.querySelector(".camera");
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices?.getUserMedia) return;
  let stream = null, last = "", lastAt = 0;
  button.hidden = false;

  async function look(detector) {
    if (!stream) return;
    const [found] = await detector.detect(video).catch(() => []);
    if (found && (found.rawValue !== last || Date.now() - lastAt > 5000)) {
      [last, lastAt] = [found.rawValue, Date.now()];
      navigator.vibrate?.(80);
      take(found.rawValue);
    }
    setTimeout(() => look(detector), 250);
  }

  function stop() {
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
    video.hidden = true;
    button.textContent = "Pakai kamera";
  }

  button.addEventListener("click", async () => {
    if (stream) return stop();
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      video.srcObject = stream;
      video.hidden = false;
      await video.play();
      button.textContent = "Tutup kamera";
      look(new BarcodeDetector({ formats: ["qr_code"] }));
    } catch {
      stop();
      said("Kamera tidak dapat dipakai. Ketik kodenya.");
    }
  });
  addEventListener("pagehide", stop);
})();
