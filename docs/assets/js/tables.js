// Tables of figures: a button in each header sorts, one box filters. Without this file the tables are plain.
(() => {
  "use strict";

  const NONE = "–";
  const FEWEST = 4; // a table of fewer rows has no box
  // What a unit is of the smallest that a bench shows, so that 500 µL comes before 1 mL. Other units stand alone in their column.
  const UNITS = {
    µL: 1,
    mL: 1e3,
    L: 1e6,
    pM: 1,
    nM: 1e3,
    µM: 1e6,
    mM: 1e9,
    M: 1e12,
    ng: 1,
    µg: 1e3,
    mg: 1e6,
    g: 1e9,
    s: 1,
    min: 60,
    h: 3600,
  };

  // One spelling for what is typed in several: µL and uL, β-catenin and beta-catenin, IC₅₀ and IC50.
  function plain(text) {
    return text
      .replace(/\u202f/g, "")
      .normalize("NFKC")
      .toLowerCase()
      .replace(/μ/g, "u")
      .replace(/β/g, "beta")
      .replace(/γ/g, "g")
      .replace(/[\u2010-\u2015\u2212]/g, "-")
      .replace(/\s+/g, " ");
  }

  // The number with which a cell begins, in the smallest unit; NaN if it begins with a word.
  function figure(text) {
    const words = text
      .trim()
      .replace(/\u202f/g, "")
      .split(/\s+/);
    if (!/^\d+(\.\d+)?$/.test(words[0])) return NaN;
    const unit = words.slice(1).find((word) => word.replace(/[(),;]/g, "") in UNITS);
    return Number(words[0]) * (unit ? UNITS[unit.replace(/[(),;]/g, "")] : 1);
  }

  function sorted(rows, column, down) {
    const cells = new Map(rows.map((row) => [row, row.cells[column].textContent.trim()]));
    const told = rows.filter((row) => cells.get(row) !== NONE);
    const numbers = told.every((row) => !Number.isNaN(figure(cells.get(row))));
    told.sort(
      (one, two) =>
        (down ? -1 : 1) *
        (numbers
          ? figure(cells.get(one)) - figure(cells.get(two))
          : cells.get(one).localeCompare(cells.get(two), "en", { numeric: true, sensitivity: "base" })),
    );
    return told.concat(rows.filter((row) => cells.get(row) === NONE)); // what is not told comes last, up or down
  }

  function sortable(table, body, say) {
    const first = Array.from(body.rows);
    const heads = Array.from(table.tHead.rows[0].cells);
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "table-sort";
      button.append(...head.childNodes);
      head.append(button);
      head.scope = "col";
      button.addEventListener("click", () => {
        const now = head.getAttribute("aria-sort");
        const next = now === "ascending" ? "descending" : now === "descending" ? "" : "ascending";
        for (const other of heads) other.removeAttribute("aria-sort");
        if (next) head.setAttribute("aria-sort", next);
        body.append(...(next ? sorted(first, column, next === "descending") : first));
        say(next ? `sorted by ${button.textContent}, ${next}` : "in the order of the page");
      });
    });
  }

  function filterable(region, body, say, count, number) {
    const rows = Array.from(body.rows);
    const { fold } = window.benchsheetNames;
    const words = new Map(rows.map((row) => [row, plain(row.textContent)]));
    const cells = new Map(
      rows.map((row) => [
        row,
        Array.from(row.cells)
          .flatMap((cell) => cell.textContent.split(/[,;]/))
          .map(fold),
      ]),
    );
    const bar = document.createElement("p");
    const label = document.createElement("label");
    const box = document.createElement("input");
    bar.className = "table-filter";
    box.type = "search";
    box.id = `table-filter-${number}`;
    box.autocomplete = "off";
    label.htmlFor = box.id;
    label.textContent = `Filter: ${region.getAttribute("aria-label")}`;
    bar.append(label, box, count);
    region.before(bar);

    function filter() {
      const wanted = plain(box.value).trim().split(" ");
      const name = fold(box.value); // VS6063 and ovcar-8 are written otherwise here
      rows.forEach((row) => {
        row.hidden = !wanted.every((word) => words.get(row).includes(word)) && !(name && cells.get(row).some((part) => part.includes(name)));
      });
      say("");
    }
    box.addEventListener("input", filter);
    // A link to a row that the filter hides shows it again.
    return function reveal(row) {
      if (!row.hidden) return;
      box.value = "";
      filter();
    };
  }

  function start() {
    const reveals = new Map();
    document.querySelectorAll(".table-figures table").forEach((table, number) => {
      const region = table.closest(".table-figures");
      const body = table.tBodies[0];
      if (region.dataset.sortable || !table.tHead || !body) return;
      region.dataset.sortable = "yes";
      const count = document.createElement("span");
      count.className = "table-count";
      count.setAttribute("role", "status");
      count.setAttribute("aria-live", "polite");
      const say = (more) => {
        const shown = Array.from(body.rows).filter((row) => !row.hidden).length;
        count.textContent = `${shown} of ${body.rows.length} rows${more ? `, ${more}` : ""}`;
      };
      sortable(table, body, say);
      if (body.rows.length >= FEWEST) reveals.set(body, filterable(region, body, say, count, number));
      else region.after(count);
      if (body.rows.length >= FEWEST) say("");
    });

    function show(id) {
      const row = id && document.getElementById(decodeURIComponent(id))?.closest("tr");
      if (!row) return;
      reveals.get(row.parentNode)?.(row);
      row.scrollIntoView({ block: "center" });
    }
    document.addEventListener("click", (event) => {
      const link = event.target instanceof Element && event.target.closest('a[href*="#"]');
      if (link && link.pathname === location.pathname) show(link.hash.slice(1));
    });
    addEventListener("hashchange", () => show(location.hash.slice(1)));
    addEventListener("load", () => show(location.hash.slice(1))); // the boxes above the tables have moved the row since the browser went to it
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
