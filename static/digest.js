// Copies the day's text and hands its picture to the phone's own sharing, where there is one. Without it: select, save, send.
(() => {
  const told = document.getElementById("digest-told");
  const say = (sentence) => told && (told.textContent = sentence);

  document.querySelectorAll("[data-copy]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const text = document.getElementById(button.dataset.copy);
      text.select();
      try {
        await navigator.clipboard.writeText(text.value);
        say("Teks sudah disalin. Tempelkan di WhatsApp.");
      } catch {
        // Over plain HTTP there is no clipboard object; the old way still copies what is selected.
        say(document.execCommand("copy") ? "Teks sudah disalin. Tempelkan di WhatsApp." : "Teks sudah dipilih. Tekan lama, lalu Salin.");
      }
    });
  });

  const test = new File([""], "rekap.png", { type: "image/png" });
  if (!navigator.canShare?.({ files: [test] })) return;
  document.querySelectorAll("[data-share]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", async () => {
      button.disabled = true;
      try {
        const answer = await fetch(button.dataset.share);
        if (!answer.ok) throw new Error(answer.status);
        await navigator.share({ files: [new File([await answer.blob()], "rekap.png", { type: "image/png" })] });
      } catch (error) {
        if (error.name !== "AbortError") say("Gambar belum dapat dibagikan. Simpan dulu, lalu kirim dari galeri.");
      } finally {
        button.disabled = false;
      }
    });
  });
})();
