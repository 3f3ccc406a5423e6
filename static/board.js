// Says so when nothing is heard: the board's stamp turns stale, and a form that did not arrive is told to its sender.
(() => {
  const QUIET = 30_000;
  let heard = Date.now();

  const hear = () => {
    heard = Date.now();
    const stamp = document.querySelector("#stamp.stale");
    if (!stamp) return;
    stamp.classList.remove("stale");
    stamp.querySelector("b")?.remove();
  };

  const look = () => {
    const stamp = document.getElementById("stamp");
    if (!stamp || stamp.classList.contains("stale") || Date.now() - heard < QUIET) return;
    const word = document.createElement("b");
    word.textContent = " sambungan terputus";
    stamp.append(word);
    stamp.classList.add("stale");
  };

  const tell = (sentence) => {
    const note = document.createElement("p");
    note.className = "note help";
    note.textContent = sentence;
    document.getElementById("notice")?.replaceChildren(note);
  };

  const isDeed = (event) => event.detail.requestConfig?.verb === "post";

  document.addEventListener("htmx:sseMessage", hear);
  document.addEventListener("htmx:afterOnLoad", (event) => event.detail.successful !== false && hear());
  document.addEventListener("htmx:sendError", (event) => isDeed(event) && tell("Tidak ada sambungan. Belum terkirim; isian tetap di layar. Tekan sekali lagi bila sinyal sudah ada."));
  document.addEventListener("htmx:timeout", (event) => isDeed(event) && tell("Server belum menjawab. Tekan sekali lagi; yang sama tidak akan tercatat dua kali."));
  // A page of errors that is not ours, from a proxy say, must not take the board's place.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    if (xhr.status >= 400 && xhr.status !== 422 && !xhr.getResponseHeader("HX-Retarget")) event.detail.shouldSwap = false;
  });

  if (document.querySelector("[sse-connect]")) setInterval(look, 1000);
})();
