// Says so when nothing is heard: the board's stamp turns stale, and a form that did not arrive is told to its sender. Where no
// stream comes the page asks by itself, and is told only whether something moved.
(() => {
  const QUIET = 30_000;
  let heard = Date.now();
  let streamed = 0;
  let etag = null;

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

  document.addEventListener("htmx:sseMessage", () => {
    streamed = Date.now();
    hear();
  });
  // The server's last word: signed out, or the campaign is finished. The next question says which.
  document.addEventListener("htmx:sseClose", (event) => {
    if (event.detail.type === "message") heard = streamed = 0;
  });

  const isPoll = (event) => event.detail.elt?.hasAttribute?.("data-poll");
  document.addEventListener("htmx:configRequest", (event) => {
    if (!isPoll(event)) return;
    if (Date.now() - streamed < QUIET) event.preventDefault();
    else if (etag) event.detail.headers["If-None-Match"] = etag;
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const { xhr } = event.detail;
    if (!isPoll(event) || !xhr) return;
    if (xhr.status === 200) etag = xhr.getResponseHeader("ETag");
    const stamp = document.getElementById("stamp");
    if (xhr.status === 304 && stamp) stamp.textContent = xhr.getResponseHeader("Stamp");
  });
  document.addEventListener("htmx:afterOnLoad", (event) => event.detail.successful !== false && hear());
  document.addEventListener("htmx:sendError", (event) => isDeed(event) && tell("Tidak ada sambungan. Belum terkirim; isian tetap di layar. Tekan sekali lagi bila sinyal sudah ada."));
  document.addEventListener("htmx:timeout", (event) => isDeed(event) && tell("Server belum menjawab. Tekan sekali lagi; yang sama tidak akan tercatat dua kali."));
  // A page of errors that is not ours, from a proxy say, must not take the board's place.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    if (xhr.status === 304) event.detail.shouldSwap = false; // all is as it stands
    if (xhr.status >= 400 && xhr.status !== 422 && !xhr.getResponseHeader("HX-Retarget")) event.detail.shouldSwap = false;
  });

  // Also where nothing is streamed and the page only asks, as rows of one pace do.
  if (document.querySelector("[sse-connect], [data-poll]")) setInterval(look, 1000);
})();
