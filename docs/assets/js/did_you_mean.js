// What stands under a search that lacks a word: the name that was meant, where one slip of a letter leads to it, and where else to look.
(() => {
  "use strict";

  const PLACES = [
    ["tables/index.html", "tables"],
    ["guide/words.html", "words"],
    ["faq/index.html", "questions"],
    ["symptoms/blot.html", "blots"],
    ["symptoms/plate.html", "plates"],
  ];

  function hint() {
    const meta = document.querySelector(".md-search-result__meta");
    if (!meta) return null;
    let place = meta.parentNode.querySelector(".search-hint");
    if (!place) {
      place = document.createElement("div");
      place.className = "search-hint";
      place.setAttribute("role", "status");
      meta.after(place);
    }
    place.replaceChildren();
    return place;
  }

  function ask(box, words) {
    box.value = words;
    box.focus();
    box.dispatchEvent(new KeyboardEvent("keyup"));
  }

  function offer(place, box, meant) {
    const line = document.createElement("p");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = meant;
    button.addEventListener("click", () => ask(box, meant));
    line.append("Did you mean ", button, "?");
    place.append(line);
  }

  function lead(place) {
    const { base } = JSON.parse(document.getElementById("__config").textContent);
    const line = document.createElement("p");
    line.append("Nothing here has these words. Look in: ");
    PLACES.forEach(([path, name], number) => {
      const link = document.createElement("a");
      link.href = new URL(path, new URL(`${base}/`, location.href)).href;
      link.textContent = name;
      line.append(number ? ", " : "", link);
    });
    line.append(".");
    place.append(line);
  }

  document.addEventListener("search-answered", ({ detail: { typed, lost, names, empty } }) => {
    const place = hint();
    const box = document.querySelector(".md-search__input");
    if (!place || !box || box.value !== typed || !lost.length) return;
    const { nearest } = window.benchsheetNames;
    const whole = nearest(typed, names);
    let meant = whole || typed;
    if (!whole) for (const word of lost) meant = meant.replace(word, nearest(word, names) || word);
    if (meant !== typed) offer(place, box, meant);
    else if (empty) lead(place);
  });
})();
