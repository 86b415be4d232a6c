// What the search is asked, beyond what was typed: without words that say nothing, whole words first, and a name in all the ways to write it.
(() => {
  "use strict";

  const searcher = window.Worker?.prototype;
  if (!searcher?.postMessage) return;

  const { fold } = window.benchsheetNames;
  const SETUP = 0; // what the theme calls its messages to the search
  const QUERY = 2;
  const RESULT = 3;
  const WHOLE = 8; // how much more a whole word counts than the beginning of one
  const MARK = "@"; // what only the row has that a name is of
  const NAME = 80; // how much the name of a row counts, where nothing else is asked
  const BESIDE = 30; // and where other words stand beside it
  const SHORT = 3; // letters of a word that is asked for as it is, unless it is the last: its end may still be typed
  const FEW = 4; // names that are asked for at once
  const LONGEST = 10; // words of a name
  // Words that are everywhere say nothing, and as the beginnings of others they would find everything: "no" finds notebooks.
  const SAYS_NOTHING = new Set(
    (
      "a about all am an and any are as at be been but by can cannot could did do does doesn't doing don't else ever for from get gets go goes got had has have he " +
      "her how i i'm if in into is isn't it its just may many me much must my of off often on only or other our out per please should show so some tell " +
      "than that the their them then there these they this to too until up us use used using was we were what what's when where which while who why will " +
      "with won't would you your find need want"
    ).split(" "),
  );
  let names = new Map();
  let common = new Set();
  let titleWords = [];
  let last = { typed: "", parts: new Map() }; // what was typed, and each of its words with the parts of it that were asked for
  let added = new Set(); // what was asked for beside the words that were typed

  // The longer words of all titles, which somebody may mistype too.
  function wordsOf(docs) {
    const words = docs.flatMap(({ title }) => title.replace(/<[^>]*>/g, " ").match(/\p{L}{6,}/gu) || []);
    return [...new Set(words.map((word) => word.toLowerCase()))].filter((word) => !names.has(word));
  }

  // The names of rows within some words, the longest first, each as the place of its first word, their number, and the name in one word.
  function namesIn(words) {
    const found = [];
    for (let count = Math.min(LONGEST, words.length); count > 0; count--) {
      for (let start = 0; start + count <= words.length; start++) {
        const name = fold(words.slice(start, start + count).join(""));
        const known = [name, name.replace("%", "percent")].find((each) => names.has(each));
        if (known) found.push([start, count, known]);
      }
    }
    return found;
  }

  // A word without the end of its plural, as its beginning finds both.
  function singular(word) {
    return /[a-z]{4}s$/i.test(word) && !/(ss|us|is)$/i.test(word) ? word.slice(0, -1) : word;
  }

  // What is asked of the search for a part of a word: the whole of it, and words that begin with it.
  function clauses(part, isLast) {
    return part.length <= SHORT && !isLast ? `${part}^${WHOLE}` : `${part}^${WHOLE} ${part}*^1`;
  }

  function joined(word) {
    const whole = word.replace("-", "").toLowerCase();
    added.add(whole);
    return `${whole}^${WHOLE}`;
  }

  function ask(typed) {
    added = new Set();
    last = { typed, parts: new Map() };
    if (/["*~^:]|(^|\s)[+-]/.test(typed)) return typed; // who knows the signs of the search means them
    const all = typed
      .split(/[\s,;?!()]+/)
      .map((word) => word.replace(/^[.']+|[.']+$/g, ""))
      .filter(Boolean);
    const rest = all.filter((word) => !SAYS_NOTHING.has(word.toLowerCase()));
    const words = rest.length ? rest : all;
    const found = namesIn(all);
    const asked = words.map((word, place) => {
      // The search breaks a word at a hyphen, and so would ask for VS or 6063: a name with its number goes to it in one word.
      const numbered = word.replace(/([a-z]+(?:-[a-z]+)*)-(?=\d)/gi, (_, name) => name.replace(/-/g, ""));
      const parts = numbered
        .split("-")
        .filter((part) => /[\p{L}\p{N}]/u.test(part))
        .map(singular);
      last.parts.set(
        word,
        parts.map((part) => part.toLowerCase()),
      );
      return parts
        .map((part) => clauses(part, place === words.length - 1))
        .concat(/^[a-z]+-[a-z]+$/i.test(numbered) ? joined(numbered) : [])
        .join(" ");
    });
    for (const [start, count, name] of found.slice(0, FEW)) {
      for (const word of all.slice(start, start + count)) last.parts.delete(word);
      const whole = !all.some((word, place) => words.includes(word) && (place < start || place >= start + count));
      const beside = found.length > 1 ? WHOLE : BESIDE; // of several names none is what is asked for
      if (whole || !common.has(name)) asked.push(`${names.get(name).mark}^${whole ? NAME : beside}`);
    }
    return asked.join(" ");
  }

  // The theme shows the words that a result lacks, and marks those that it has: a mark is not for readers.
  function tidy({ data }) {
    if (data?.type !== RESULT) return;
    const told = new Set();
    for (const hit of data.data.items.flat()) {
      for (const [term, found] of Object.entries(hit.terms)) {
        if (found) told.add(term);
        if (term.startsWith(MARK) || added.has(term)) delete hit.terms[term];
      }
    }
    const lost = [...last.parts].filter(([, parts]) => parts.length && !parts.some((part) => told.has(part))).map(([word]) => word);
    // The theme writes its list as it hears the answer: what stands under it comes after that.
    const detail = {
      typed: last.typed,
      lost,
      names: [...[...names.values()].map(({ name }) => name), ...titleWords],
      empty: !data.data.items.length,
    };
    setTimeout(() => document.dispatchEvent(new CustomEvent("search-answered", { detail })));
  }

  // Before the theme listens to the search, this does: listeners are called in their order.
  const listen = searcher.addEventListener;
  const heard = new WeakSet();
  searcher.addEventListener = function (type, ...rest) {
    if (type === "message" && !heard.has(this)) {
      heard.add(this);
      listen.call(this, "message", tidy);
    }
    return listen.call(this, type, ...rest);
  };

  const post = searcher.postMessage;
  searcher.postMessage = function (message, ...transfer) {
    if (message?.type === SETUP) {
      const groups = message.data?.config?.names || [];
      names = new Map(groups.flatMap((group, number) => group.map((name) => [fold(name), { name, mark: `${MARK}${number}` }])));
      titleWords = wordsOf(message.data?.docs || []);
      common = new Set(message.data?.config?.common);
    }
    if (message?.type === QUERY && typeof message.data === "string") {
      return post.call(this, { type: QUERY, data: ask(message.data) }, ...transfer);
    }
    return post.call(this, message, ...transfer);
  };
})();
