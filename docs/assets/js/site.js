// What a page does beyond its HTML; without this script everything stays readable.
(() => {
  "use strict";

  // Lets the keyboard into what scrolls sideways and holds nothing that it stops at.
  const SCROLLS = ".md-typeset__scrollwrap, .highlight-ipynb, .jp-OutputArea-output, .jp-RenderedHTMLCommon";
  const STOPS = "a[href], button, input, select, textarea, summary, [tabindex]";
  function reach(part) {
    const scrolls = part.scrollWidth > part.clientWidth + 1 && !part.closest(".table-wide");
    if (!scrolls && part.dataset.reached) {
      for (const name of ["tabindex", "role", "aria-label", "data-reached"]) part.removeAttribute(name);
    } else if (scrolls && !part.dataset.reached && !part.querySelector(STOPS)) {
      part.tabIndex = 0;
      part.setAttribute("role", "group");
      part.setAttribute("aria-label", part.querySelector("table") ? "wide table" : "wide text");
      part.dataset.reached = "yes";
    }
  }
  function reachAll() {
    const parts = document.querySelectorAll(SCROLLS);
    if (!window.ResizeObserver) return parts.forEach(reach);
    const watch = new ResizeObserver((changes) => {
      for (const change of changes) reach(change.target);
    });
    for (const part of parts) watch.observe(part);
  }

  // The search breaks a word at a hyphen, and so asks for VS or 6063: a name with its number goes to it in one word.
  const NUMBERED = /([a-z]+(?:-[a-z]+)*)-(?=\d)/gi;
  // Words that are everywhere say nothing, and as the beginnings of others they would find everything: "no" finds notebooks.
  const EVERYWHERE = /(^|\s)(?:a|an|and|are|at|did|do|does|in|is|it|my|no|not|of|on|or|the|to|too|up|was|with)(?=\s|$)/gi;
  const QUERY = 2; // what the theme calls a message to the search that holds a question
  const searcher = window.Worker?.prototype;
  if (searcher?.postMessage) {
    const post = searcher.postMessage;
    searcher.postMessage = function (message, ...transfer) {
      if (message?.type === QUERY && typeof message.data === "string") {
        const rest = message.data.replace(EVERYWHERE, "$1");
        const asked = (rest.trim() ? rest : message.data).replace(NUMBERED, (_, name) => name.replace(/-/g, ""));
        return post.call(this, { type: QUERY, data: asked });
      }
      return post.call(this, message, ...transfer);
    };
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", reachAll);
  else reachAll();
})();
