// The wall moves by itself: what the stream sends takes its place, panels turn, and what is old or ended says so in words.
(() => {
  const TURN = 15_000, QUIET = 30_000, POLL = 30_000, LOOK_AGAIN = 600_000;
  const wall = document.getElementById("wall");
  const { here } = wall.dataset;
  const spread = (ms) => ms * (0.7 + 0.6 * Math.random()); // a restarted server is not met by every wall at once
  let heard = Date.now(), etag = null, source = null, since = wall.dataset.version, isGone = false, again = 0, looking = null;

  // ---- What is new takes the place of the old, in the same elements: bars glide and nothing is left behind.

  const same = (old, fresh) => {
    for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
    for (const { name, value } of [...fresh.attributes]) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    const [before, after] = [[...old.childNodes], [...fresh.childNodes]];
    after.forEach((child, n) => {
      const there = before[n];
      if (!there) old.append(child);
      else if (there.nodeType !== child.nodeType || there.nodeName !== child.nodeName) there.replaceWith(child);
      else if (child.nodeType === Node.ELEMENT_NODE) same(there, child);
      else if (there.data !== child.data) there.data = child.data;
    });
    before.slice(after.length).forEach((child) => child.remove());
  };

  const parsed = (html) => new DOMParser().parseFromString(html, "text/html");

  const take = (html) => {
    const fresh = parsed(html).body.firstElementChild;
    const old = fresh && document.getElementById(fresh.id);
    if (!old) return look(); // an area that was not there before: everything afresh
    fresh.removeAttribute("hx-swap-oob");
    same(old, fresh);
  };

  const hear = () => {
    heard = Date.now();
    document.getElementById("stamp")?.classList.remove("stale");
    document.querySelector("#stamp b")?.remove();
  };

  const gone = (page) => {
    isGone = true;
    stop();
    clearInterval(turning);
    wall.replaceWith(page.getElementById("wall"));
    document.title = page.title;
  };

  // ---- The whole wall, afresh: after a break, where there is no stream, and now and then in any case.

  const look = () => (looking ??= ask().finally(() => (looking = null)));

  const ask = async () => {
    const answer = await fetch(here, { cache: "no-store", credentials: "omit", headers: etag ? { "If-None-Match": etag } : {} }).catch(() => null);
    if (answer?.status === 404 || answer?.status === 429) {
      const page = parsed(await answer.text());
      return page.querySelector("#wall.gone") && gone(page); // a proxy's 404 is not ours
    }
    if (answer?.status === 304) {
      hear();
      const stamp = document.getElementById("stamp");
      if (stamp) stamp.textContent = answer.headers.get("X-Per");
    } else if (answer?.ok) {
      const fresh = parsed(await answer.text()).getElementById("wall");
      if (!fresh) return; // a proxy's page, not ours
      etag = answer.headers.get("ETag");
      since = fresh.dataset.version;
      const shown = document.querySelector(".panel.shown")?.id;
      for (const panel of fresh.querySelectorAll(".panel")) panel.classList.toggle("shown", panel.id === shown);
      if (!fresh.querySelector(".panel.shown")) fresh.querySelector(".panel")?.classList.add("shown");
      const button = document.getElementById("pause");
      fresh.querySelector("#pause").hidden = false;
      fresh.querySelector("#pause").textContent = button.textContent;
      same(wall, fresh);
      hear();
    }
  };

  // ---- The stream. The browser mends a broken line itself; an answer that is no stream it leaves to us.

  const stop = () => {
    source?.close();
    source = null;
    clearTimeout(again);
  };

  const later = (ms) => {
    clearTimeout(again);
    again = setTimeout(listen, spread(ms));
  };

  const listen = async () => {
    stop();
    await look();
    if (isGone) return;
    if (!wall.dataset.stream) return later(POLL * 10); // closed: nothing moves, unless it is opened again
    open();
  };

  const open = () => {
    source = new EventSource(`${wall.dataset.stream}?sejak=${since}`);
    for (const name of ["total", "area", "part", "stamp"]) source.addEventListener(name, (event) => { take(event.data); hear(); });
    source.addEventListener("ended", () => { stop(); look(); later(2_000); });
    source.addEventListener("error", () => { if (source?.readyState === EventSource.CLOSED) { stop(); later(Date.now() - heard < QUIET ? 4_000 : POLL); } });
  };

  // ---- Panels turn; the space bar stops them, the arrows turn them by hand.

  const step = (by) => {
    const panels = [...document.querySelectorAll(".panel")];
    const now = panels.findIndex((panel) => panel.classList.contains("shown"));
    panels[now]?.classList.remove("shown");
    panels[(now + by + panels.length) % panels.length]?.classList.add("shown");
  };

  let turning = setInterval(step, TURN, 1);
  const pause = () => {
    turning = turning ? clearInterval(turning) : setInterval(step, TURN, 1);
    document.getElementById("pause").textContent = turning ? "Jeda (spasi)" : "Lanjut (spasi)";
  };
  document.getElementById("pause").hidden = false;
  document.addEventListener("click", (event) => event.target.id === "pause" && pause());
  document.addEventListener("keydown", (event) => {
    if (isGone || event.target.id === "pause") return;
    if (event.key === " ") { event.preventDefault(); pause(); }
    if (event.key === "ArrowRight") step(1);
    if (event.key === "ArrowLeft") step(-1);
  });

  setInterval(() => {
    const stamp = document.getElementById("stamp");
    if (isGone || !wall.dataset.stream || !stamp || stamp.classList.contains("stale") || Date.now() - heard < QUIET) return;
    stamp.append(Object.assign(document.createElement("b"), { textContent: "sambungan terputus" }));
    stamp.classList.add("stale");
  }, 1000);
  setInterval(() => isGone || look(), LOOK_AGAIN);
  if (wall.dataset.stream) open();
  else later(POLL * 10);
})();
