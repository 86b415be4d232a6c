// What the browser keeps of a run: one entry for each version of its sheet, so that no version writes over another.
import { byKey, fields, record, whats } from "./fields.js";

const { run, engine } = record.identity;
export const { inputs } = record.identity;
const seal = record.seal || `unsealed ${inputs} ${engine.build}`;
export const ours = `benchsheet:${run}:`;
const place = ours + seal;
const OLD = /^benchsheet [0-9a-f]{16}$/;
export const OFFERED = "benchsheet:offered";
export let keeps = true;
let isFree = true;

export const two = (number) => String(number).padStart(2, "0");
export const day = (now) => `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
export const stamp = () => {
  const now = new Date();
  const off = -now.getTimezoneOffset();
  const size = Math.abs(off);
  return (
    day(now) +
    "T" +
    two(now.getHours()) +
    ":" +
    two(now.getMinutes()) +
    ":" +
    two(now.getSeconds()) +
    (off < 0 ? "-" : "+") +
    two(Math.floor(size / 60)) +
    ":" +
    two(size % 60)
  );
};

// The only four that touch the browser's store, which may be refused as a whole.
const load = (key) => {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
};
const list = () => {
  try {
    return Object.keys(localStorage).sort();
  } catch {
    return [];
  }
};
const store = (key, words) => {
  try {
    localStorage.setItem(key, words);
    return true;
  } catch {
    return false;
  }
};
export const forget = (key) => {
  try {
    localStorage.removeItem(key);
    return true;
  } catch {
    return false;
  }
};

const nothing = () => ({ inputs, seal, version: record.protocol.version, fields: new Map(), beside: new Map() });
const isText = (words) => typeof words === "string";
const isFilled = (each) => (each.value === true || (isText(each.value) && each.value !== "")) && isText(each.at) && isText(each.what);
const parse = (words) => {
  try {
    const entry = JSON.parse(words);
    const pairs = Object.entries(entry.fields);
    for (const [key, each] of pairs) {
      if (!isFilled(each) || !Array.isArray(JSON.parse(key))) return null;
    }
    if (![entry.seal, entry.inputs, entry.version].every(isText)) return null;
    return { ...entry, fields: new Map(pairs), beside: new Map(Object.entries(entry.beside || {})) };
  } catch {
    return null;
  }
};
// Whatever cannot be read, or is of other figures, is put aside under a name of its own before anything is written in its place.
export const readMine = () => {
  const words = load(place);
  if (words === null) return nothing();
  const entry = parse(words);
  if (entry && entry.seal === seal) return entry;
  let aside = `${place}:aside`;
  while (load(aside) !== null && load(aside) !== words) aside += "+";
  if (store(aside, words)) forget(place);
  else isFree = false;
  return nothing();
};
// The day and time of the first thing that was filled in: what is changed later, or taken out again, does not move it.
const first = (a, b) => (Date.parse(b) < Date.parse(a) ? b : a);
export const begun = (entry) => {
  const all = [...entry.fields.values()].map((each) => each.at);
  if (all.length && isText(entry.begun)) all.push(entry.begun);
  return all.length ? all.reduce(first) : "";
};
export const write = (entry) => {
  entry.begun = begun(entry) || undefined;
  const plain = { ...entry, inputs, fields: Object.fromEntries(entry.fields), beside: Object.fromEntries(entry.beside) };
  if (!isFree) keeps = false;
  else keeps = entry.fields.size || entry.beside.size ? store(place, JSON.stringify(plain)) : forget(place);
};
const timesOf = (entry) => [...entry.fields.values()].map((each) => each.at).sort((a, b) => Date.parse(a) - Date.parse(b));
const lastOf = (entry) => timesOf(entry).pop() || "";

// The other versions of this run. One whose text cannot be read has no entry.
export const readOthers = () =>
  list()
    .filter((key) => key.startsWith(ours) && key !== place)
    .map((key) => {
      const words = load(key) || "";
      const entry = parse(words);
      return { key, words, entry, last: entry ? lastOf(entry) : "unread" };
    })
    .filter((other) => !other.entry || other.entry.fields.size);

// Sheets of before there was a run kept paths alone, without the words that they stood for. Of these no box can be known again, and
// of the steps nothing; each is listed by its path. They are offered where most of their paths are of this sheet, until answered once.
const readAnswers = () => {
  try {
    return [JSON.parse(load(OFFERED) || "[]")].flat();
  } catch {
    return [];
  }
};
export const readOld = () =>
  list()
    .filter((key) => OLD.test(key) && !readAnswers().includes(key))
    .map((key) => {
      const words = load(key) || "";
      try {
        const paths = Object.entries(JSON.parse(words));
        const pairs = new Map();
        const here = new Set(fields.map((field) => field.dataset.at));
        if (!paths.length || paths.filter(([path]) => here.has(path)).length * 2 < paths.length) return null;
        for (const [path, [value, at]] of paths) {
          const known = value !== true && !path.startsWith('["steps"') && byKey.has(path);
          const each = { value, at: String(at), what: known ? whats.get(byKey.get(path)) : JSON.parse(path).join(", ") };
          if (isFilled(each)) pairs.set(known ? path : JSON.stringify(["old", path]), each);
        }
        const entry = { fields: pairs, version: "", inputs: key.slice(11) };
        return { key, words, entry, old: true, last: lastOf(entry) };
      } catch {
        return null;
      }
    })
    .filter((old) => old?.entry.fields.size);
export const answer = (old) => store(OFFERED, JSON.stringify([...readAnswers(), old.key]));
