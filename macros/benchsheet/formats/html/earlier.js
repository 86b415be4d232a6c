// What was filled in on another version of this run is shown above the sheet and never under figures that it was not filled in for.
import { byKey, insteadOf, isBox, whats } from "./fields.js";
import { inputs, readOld, readOthers } from "./storage.js";

export const earlier = document.getElementById("earlier");
const make = (name, words, ...parts) => {
  const made = document.createElement(name);
  if (words) made.textContent = words;
  made.append(...parts);
  return made;
};
const press = (words, act) => {
  const button = make("button", words);
  button.type = "button";
  button.addEventListener("click", act);
  return button;
};
const count = (number, word) => `${number} ${word}${number === 1 ? "" : word.endsWith("x") ? "es" : "s"}`;
const moment = (at) => at.slice(0, 16).replace("T", " ");

// What of an entry has its line here, what has none, and what is filled in here with something else.
export const compare = (entry, mine) => {
  const all = [...entry.fields];
  const here = (key, each) => byKey.has(key) && isBox(byKey.get(key)) === (each.value === true);
  return {
    fit: all.filter(([key, each]) => here(key, each) && !mine.fields.has(key)),
    stray: all.filter(([key, each]) => !here(key, each)),
    other: all.filter(([key, each]) => here(key, each) && mine.fields.has(key) && mine.fields.get(key).value !== each.value),
  };
};
export const carry = (entry, mine) => {
  for (const [key, each] of compare(entry, mine).fit) mine.fields.set(key, { ...each, what: whats.get(byKey.get(key)) });
};

const item = ([key, each]) => {
  const value = each.value === true ? "ticked" : each.value;
  const now = insteadOf(key);
  const line = make("li", `${each.what} (${value}, ${moment(each.at)})`);
  if (now) line.append(make("br"), make("b", `here: ${now}`));
  return line;
};
const details = (summary, rows) => make("details", "", make("summary", summary), make("ul", "", ...rows.map(item)));

const heading = (other) => {
  if (!other.entry) return "This browser keeps something for this run that cannot be read.";
  const all = [...other.entry.fields.values()];
  const ticked = all.filter((each) => each.value === true).length;
  const many = [
    [ticked, "box"],
    [all.length - ticked, "blank"],
  ].filter(([number]) => number);
  const what = many.map(([number, word]) => count(number, word)).join(" and ");
  const which = `protocol ${other.entry.version}, digest ${other.entry.inputs}`;
  const on = other.old ? "an earlier sheet" : which + (other.entry.inputs === inputs ? ", made by another version of the program" : "");
  return `${what} on ${on}; last on ${moment(other.last)}.`;
};
const sumUp = (other, mine) => {
  const { fit, stray, other: otherwise } = compare(other.entry, mine);
  const parts = [];
  const total = other.entry.fields.size;
  const same = total - stray.length;
  const differ = stray.length === 1 ? "1 differs or is not on this sheet" : `${stray.length} differ or are not on this sheet`;
  const rest = stray.length ? `, and ${differ}.` : ", which is all of them.";
  const words = `Of the lines filled in there, ${same} read the same here${rest}`;
  parts.push(make("p", `${words} Lines that were not filled in may differ too.`));
  if (stray.length) parts.push(details(`What differs: ${count(stray.length, "line")}`, stray));
  if (otherwise.length) parts.push(details(`Filled in here with something else, which stays: ${otherwise.length}`, otherwise));
  parts.push(details(`All that was filled in there: ${total}`, [...other.entry.fields]));
  return { parts, fit };
};

const SURE = "Remove what was filled in on that version from this browser? Export it first if you may need it.";
const NOT_NOTED = "That sheet did not note which figures its boxes stood for: they are listed, and not ticked here.";
const HOW = "Carry over fills in here what reads the same. Keep both leaves the other as it is, in a list at this place. Begin anew removes it.";

// One version with what can be done with it; *asks* where nothing was decided about it yet.
const article = (other, mine, asks, done) => {
  const made = make("article", "", make("p", "", make("b", heading(other))));
  const buttons = make("p");
  buttons.className = "buttons";
  if (other.entry) {
    const { parts, fit } = sumUp(other, mine);
    made.append(...parts);
    if (other.old) made.append(make("p", NOT_NOTED));
    if (fit.length) buttons.append(press("Carry over", () => done(other, "carry")));
  } else made.append(make("details", "", make("summary", "What is kept"), make("code", other.words)));
  if (asks) buttons.append(press(other.old ? "Leave it" : "Keep both", () => done(other, "keep")));
  const remove = () => {
    if (confirm(SURE)) done(other, "remove");
  };
  if (!other.old) buttons.append(press(asks && other.entry ? "Begin anew" : "Remove", remove));
  made.append(buttons);
  return made;
};

// Draws the band; returns whether something waits for an answer.
export const offer = (mine, done) => {
  const others = readOthers();
  const open = others.filter((other) => mine.beside.get(other.key) !== other.last);
  const closed = others.filter((other) => !open.includes(other));
  const old = readOld();
  const stray = compare(mine, mine).stray;
  const parts = [];
  if (stray.length) {
    const have = stray.length === 1 ? "has" : "have";
    const words = `${count(stray.length, "line")} that you filled in on this sheet ${have} other words now.`;
    parts.push(make("p", "", make("b", words)));
    parts.push(details("What you filled in", stray));
  }
  const articles = (some, asks) => some.map((other) => article(other, mine, asks, done));
  if (open.length) parts.push(make("h2", "Filled in on another version of this sheet"), ...articles(open, true), make("p", HOW));
  if (old.length) parts.push(make("h2", "Filled in before"), ...articles(old, true));
  if (closed.length) {
    const summary = make("summary", `${count(closed.length, "other version")} of this run kept in this browser`);
    parts.push(make("details", "", summary, ...articles(closed, false)));
  }
  earlier.replaceChildren(...parts);
  earlier.hidden = !parts.length;
  const waits = stray.length + open.length + old.length > 0;
  earlier.className = waits ? "asks" : "";
  return waits;
};
