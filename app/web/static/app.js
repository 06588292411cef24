// Small manners of the pages; everything works without this file.
"use strict";

// "/" goes to the search box, as in other tools officers know.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const box = document.querySelector("[data-slash]");
    if (box) {
      event.preventDefault();
      box.focus();
      box.select();
    }
  }
});

// From the search box the arrows go through what it offers and what it found; Escape goes back to the box.
document.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const box = document.querySelector("#q");
  if (!box || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const stops = [box, ...document.querySelectorAll("[data-keys] > a, [data-keys] .hit-title")];
  const here = stops.indexOf(document.activeElement);
  const next = event.key === "Escape" && here > 0 ? box : here >= 0 && step && stops[here + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
});

// While an input method composes Chinese, the box holds half-typed pinyin: ask only when it is done.
let composing = false;
document.addEventListener("compositionstart", () => { composing = true; });
document.addEventListener("compositionend", (event) => {
  composing = false;
  event.target.dispatchEvent(new Event("input", { bubbles: true }));
});
document.addEventListener("htmx:beforeRequest", (event) => {
  if (composing) event.preventDefault();
});

// The link to this page's data follows the address, which changes as facts are ticked.
document.addEventListener("htmx:afterSettle", () => {
  const twin = document.querySelector("[data-twin]");
  if (twin) twin.href = (location.pathname === "/" ? "/search" : location.pathname) + ".json" + location.search;
});

// Without a server at hand an answer must not look current.
document.addEventListener("htmx:sendError", (event) => {
  const line = document.createElement("p");
  line.className = "fault";
  line.setAttribute("role", "alert");
  line.textContent = "连接不上服务，下面的内容没有更新：检查服务是否仍在运行";
  const target = event.detail.target;
  target.querySelectorAll(":scope > .fault").forEach((old) => old.remove());
  target.prepend(line);
});

// J and K go to the next and the previous finding of a review; its words in the paper are outlined.
document.addEventListener("keydown", (event) => {
  const step = { j: 1, k: -1 }[event.key.toLowerCase()];
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (!step || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const all = [...document.querySelectorAll("[data-finding]")];
  if (!all.length) return;
  const here = all.indexOf(document.activeElement.closest("[data-finding]"));
  const next = here < 0 && step < 0 ? all.length - 1 : (here + step + all.length) % all.length;
  all[next].focus({ preventScroll: true });
  all[next].scrollIntoView({ block: "center" });
});
document.addEventListener("focusin", (event) => {
  const card = event.target.closest("[data-finding]");
  document.querySelectorAll("mark.now").forEach((old) => old.classList.remove("now"));
  if (card) document.querySelectorAll(`mark[data-of~="${card.id}"]`).forEach((words) => words.classList.add("now"));
});

// A link to something inside a closed part opens that part.
window.addEventListener("hashchange", () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let part = target?.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
  target?.scrollIntoView();
});
