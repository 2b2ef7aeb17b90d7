"use strict";
// Live pages, the what-if form, local times and confirmations. Every page also works without this script.
(() => {
  const live = document.getElementById("live");
  const isLive = document.body.hasAttribute("data-live");

  function localTimes(root) {
    for (const time of root.querySelectorAll("time[datetime]")) {
      time.title = new Date(time.dateTime).toLocaleString();
    }
  }

  let loading = false;
  let pending = false;

  // Takes the content of the same page anew, unless the reader is typing in it.
  async function refresh() {
    if (loading) { pending = true; return; }
    loading = true;
    try {
      const response = await fetch(location.href, { credentials: "same-origin" });
      if (!response.ok) return;
      const next = new DOMParser().parseFromString(await response.text(), "text/html");
      const main = document.getElementById("content");
      const content = next.getElementById("content");
      const active = document.activeElement;
      if (main.contains(active) && active !== main && active.matches("input, select, textarea")) return;
      const focused = active && main.contains(active) ? active.getAttribute("href") : null;
      const open = [...main.querySelectorAll("details")].map((d) => d.open);
      main.replaceChildren(...content.childNodes);
      main.querySelectorAll("details").forEach((d, i) => { d.open = open[i] ?? d.open; });
      if (focused) main.querySelector(`[href="${CSS.escape(focused)}"]`)?.focus();
      localTimes(main);
    } finally {
      loading = false;
      if (pending) { pending = false; refresh(); }
    }
  }

  let heardAt = 0;

  function show(state, text) {
    if (live.dataset.state === state) return;
    live.dataset.state = state;
    live.textContent = text;
  }

  function follow() {
    const events = new EventSource(document.body.dataset.events);
    let first = true;
    events.addEventListener("status", () => {
      heardAt = Date.now();
      show("live", "live");
      if (!first) refresh();
      first = false;
    });
    events.addEventListener("ping", () => { heardAt = Date.now(); show("live", "live"); });
    events.addEventListener("error", () => {
      show("stale", "connection lost, trying again");
      if (events.readyState === EventSource.CLOSED) setTimeout(follow, 2000);
    });
    events.addEventListener("open", () => { heardAt = Date.now(); show("live", "live"); if (!first) refresh(); });
  }

  if (isLive) {
    follow();
    setInterval(() => {
      if (heardAt && Date.now() - heardAt > 30000) show("stale", "out of date");
    }, 1000);
  }

  // A form marked data-instant answers while its reader types.
  for (const form of document.querySelectorAll("form[data-instant]")) {
    const target = document.getElementById(form.dataset.instant);
    let timer;
    let latest = 0;
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(async () => {
        const number = ++latest;
        const query = new URLSearchParams(new FormData(form));
        const response = await fetch(`${form.action}?${query}`, { credentials: "same-origin" });
        if (number !== latest) return;
        const next = new DOMParser().parseFromString(await response.text(), "text/html");
        const part = next.getElementById(form.dataset.instant);
        if (part) { target.replaceChildren(...part.childNodes); localTimes(target); }
      }, 150);
    });
  }

  // A file's lines go into the text field, where they can be seen before they are sent.
  for (const file of document.querySelectorAll("input[data-into]")) {
    file.addEventListener("change", async () => {
      const field = document.getElementById(file.dataset.into);
      if (file.files[0]) field.value = await file.files[0].text();
    });
  }

  for (const box of document.querySelectorAll("input[data-all]")) {
    box.addEventListener("change", () => {
      for (const other of document.querySelectorAll(`input[name="${box.dataset.all}"]`)) other.checked = box.checked;
    });
  }

  localTimes(document);
})();
