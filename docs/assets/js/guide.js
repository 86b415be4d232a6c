// A scenario asks one question at a time: of its cards this shows the one that the address names, with the trail of what was answered.
// Without this script all cards stand below one another, and each link leads to one of them.
(() => {
  "use strict";

  const guide = document.querySelector(".guide");
  if (!guide) return;

  const cards = new Map(); // by the id of the heading
  const headings = new Map();
  for (const card of guide.querySelectorAll(".card")) {
    const heading = card.querySelector("h3, h4");
    cards.set(heading.id, card);
    headings.set(heading.id, heading);
  }
  const start = cards.keys().next().value;
  const named = (link) => decodeURIComponent(link.hash.slice(1));
  const following = (id) => Array.from(cards.get(id).querySelectorAll("a.answer, a.onward"), named);
  const isTest = (id) => cards.get(id).classList.contains("test");
  const title = (id) => headings.get(id).textContent.replace(/¶\s*$/, "").trim();

  // Each card is reached from the start by the way with the fewest cards, unless the reader came by another.
  const before = new Map([[start, null]]);
  for (const id of before.keys()) {
    for (const next of following(id)) if (!before.has(next)) before.set(next, id);
  }
  function shortest(id) {
    const way = [];
    for (let at = id; at; at = before.get(at)) way.unshift(at);
    return way;
  }

  let path = [start];
  function extend(id) {
    const last = path[path.length - 1];
    if (path.includes(id)) return path.slice(0, path.indexOf(id) + 1);
    if (following(last).includes(id)) return [...path, id];
    const between = following(last).find((test) => following(test).includes(id)); // the next test stands below a reading
    return between ? [...path, between, id] : shortest(id);
  }

  const trail = document.createElement("nav");
  trail.className = "trail";
  trail.setAttribute("aria-label", "What you answered");
  guide.prepend(trail);

  const whole = document.createElement("button");
  whole.type = "button";
  whole.className = "md-button whole";
  guide.append(whole);
  whole.addEventListener("click", () => showAll(!guide.classList.contains("all")));
  function showAll(all) {
    guide.classList.toggle("all", all);
    for (const heading of guide.querySelectorAll("h4")) heading.setAttribute("aria-level", all ? "4" : "3"); // alone, it follows a heading of the page
    whole.textContent = all ? "Show one question at a time" : "Show all questions";
  }

  function link(words, id) {
    const made = document.createElement("a");
    made.href = `#${id}`;
    made.textContent = words;
    return made;
  }
  function show() {
    const now = path[path.length - 1];
    const shown = new Set([now, ...(isTest(now) ? [] : following(now))]);
    for (const [id, card] of cards) card.classList.toggle("now", shown.has(id));
    const list = document.createElement("ol");
    path.forEach((id, place) => {
      if (!isTest(id) || id === now) return;
      const item = document.createElement("li");
      const found = path[place + 1];
      item.append(link(title(id), id), ...(found === now ? [] : [" ", link(title(found), found)]));
      list.append(item);
    });
    trail.replaceChildren(list, link("Start again", start));
    trail.hidden = path.length === 1;
  }

  function target() {
    const id = decodeURIComponent(location.hash.slice(1));
    return cards.has(id) ? id : "";
  }
  function go() {
    const id = target();
    if (!id) return false;
    path = extend(id);
    show();
    (trail.hidden ? headings.get(id) : trail).scrollIntoView();
    if (headings.get(id).getBoundingClientRect().top > window.innerHeight / 2) headings.get(id).scrollIntoView();
    return true;
  }

  guide.classList.add("guided");
  showAll(false);
  show();
  window.addEventListener("hashchange", () => {
    if (!go()) return;
    const heading = headings.get(target());
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  });
  window.addEventListener("load", go); // after the page has its height
  go();
})();
