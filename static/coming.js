// The page behind a door's code: says what has become of "Saya hadir". Keeping and sending are outbox.js's.
(() => {
  const form = document.getElementById("door-form"), said = document.getElementById("door-said");
  if (!form) return;
  let mine = "";
  const tell = (sentence, tone, isAgain) => {
    said.textContent = sentence;
    said.className = tone;
    said.hidden = false;
    form.hidden = !isAgain;
    said.focus();
  };
  form.addEventListener("outbox:kept", ({ detail: { key, at } }) => {
    mine = key;
    const clock = new Date(at).toLocaleTimeString("id-ID", { hour: "2-digit", minute: "2-digit" });
    tell(`Tersimpan di HP pukul ${clock}. Terkirim sendiri begitu ada sinyal, dengan jam ini.`, "note wait");
  });
  // Also what she pressed before the phone went off, or in another window: it is the same door.
  const isHere = (answer) => answer.kind === "come" && answer.door === form.elements.door.value;
  document.addEventListener("outbox:sent", ({ detail: { answer } }) => isHere(answer) && tell(answer.said, "go"));
  // And what was sent while this page was on its way: the server drew it before it had heard.
  globalThis.outbox?.known("last").then((last) => {
    if (last?.owner === form.dataset.owner && Date.now() - last.at < 60_000 && isHere(last.answer)) tell(last.answer.said, "go");
  });
  document.addEventListener("outbox:mend", ({ detail: { key, message } }) => key === mine && tell(message, "note help", true));
})();
