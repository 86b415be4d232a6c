// What a page does beyond its HTML; without this script details are opened by hand, and everything stays readable.
(function () {
  "use strict";

  // Opens the details that a link leads into, and all of them while the page is printed.
  function reveal() {
    var target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (var node = target; node; node = node.parentElement) {
      if (node.tagName === "DETAILS") node.open = true;
    }
    if (target) target.scrollIntoView();
  }

  var opened = [];
  function openAll() {
    opened = Array.from(document.querySelectorAll("details:not([open])"));
    opened.forEach(function (each) { each.open = true; });
  }
  function closeAgain() {
    opened.splice(0).forEach(function (each) { each.open = false; });
  }

  // Lets the keyboard into what scrolls sideways and holds nothing that it stops at.
  var SCROLLS = ".md-typeset__scrollwrap, .highlight-ipynb, .jp-OutputArea-output, .jp-RenderedHTMLCommon";
  var STOPS = "a[href], button, input, select, textarea, summary, [tabindex]";
  function reach(part) {
    var scrolls = part.scrollWidth > part.clientWidth + 1 && !part.closest(".table-wide");
    if (!scrolls && part.dataset.reached) {
      ["tabindex", "role", "aria-label", "data-reached"].forEach(function (name) { part.removeAttribute(name); });
    } else if (scrolls && !part.dataset.reached && !part.querySelector(STOPS)) {
      part.tabIndex = 0;
      part.setAttribute("role", "group");
      part.setAttribute("aria-label", part.querySelector("table") ? "wide table" : "wide text");
      part.dataset.reached = "yes";
    }
  }
  function reachAll() {
    var parts = document.querySelectorAll(SCROLLS);
    if (!window.ResizeObserver) return parts.forEach(reach);
    var watch = new ResizeObserver(function (changes) { changes.forEach(function (change) { reach(change.target); }); });
    parts.forEach(function (part) { watch.observe(part); });
  }

  // The search breaks a word at a hyphen, and so asks for VS or 6063: a name with its number goes to it in one word.
  var NUMBERED = /([a-z]+(?:-[a-z]+)*)-(?=\d)/gi;
  var QUERY = 2; // what the theme calls a message to the search that holds a question
  var searcher = window.Worker && window.Worker.prototype;
  if (searcher && searcher.postMessage) {
    var post = searcher.postMessage;
    searcher.postMessage = function (message) {
      if (message && message.type === QUERY && typeof message.data === "string") {
        var joined = message.data.replace(NUMBERED, function (found, name) { return name.replace(/-/g, ""); });
        return post.call(this, { type: QUERY, data: joined });
      }
      return post.apply(this, arguments);
    };
  }

  function start() {
    reveal();
    reachAll();
  }
  window.addEventListener("hashchange", reveal);
  window.addEventListener("beforeprint", openAll);
  window.addEventListener("afterprint", closeAgain);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
