// The day sheet: tickets one after the other as fast as a scanner types, the camera where the browser can read codes, names
// that are sifted while typed. Without script the same form works, one ticket at a time.
(() => {
  const form = document.querySelector("[data-scan]"), stale = document.getElementById("stale");
  const rows = () => [...document.querySelectorAll("#day-sheet .queue li")];
  let heard = Date.now();

  // What somebody has ticked or opened stays so when a colleague's change comes in.
  const defaults = window.Idiomorph?.defaults.callbacks;
  if (defaults) defaults.beforeAttributeUpdated = (name, node) => !(name === "checked" && node.name === "her") && !(name === "open" && node.localName === "details");
  const ticked = new Set();
  document.addEventListener("htmx:beforeSwap", () => {
    ticked.clear();
    document.querySelectorAll("[name=her]:checked").forEach((box) => ticked.add(box.value));
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const isDone = event.detail.requestConfig?.path.endsWith("/beberapa");
    document.querySelectorAll("[name=her]").forEach((box) => (box.checked = !isDone && ticked.has(box.value)));
    sift();
  });

  // ---- Is what stands here still true? ----
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.xhr?.status && event.detail.xhr.status < 500) heard = Date.now();
  });
  setInterval(() => {
    if (stale) stale.hidden = Date.now() - heard < 15_000;
  }, 1000);

  if (!form) return;
  const field = form.elements.code, waiting = [];
  let isSending = false, wanted = "";
  const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

  function sift() {
    rows().forEach((row) => (row.hidden = Boolean(wanted) && !row.dataset.name.includes(wanted)));
  }

  // A name is sifted; a code or an address hides nobody.
  field.addEventListener("input", () => {
    const typed = field.value.trim().toLowerCase();
    wanted = rows().some((row) => row.dataset.name.includes(typed)) ? typed : "";
    sift();
  });

  async function send() {
    if (isSending) return;
    isSending = true;
    while (waiting.length) {
      const values = { code: waiting.shift(), key: newKey(), csrf_token: form.elements.csrf_token.value };
      await htmx.ajax("POST", form.action, { source: form, target: "#day-sheet", swap: "morph:outerHTML", values }).catch(() => {});
    }
    isSending = false;
  }

  const take = (code) => {
    if (!code.trim()) return;
    waiting.push(code);
    wanted = "";
    sift();
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
      document.getElementById("scanned").textContent = "Kamera tidak dapat dipakai. Ketik kodenya, atau buka tiket dengan kamera HP.";
    }
  });
  addEventListener("pagehide", stop);
})();
