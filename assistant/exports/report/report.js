"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const root = document.documentElement;
  const views = ["overview", "sheets", "departments", "matrix", "script", "continuity"].filter((id) => document.getElementById(id));
  const find = document.getElementById("find");
  const card = document.getElementById("card");
  const body = document.getElementById("card-body");
  const cell = data.cell;
  let opener = null;

  /* ---- small tools ---- */
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const make = (tag, attributes = {}, ...children) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children.filter((child) => child !== null && child !== ""));
    return node;
  };
  const scene = (ordinal) => data.scenes[ordinal] || [String(ordinal), ""];
  const element = (place) => {
    const [ordinal, kind, name, line, quote, implied, status, source, quantity] = data.elements[place];
    return { place, ordinal, kind, name, line, quote, implied, status, source, quantity };
  };

  /* ---- views: one at a time, named by the address ---- */
  const show = (view) => {
    root.dataset.view = view;
    for (const link of all("nav a")) {
      if (link.dataset.view === view) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    filter();
  };
  const follow = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1))) || document.getElementById("overview");
    const view = target.closest(".view");
    if (!view) return;
    show(view.id);
    if (target === view) { scrollTo(0, 0); return; }
    const part = target.closest(".item, .dept");
    if (part) part.hidden = false;
    if (/^l\d/.test(target.id)) light(target);
    settle(target);
    if (target.matches("article")) target.focus({ preventScroll: true });
  };
  const settle = (target) => {
    // Parts out of sight have a guessed height, so the first jump may land beside the target.
    target.scrollIntoView({ block: target.matches("p") ? "center" : "start" });
    requestAnimationFrame(() => target.scrollIntoView({ block: target.matches("p") ? "center" : "start" }));
  };
  const go = (hash) => { if (location.hash === hash) follow(); else location.hash = hash; };

  /* ---- search and filters ---- */
  const texts = new WeakMap();
  const text = (item) => {
    if (!texts.has(item)) texts.set(item, item.textContent.toLowerCase());
    return texts.get(item);
  };
  const off = new Set();
  function filter() {
    const words = find.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    const view = document.getElementById(root.dataset.view);
    const items = all(".item", view);
    let count = 0;
    for (const item of items) {
      const wanted = !off.has(item.dataset.strip) && words.every((word) => text(item).includes(word));
      item.hidden = !wanted;
      count += wanted;
    }
    for (const dept of all(".dept", view)) dept.hidden = !dept.querySelector(".item:not([hidden])");
    for (const button of all("#sheets button.e", view)) {
      button.classList.toggle("hit", words.length > 0 && words.some((word) => text(button).includes(word)));
    }
    const nouns = { sheets: "scenes", script: "scenes", departments: "elements", matrix: "characters", continuity: "rows" };
    const noun = nouns[view.id];
    const narrowed = noun && (words.length || count < items.length);
    document.getElementById("found").textContent = narrowed ? `${count} of ${items.length} ${noun}` : "";
    paint(view.id === "script" ? words : [], items);
  }
  function paint(words, items) {
    if (!CSS.highlights) return;
    CSS.highlights.delete("found");
    const ranges = [];
    for (const item of words.length ? items : []) {
      if (item.hidden) continue;
      const walker = document.createTreeWalker(item, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node && ranges.length < 2000; node = walker.nextNode()) {
        const low = node.data.toLowerCase();
        for (const word of words) {
          for (let at = low.indexOf(word); at >= 0 && at + word.length <= node.length; at = low.indexOf(word, at + word.length)) {
            const range = new Range();
            range.setStart(node, at);
            range.setEnd(node, at + word.length);
            ranges.push(range);
          }
        }
      }
    }
    if (ranges.length) CSS.highlights.set("found", new Highlight(...ranges));
  }
  let waiting = 0;
  find.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      if (root.dataset.view === "overview" && find.value.trim()) go("#sheets");
      filter();
    }, 90);
  });
  find.addEventListener("keydown", (event) => {
    // A scene's own number and Enter leads there.
    if (event.key !== "Enter") return;
    const wanted = find.value.trim().toLowerCase();
    const ordinal = data.order.find((one) => scene(one)[0].toLowerCase() === wanted);
    if (ordinal === undefined) return;
    clearTimeout(waiting);
    find.value = "";
    find.blur();
    go(`#${root.dataset.view === "script" ? "c" : "s"}${ordinal}`);
  });
  document.getElementById("strips").addEventListener("change", (event) => {
    if (event.target.checked) off.delete(event.target.value); else off.add(event.target.value);
    if (root.dataset.view === "overview") go("#sheets");
    filter();
  });
  const kinds = document.getElementById("kinds");
  const kind = (box) => document.body.classList.toggle(`no-${box.value}`, !box.checked);
  kinds.addEventListener("change", (event) => kind(event.target));
  kinds.addEventListener("click", (event) => {
    if (event.target.dataset.all === undefined) return;
    for (const box of all("input", kinds)) { box.checked = Boolean(event.target.dataset.all); kind(box); }
  });

  /* ---- the card: what, where, in which words ---- */
  const context = (line) => {
    const target = document.getElementById(`l${line}`);
    if (!target) return [];
    const near = [];
    for (let node = target.previousElementSibling, n = 0; node && n < 2; node = node.previousElementSibling, n += 1) near.unshift(node);
    near.push(target);
    if (target.nextElementSibling) near.push(target.nextElementSibling);
    return near.map((node) => ({ said: node === target, words: (node.querySelector("span") || node).textContent }));
  };
  const quoted = (one) => {
    const box = make("div", { class: `quote k-${data.categories[one.kind][0]}` });
    const around = context(one.line);
    for (const { said, words } of around.length ? around : [{ said: true, words: one.quote }]) {
      const at = said ? words.indexOf(one.quote) : -1;
      const parts = at < 0 ? [words] : [
        words.slice(0, at), make("mark", { class: `k-${data.categories[one.kind][0]}` }, one.quote), words.slice(at + one.quote.length),
      ];
      box.append(make("p", said ? { class: "said" } : {}, ...parts));
    }
    return box;
  };
  const also = (one) => {
    const same = data.elements.map((_, place) => element(place)).filter(
      (other) => other.place !== one.place && other.kind === one.kind && other.name.toLowerCase() === one.name.toLowerCase(),
    );
    if (!same.length) return "";
    const buttons = same.slice(0, 60).map((other) => make("button", { class: "at", "data-e": other.place }, scene(other.ordinal)[0]));
    return make("p", { class: `also k-${data.categories[one.kind][0]}` }, "Also in ", ...buttons);
  };
  const proof = (place) => {
    const one = element(place);
    const [key, label] = data.categories[one.kind];
    const [number, heading] = scene(one.ordinal);
    const facts = [
      ["Scene", `${number} · ${heading}`], ["Line", String(one.line)],
      ["Status", one.status + (one.implied ? ", implied by the quote" : "")], ["Proposed by", data.sources[one.source]],
    ];
    return make("section", { class: "proof" },
      make("p", { class: "kind" }, make("i", { class: `dot k-${key}` }), label),
      make("h2", {}, (one.quantity > 1 ? `${one.quantity} × ` : "") + one.name),
      quoted(one),
      make("dl", {}, ...facts.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)])),
      make("p", { class: "go" },
        make("a", { href: `#l${one.line}`, "data-line": one.line }, "Show in the script"),
        make("a", { href: `#s${one.ordinal}` }, "Breakdown sheet")),
      also(one));
  };
  const press = (places) => {
    for (const node of all('[aria-pressed="true"]')) node.removeAttribute("aria-pressed");
    for (const place of places) for (const node of all(`[data-e~="${place}"]`)) node.setAttribute("aria-pressed", "true");
  };
  const open = (places, from) => {
    if (!card.contains(from)) opener = from;
    body.replaceChildren(...places.map(proof));
    body.querySelector("h2").id = "card-h";
    press(places);
    card.hidden = false;
    document.body.classList.add("open");
    card.scrollTop = 0;
    card.focus({ preventScroll: true });
    if (root.dataset.view === "script") light(document.getElementById(`l${element(places[0]).line}`));
    else if (from.isConnected) from.scrollIntoView({ block: "nearest" });
  };
  const close = () => {
    card.hidden = true;
    document.body.classList.remove("open");
    press([]);
    unlight();
    if (opener && opener.isConnected) opener.focus({ preventScroll: true });
  };
  const unlight = () => { for (const node of all(".lit")) node.classList.remove("lit"); };
  const light = (line) => {
    unlight();
    if (line) line.classList.add("lit");
  };

  /* ---- the matrix ---- */
  const grid = document.querySelector(".grid");
  const column = (event) => {
    const line = event.target.closest(".line");
    if (!line) return null;
    const ordinal = data.order[Math.floor((event.clientX - line.getBoundingClientRect().left) / cell)];
    return ordinal === undefined ? null : ordinal;
  };
  grid.addEventListener("mousemove", (event) => {
    const ordinal = column(event);
    document.getElementById("readout").textContent = ordinal === null ? "" : scene(ordinal).join(" · ");
  });

  /* ---- what a click and a key do ---- */
  document.addEventListener("click", (event) => {
    const target = event.target;
    const place = target.closest("[data-e]");
    const line = target.closest("[data-line]");
    const strip = target.closest("[data-s]");
    const ordinal = column(event);
    if (place) open(place.dataset.e.split(" ").map(Number), place);
    else if (line) { event.preventDefault(); go(`#l${line.dataset.line}`); }
    else if (strip) go(`#s${strip.dataset.s}`);
    else if (ordinal !== null) go(`#s${ordinal}`);
  });
  const step = (by) => {
    const items = all("article.item:not([hidden])", document.getElementById(root.dataset.view));
    if (!items.length) return;
    const top = items.findIndex((item) => item.getBoundingClientRect().bottom > 80);
    const now = items.includes(document.activeElement) ? items.indexOf(document.activeElement) : top - (by > 0 ? 1 : 0);
    const next = items[Math.max(0, Math.min(items.length - 1, now + by))];
    next.focus({ preventScroll: true });
    settle(next);
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      if (!card.hidden) close();
      else if (document.activeElement === find) { find.value = ""; filter(); find.blur(); }
      return;
    }
    const target = event.target;
    if ((event.key === "Enter" || event.key === " ") && target.matches("mark")) { event.preventDefault(); target.click(); return; }
    if (target.matches("input")) return;
    if (event.key === "/") { event.preventDefault(); find.focus(); find.select(); }
    else if (event.key === "j" || event.key === "k") step(event.key === "j" ? 1 : -1);
    else if (views[Number(event.key) - 1]) go(`#${views[Number(event.key) - 1]}`);
  });
  document.getElementById("close").addEventListener("click", close);
  document.getElementById("print").addEventListener("click", () => print());
  document.getElementById("theme").addEventListener("click", () => {
    const dark = getComputedStyle(root).colorScheme === "dark" || (root.style.colorScheme === "" && matchMedia("(prefers-color-scheme: dark)").matches);
    root.style.colorScheme = dark ? "light" : "dark";
  });
  addEventListener("hashchange", follow);

  root.classList.add("js");
  follow();
})();
