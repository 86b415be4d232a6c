"use strict";
(() => {
  const raw = document.getElementById("record").textContent;
  const record = JSON.parse(raw);
  const place = "benchsheet " + record.digest;
  const fields = [...document.querySelectorAll("[data-at]")];
  const state = document.getElementById("state");
  const boxes = fields.filter((field) => field.type === "checkbox");
  const named = (field) => field.getAttribute("aria-label") || (field.closest("label") || field).textContent.trim();
  const names = new Map(fields.map((field) => [field, named(field)]));
  let keeps = true;

  const read = () => {
    try {
      const found = JSON.parse(localStorage.getItem(place) || "{}");
      return found && typeof found === "object" ? new Map(Object.entries(found)) : new Map();
    } catch { return new Map(); }
  };
  let filled = read();
  const keep = () => {
    try {
      if (filled.size) localStorage.setItem(place, JSON.stringify(Object.fromEntries(filled)));
      else localStorage.removeItem(place);
      keeps = true;
    } catch { keeps = false; }
  };
  const tell = () => {
    const done = boxes.filter((box) => box.checked).length;
    state.textContent = done + " of " + boxes.length + " boxes ticked. " + (keeps ? "Kept in this browser only."
      : "This browser keeps nothing: export before you close the page.");
  };
  // Paper cuts a blank at its width: beside each that is filled stands its value as words that wrap, which print shows instead.
  const copies = new Map();
  const copy = (field) => {
    if (field.type === "checkbox") return;
    field.classList.toggle("written", field.value !== "");
    if (!copies.has(field)) {
      if (field.value === "") return;
      const words = document.createElement("span");
      words.setAttribute("aria-hidden", "true");
      copies.set(field, words);
      field.before(words);
    }
    copies.get(field).className = field.value === "" ? "" : "copy";
    copies.get(field).textContent = field.value;
  };
  const show = () => {
    for (const field of fields) {
      const value = (filled.get(field.dataset.at) || [])[0];
      if (field.type === "checkbox") field.checked = value === true;
      else field.value = typeof value === "string" ? value : "";
      copy(field);
    }
    tell();
  };
  const two = (number) => String(number).padStart(2, "0");
  const day = (now) => now.getFullYear() + "-" + two(now.getMonth() + 1) + "-" + two(now.getDate());
  const stamp = () => {
    const now = new Date(), off = -now.getTimezoneOffset(), size = Math.abs(off);
    return day(now) + "T" + two(now.getHours()) + ":" + two(now.getMinutes()) + ":" + two(now.getSeconds())
      + (off < 0 ? "-" : "+") + two(Math.floor(size / 60)) + ":" + two(size % 60);
  };
  const change = (field) => {
    const value = field.type === "checkbox" ? field.checked : field.value;
    if (keeps) filled = read();
    if (value) filled.set(field.dataset.at, [value, stamp()]);
    else filled.delete(field.dataset.at);
    copy(field);
    keep();
    tell();
  };
  const answers = () => {
    const all = Object.create(null);
    for (const field of fields) {
      const steps = JSON.parse(field.dataset.at);
      const last = steps.pop();
      let here = all;
      for (const step of steps) here = here[step] ??= Object.create(null);
      const value = field.type === "checkbox" ? field.checked : field.value;
      const kept = filled.get(field.dataset.at);
      const leaf = { what: names.get(field), value };
      if (value && kept) leaf.at = kept[1];
      here[last] = Object.assign(here[last] || Object.create(null), leaf);
    }
    return all;
  };
  const hand = () => {
    const head = { schema: "benchsheet-filled/1", digest: record.digest, exported: stamp(), filled: answers() };
    const words = JSON.stringify(head).slice(0, -1) + ',"record":' + raw + "}";
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([words], { type: "application/json" }));
    link.download = record.protocol.id.replace(/[^A-Za-z0-9-]/g, "-") + "-" + record.digest + ".json";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };

  document.addEventListener("input", (event) => { if (event.target.dataset.at) change(event.target); });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.id === "print") print();
    else if (button.id === "export") hand();
    else if (button.id === "clear") {
      if (!confirm("Clear every box and blank of this sheet in this browser?")) return;
      filled = new Map();
      keep();
      show();
    } else if (button.className === "now") {
      const field = button.previousElementSibling, now = new Date();
      const planned = button.closest("[data-day]").dataset.day;
      field.value = (day(now) === planned ? "" : day(now) + " ") + two(now.getHours()) + ":" + two(now.getMinutes());
      change(field);
    }
  });
  addEventListener("storage", (event) => { if (event.key === place || event.key === null) { filled = read(); show(); } });
  for (const button of document.querySelectorAll(".now")) button.hidden = false;
  document.getElementById("bar").hidden = false;
  keep();
  show();
})();
