// Looks whether this phone can work without a line, and says in words why not. Only /kader/hp loads it.
(() => {
  const says = document.getElementById("phone-says"), list = document.getElementById("phone-check");
  if (!says || !list) return;

  const isSafe = globalThis.isSecureContext, rows = [];
  const row = (name, isFine, sentence) => rows.push({ name, isFine, sentence });
  const minutes = (ms) => (Math.abs(ms) < 120_000 ? "tepat" : `${ms > 0 ? "terlalu cepat" : "terlambat"} kira-kira ${Math.round(Math.abs(ms) / 60_000)} menit. Betulkan di pengaturan HP`);

  const look = async () => {
    row("Sambungan aman", isSafe, isSafe ? "ya (https)" : "tidak: alamat ini dibuka tanpa https. Mintalah alamat https kepada DPPKB");
    const canSeal = Boolean(globalThis.crypto?.subtle);
    row("Menyegel data", canSeal, canSeal ? "bisa" : isSafe ? "tidak: peramban ini terlalu lama. Perbarui Chrome" : "tidak, karena sambungannya tidak aman");
    const box = globalThis.indexedDB && (await outbox.all().catch(() => null));
    row("Tempat menyimpan", Boolean(box), box ? "ada" : "tidak ada: mungkin mode penyamaran (incognito), atau HP penuh");
    const worker = navigator.serviceWorker && (await navigator.serviceWorker.getRegistration("/").catch(() => null));
    row("Formulir tanpa sinyal", Boolean(worker), worker ? "terpasang" : navigator.serviceWorker ? "belum terpasang: muat ulang halaman ini saat ada sinyal" : isSafe ? "peramban ini tidak bisa. Pakai Chrome" : "tidak, karena sambungannya tidak aman");
    const form = globalThis.caches && (await isFormKept().catch(() => false));
    row("Formulir sudah disimpan di HP", Boolean(form), form ? "sudah" : "belum: buka daftar Ibu sekali saat ada sinyal, tunggu sebentar, lalu kembali ke sini");
    const isLasting = await navigator.storage?.persisted?.().catch(() => false);
    row("Penyimpanan tetap", isLasting || null, isLasting ? "ya" : "belum: HP boleh menghapusnya bila penuh. Pasang aplikasi ini di layar utama");
    const room = await navigator.storage?.estimate?.().catch(() => null);
    if (room?.quota) row("Ruang di HP", room.quota - room.usage > 5_000_000, room.quota - room.usage > 5_000_000 ? "cukup" : "hampir penuh: hapus foto atau aplikasi yang tidak dipakai");
    const me = globalThis.outbox?.canKeep ? await outbox.greet() : {};
    if (me.token) row("Jam HP", Math.abs(Date.now() - me.now) < 600_000, minutes(Date.now() - me.now));
    else row("Jam HP", null, "tidak dapat dibandingkan: sedang tidak ada sinyal");
    if (box) {
      const waiting = box.filter((item) => item.state === "waiting").length, parked = box.length - waiting;
      row("Belum terkirim", waiting ? null : true, waiting ? `${waiting} pendaftaran` : "tidak ada");
      row("Perlu diperbaiki", parked ? null : true, parked ? `${parked} pendaftaran` : "tidak ada");
    }
  };
  const isFormKept = async () => {
    for (const name of await caches.keys()) {
      for (const request of await (await caches.open(name)).keys()) if (new URL(request.url).searchParams.has("milik")) return true;
    }
    return false;
  };

  const write = () => {
    const wrong = rows.filter((one) => one.isFine === false);
    says.className = wrong.length ? "note help" : "note";
    says.textContent = wrong.length
      ? `Belum siap: ${wrong[0].name.toLowerCase()} ${wrong[0].sentence}. Pendaftaran tetap bisa, tetapi hanya saat ada sinyal.`
      : "Ya. HP ini siap: tanpa sinyal pun Ibu bisa mendaftarkan, dan semuanya terkirim sendiri nanti.";
    list.replaceChildren(...rows.map(({ name, isFine, sentence }) => {
      const line = document.createElement("div"), term = document.createElement("dt"), told = document.createElement("dd");
      term.textContent = name;
      told.textContent = `${isFine === false ? "✗ " : isFine ? "✓ " : ""}${sentence}`;
      line.append(term, told);
      return line;
    }));
    list.hidden = false;
  };
  look().then(write);
})();
