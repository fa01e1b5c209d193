// The clock, news every other second, and forms that are sent again until they arrive. Nothing is fetched from elsewhere.
"use strict";
(() => {
  const body = document.body, main = document.getElementById("main"), home = body.dataset.home;
  let mark = body.dataset.mark, left = null, paused = false, at = Date.now(), phase = null, wrote = 0;
  const typed = new Set(), WRITING = 3000;  // a page is not exchanged under the hands of who is writing

  const show = () => {
    for (const clock of document.querySelectorAll("[data-clock]")) {
      if (left === null) { clock.textContent = ""; continue; }
      const seconds = Math.max(0, Math.ceil(left - (paused ? 0 : (Date.now() - at) / 1000)));
      clock.textContent = `${paused ? "❚❚ " : ""}${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
      clock.classList.toggle("late", seconds <= 15);
    }
  };

  const SVG = "http://www.w3.org/2000/svg", COLOURS = { demand: "#1a1a1a", shipped: "#0072b2", made: "#882255", stock: "#d55e00", owed: "#b3261e" };
  const DASH = { demand: "", shipped: "", made: "6 3", stock: "2 3", owed: "8 3 2 3" };
  const make = (name, given) => {
    const found = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(given)) found.setAttribute(key, value);
    return found;
  };
  let moving = 0, began = null;
  const run = () => {
    cancelAnimationFrame(moving);
    const box = document.querySelector("[data-days]");
    if (!box) { began = null; return; }
    const told = JSON.parse(box.dataset.days), many = told.days.length, panels = [["demand", "shipped", "made"], ["stock", "owed"]];
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches, lasts = 12000;
    began ??= performance.now();
    box.replaceChildren();
    const date = document.createElement("p"); date.className = "date"; box.append(date);
    const lines = [];
    for (const names of panels) {
      const top = Math.max(1, ...names.flatMap((name) => told[name])), svg = make("svg", { viewBox: "0 -4 360 124", role: "img" });
      svg.setAttribute("aria-label", names.map((name) => told.titles[name]).join(", "));
      svg.append(make("line", { x1: 0, x2: 360, y1: 112, y2: 112, class: "axis" }), make("line", { x1: 0, x2: 360, y1: 8, y2: 8, class: "axis" }));
      const scale = make("text", { x: 0, y: 6, class: "scale" });
      scale.textContent = Math.round(top).toLocaleString(document.documentElement.lang); svg.append(scale);
      const key = document.createElement("p"); key.className = "key";
      for (const name of names) {
        const line = make("polyline", { fill: "none", stroke: COLOURS[name], "stroke-width": 2.5, "stroke-dasharray": DASH[name] });
        svg.append(line); lines.push({ line, name, top });
        const mark = make("svg", { viewBox: "0 0 30 8", width: 30, height: 8, "aria-hidden": "true" });
        mark.append(make("line", { x1: 0, x2: 30, y1: 4, y2: 4, stroke: COLOURS[name], "stroke-width": 3, "stroke-dasharray": DASH[name] }));
        const label = document.createElement("span"); label.append(mark, ` ${told.titles[name]} `); const value = document.createElement("b");
        label.append(value); key.append(label); lines[lines.length - 1].value = value;
      }
      box.append(key, svg);
    }
    const draw = (now) => {
      const day = still ? many - 1 : Math.min(many - 1, Math.floor(((now - began) / lasts) * many));
      date.textContent = told.days[day];
      for (const { line, name, top, value } of lines) {
        line.setAttribute("points", told[name].slice(0, day + 1).map((v, k) => `${(k / Math.max(1, many - 1)) * 356 + 2},${112 - (v / top) * 104}`).join(" "));
        value.textContent = Math.round(told[name][day]).toLocaleString(document.documentElement.lang);
      }
      if (day < many - 1) moving = requestAnimationFrame(draw);
    };
    draw(performance.now());
  };

  const replace = (html) => {
    const kept = new Map(), open = [...main.querySelectorAll("details")].map((each) => each.open);
    for (const input of main.querySelectorAll("input, textarea, select"))
      if (typed.has(input.name)) kept.set(input.name, input.type === "checkbox" ? input.checked : input.value);
    const focused = document.activeElement && document.activeElement.name, top = window.scrollY;
    main.innerHTML = html;
    const details = [...main.querySelectorAll("details")];
    if (details.length === open.length) details.forEach((each, k) => { each.open = open[k]; });
    for (const input of main.querySelectorAll("input, textarea, select")) {
      if (kept.has(input.name) && input.type === "checkbox") input.checked = kept.get(input.name) === true;
      else if (kept.has(input.name) && input.type !== "hidden") input.value = kept.get(input.name);
      if (focused && input.name === focused) input.focus({ preventScroll: true });
    }
    window.scrollTo(0, top);
    show(); run();
  };

  const refresh = async () => {
    const answer = await (await fetch(`${home}/page`)).json();
    if (answer.gone) { location.reload(); return; }
    replace(answer.html);
  };

  const look = async () => {
    try {
      const told = await (await fetch(`${home}/news`)).json();
      if (told.gone) { location.reload(); return; }
      left = told.left; paused = told.paused; at = Date.now();
      const moved = phase !== `${told.round}:${told.phase}`;
      if (phase !== null && moved) window.scrollTo(0, 0);
      if (told.round !== undefined && phase !== null && !phase.startsWith(`${told.round}:`)) typed.clear();
      phase = `${told.round}:${told.phase}`;
      if (told.mark !== mark && (moved || mark === null || Date.now() - wrote > WRITING)) { mark = told.mark; await refresh(); }
      body.classList.remove("offline");
      show();
    } catch { body.classList.add("offline"); }
  };

  const send = async (form, data) => {
    const output = form.querySelector("output");
    output.textContent = body.dataset.sent;
    for (;;) {
      try {
        const sent = await fetch(form.getAttribute("action"), { method: "POST", body: data, headers: { "x-by": "script" } });
        if (sent.status === 500) { output.textContent = body.dataset.fault; output.className = "wrong"; return; }
        const answer = await sent.json();
        if (sent.status === 503) { output.textContent = answer.error; await new Promise((again) => setTimeout(again, 2000)); continue; }
        if (!answer.ok) { output.textContent = answer.error; output.className = "wrong"; return; }
        output.textContent = "";
        for (const input of form.elements) typed.delete(input.name);
        if (!home || !home.startsWith(answer.to)) { location.assign(answer.to); return; }
        mark = null; await look();
        return;
      } catch {
        output.textContent = body.dataset.lost;
        await new Promise((again) => setTimeout(again, 2000));
      }
    }
  };

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.classList.contains("live")) return;
    event.preventDefault();
    if (form.dataset.busy) return;
    form.dataset.busy = "1";
    try { await send(form, new URLSearchParams(new FormData(form, event.submitter))); } finally { delete form.dataset.busy; }
  });
  document.addEventListener("input", (event) => { wrote = Date.now(); if (event.target.name) typed.add(event.target.name); });
  document.addEventListener("pointerdown", () => { wrote = Date.now(); });
  document.addEventListener("focusin", (event) => { if (/^(INPUT|TEXTAREA)$/.test(event.target.tagName)) wrote = Date.now(); });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
    const act = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"] button`);
    if (act && event.key.length === 1) { event.preventDefault(); act.click(); }
  });

  if (home) {
    look(); run();
    setInterval(show, 250);
    setInterval(() => { if (!document.hidden || body.classList.contains("wall")) look(); }, 2000);
    document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  }
})();
