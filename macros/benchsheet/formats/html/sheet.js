// What a sheet does in a browser: it keeps what is filled in, clears it, and hands it out as JSON.
import { carry, compare, earlier, offer } from "./earlier.js";
import { boxes, copy, fields, isBox, keys, names, raw, record, whats } from "./fields.js";
import { answer, begun, day, forget, keeps, OFFERED, ours, readMine, readOthers, stamp, two, write } from "./storage.js";

const state = document.getElementById("state");
let mine = readMine();
let waits = false;

const tell = () => {
  const done = boxes.filter((box) => box.checked).length;
  const where = keeps ? "Kept in this browser only." : "This browser keeps nothing: export before you close the page.";
  const more = waits ? " More was filled in before: see the top of the page." : "";
  const since = begun(mine) ? ` Begun on ${begun(mine).slice(0, 16).replace("T", " ")}.` : " Not begun yet.";
  state.textContent = `${done} of ${boxes.length} boxes ticked.${since} ${where}${more}`;
};
const show = () => {
  for (const field of fields) {
    const kept = mine.fields.get(keys.get(field));
    const value = kept ? kept.value : "";
    if (isBox(field)) field.checked = value === true;
    else field.value = typeof value === "string" ? value : "";
    copy(field);
  }
  waits = offer(mine, decide);
  tell();
};
const again = () => {
  if (keeps) mine = readMine();
};
const decide = (other, what) => {
  again();
  if (what === "carry") carry(other.entry, mine);
  if (what === "remove") forget(other.key);
  if (other.old) answer(other);
  else if (what === "remove") mine.beside.delete(other.key);
  else mine.beside.set(other.key, other.last);
  write(mine);
  show();
  earlier.focus();
};
const change = (field) => {
  const value = isBox(field) ? field.checked : field.value;
  again();
  if (value) mine.fields.set(keys.get(field), { value, at: stamp(), what: whats.get(field) });
  else mine.fields.delete(keys.get(field));
  copy(field);
  write(mine);
  tell();
};
const answers = () => {
  const all = Object.create(null);
  for (const field of fields) {
    const steps = JSON.parse(field.dataset.at);
    const last = steps.pop();
    let here = all;
    for (const step of steps) here = here[step] ??= Object.create(null);
    const value = isBox(field) ? field.checked : field.value;
    const kept = mine.fields.get(keys.get(field));
    const leaf = { what: names.get(field), value };
    if (value && kept) leaf.at = kept.at;
    here[last] = Object.assign(here[last] || Object.create(null), leaf);
  }
  return all;
};
// What has no line here is handed out too, by its words, so that nothing is lost where it is removed.
const plainly = (entry) => ({ version: entry.version, inputs: entry.inputs, seal: entry.seal, filled: [...entry.fields.values()] });
const rest = () => {
  const strays = { ...mine, fields: new Map(compare(mine, mine).stray) };
  const others = readOthers().map((other) => (other.entry ? plainly(other.entry) : { unread: other.words }));
  return strays.fields.size ? [...others, plainly(strays)] : others;
};
const hand = () => {
  const names = { schema: "benchsheet-filled/1", digest: record.identity.inputs, identity: record.identity, seal: record.seal };
  const head = { ...names, exported: stamp(), filled: answers(), earlier: rest() };
  const words = `${JSON.stringify(head).slice(0, -1)},"record":${raw}}`;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([words], { type: "application/json" }));
  link.download = `${record.protocol.id.replace(/[^A-Za-z0-9-]/g, "-")}-${record.identity.inputs}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
};

document.addEventListener("input", (event) => {
  if (event.target.dataset.at) change(event.target);
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.id === "print") print();
  else if (button.id === "export") hand();
  else if (button.id === "clear") {
    if (!confirm("Begin anew? This clears every box and blank of this sheet in this browser.")) return;
    again();
    mine.fields = new Map();
    write(mine);
    show();
  } else if (button.className === "now") {
    const field = button.previousElementSibling;
    const now = new Date();
    const planned = button.closest("[data-day]").dataset.day;
    const clock = `${two(now.getHours())}:${two(now.getMinutes())}`;
    field.value = day(now) === planned ? clock : `${day(now)} ${clock}`;
    change(field);
  }
});
addEventListener("storage", (event) => {
  if (event.key === null || event.key === OFFERED || event.key.startsWith(ours)) {
    again();
    show();
  }
});
for (const button of document.querySelectorAll(".now")) button.hidden = false;
document.getElementById("bar").hidden = false;
write(mine);
show();
