// How a name is compared with another, as macros/benchsheet/spelling.py does it: what makes no difference, and what one slip of a letter is.
(() => {
  "use strict";

  const LETTERS = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma sigma tau upsilon phi chi psi omega";
  const GREEK = new Map(LETTERS.split(" ").map((name, place) => [String.fromCodePoint(0x3b1 + place), name]));
  const ENDINGS = new Set(["ate", "ite", "ide"]); // nitrite is not a slip of nitrate
  const SWAP = 4; // letters of a word, for a swap in it not to make another thing of it
  const SLIP = 6; // and for another slip

  function simplify(text) {
    return text
      .normalize("NFKC")
      .toLowerCase()
      .replace(/[α-ω]/g, (letter) => GREEK.get(letter));
  }

  function fold(text) {
    return simplify(text).replace(/[^\p{L}\p{N}%+./']/gu, "");
  }

  function digits(text) {
    return text.replace(/\D/g, "");
  }

  function isOneSlip(one, two) {
    let start = 0;
    while (start < Math.min(one.length, two.length) && one[start] === two[start]) start++;
    const [left, right] = [one.slice(start), two.slice(start)];
    const swapped = left[1] === right[0] && left[0] === right[1] && left.slice(2) === right.slice(2);
    return left.slice(1) === right || left === right.slice(1) || left.slice(1) === right.slice(1) || (left.length > 1 && swapped);
  }

  // Whether a slip is in a word so long that it hardly makes the name of another thing.
  function staysItself(one, two) {
    const [words, others] = [one, two].map((text) => text.match(/\p{L}+/gu) || []);
    if (words.length !== others.length) return false;
    const pairs = words.map((word, place) => [word, others[place]]).filter(([word, other]) => word !== other);
    if (pairs.length !== 1) return false;
    const [word, other] = pairs[0];
    const ends = [word.slice(-3), other.slice(-3)];
    if (ends[0] !== ends[1] && ends.every((end) => ENDINGS.has(end))) return false;
    if ([...word].sort().join("") === [...other].sort().join("")) return word.length >= SWAP && word[0] === other[0];
    return Math.min(word.length, other.length) >= SLIP && word[0] === other[0] && `p${word}` !== other && `p${other}` !== word;
  }

  // The one of some names that is a word but for one slip of a letter, never of a digit and never of the first letter; undefined if none is, or two are.
  function nearest(word, names) {
    const [simple, folded] = [simplify(word), fold(word)];
    const near = new Set();
    for (const name of names) {
      const other = fold(name);
      if (other === folded) return name;
      const far = Math.abs(other.length - folded.length) > 1 || other[0] !== folded[0] || digits(other) !== digits(folded);
      if (!far && isOneSlip(folded, other) && staysItself(simple, simplify(name))) near.add(name);
    }
    const plural = [...near].filter((name) => fold(name) === `${folded}s`);
    const left = near.size > 1 ? plural : [...near];
    return left.length === 1 ? left[0] : undefined;
  }

  window.benchsheetNames = { fold, nearest };
})();
