// The boxes and blanks of a sheet, and by what each is known again on another version of it.
export const raw = document.getElementById("record").textContent;
export const record = JSON.parse(raw);
export const fields = [...document.querySelectorAll("[data-at]")];
export const isBox = (field) => field.type === "checkbox";
export const boxes = fields.filter(isBox);
const one = (words) => words.replace(/\s+/g, " ").trim();
const nameOf = (field) => field.getAttribute("aria-label") || one((field.closest("label") || field).textContent);
export const names = new Map(fields.map((field) => [field, nameOf(field)]));

// A step is known by its id, which a step that is put in before it does not change; its number may.
const stepKeys = (() => {
  const all = record.steps.map((step) => step.id);
  const nth = (place) => all.slice(0, place + 1).filter((id) => id === all[place]).length;
  const many = (id) => all.filter((each) => each === id).length;
  return new Map(
    record.steps.map((step, place) => [String(step.number), many(step.id) > 1 ? `${step.id} ${nth(place)} of ${many(step.id)}` : step.id]),
  );
})();
const titles = new Map(record.steps.map((step) => [String(step.number), step.title]));
const preparations = new Map(record.preparations.map((made) => [made.id, made.name]));

// The words of the line that a box or a blank stands in, with their figures.
const lineOf = (field) => {
  const line = field.closest("tr, li, h3, dl > div, p") || field.parentElement;
  return (line.cells ? [...line.cells] : [line])
    .map((part) => one(part.textContent))
    .filter(Boolean)
    .join(", ");
};
// Numbers of references, of other steps, and of the line in its list are not part of what it asks for.
const meant = (words) =>
  one(
    words
      .replace(/ ?\[\d+(?:, ?\d+)*\]/g, "")
      .replace(/^\d+[.)] /, "")
      .replace(/\b(steps?) \d+(?:(?:, | and | to |–)\d+)*/g, "$1"),
  );
const isNumber = (part, place) => place > 0 && /^\d+$/.test(part);

// What is asked by a name (the lot of a reagent, the start of a step) is known by that name. A box, and whatever is counted within its
// step, is known by the words of its line: a tick is for the figures that it was given to, and an action put in before it shifts nothing.
export const keys = new Map();
export const byKey = new Map();
export const whats = new Map();
const groups = new Map();
const entries = fields.map((field) => {
  const path = JSON.parse(field.dataset.at);
  const place = path[0] === "steps" ? 1 : 0;
  const within = path.map((part, at) => (place && at === 1 ? stepKeys.get(part) : part));
  const isCounted = within.some((part, at) => at > place && isNumber(part, at));
  if (!isBox(field) && !isCounted) return { field, key: within, what: names.get(field) };
  const group = within.filter((part, at) => (place && at === 1) || !isNumber(part, at));
  const line = lineOf(field) || names.get(field);
  const head = { steps: titles, preparations }[path[0]]?.get(path[1]);
  return { field, group, words: meant(line), what: head ? `${head}: ${line}` : line };
});
const alike = new Map();
for (const each of entries.filter((each) => each.group)) {
  const name = JSON.stringify([each.group, each.words]);
  alike.set(name, [...(alike.get(name) || []), each]);
}
for (const same of alike.values())
  same.forEach((each, nth) => {
    each.key = [each.group, each.words, nth + 1, same.length];
  });
for (const each of entries) {
  const key = JSON.stringify(each.key);
  const group = JSON.stringify(each.group || each.key);
  keys.set(each.field, key);
  byKey.set(key, each.field);
  whats.set(each.field, each.what);
  groups.set(group, [...(groups.get(group) || []), each]);
}

// What stands here in place of a line of another version: the same words with other figures, or the only line of its kind.
const letters = (words) => words.replace(/[\d.,\u202f\s]+/g, " ");
export const insteadOf = (key) => {
  const [group, words] = JSON.parse(key);
  if (!Array.isArray(group)) return "";
  const here = groups.get(JSON.stringify(group)) || [];
  const like = here.filter((each) => letters(each.words) === letters(words));
  const only = like.length ? like : here;
  return only.length === 1 ? only[0].what : "";
};

// Paper cuts a blank at its width: beside each that is filled stands its value as words that wrap, which print shows instead.
const copies = new Map();
export const copy = (field) => {
  if (isBox(field)) return;
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
