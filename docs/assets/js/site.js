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

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", reachAll);
  else reachAll();
})();
