// What Streamlit leaves to the browser: one history entry for each page and each choice, and links within a session.
(() => {
  const [push, replace] = [history.pushState.bind(history), history.replaceState.bind(history)];
  // Streamlit adds an entry for each filter that a page writes to its address. Only what the reader did is an entry.
  let hasActed = false;
  history.pushState = (...entry) => {
    (hasActed ? push : replace)(...entry);
    hasActed = false;
  };
  for (const action of ["click", "keydown"]) addEventListener(action, () => (hasActed = true), true);
  addEventListener("popstate", () => (hasActed = false), true);

  // A place within the page may be folded away. The keyboard goes on from there.
  const show = (place) => {
    for (let around = place; around; around = around.parentElement) if (around.tagName === "DETAILS") around.open = true;
    if (!place?.matches("a, [tabindex]")) place?.setAttribute("tabindex", "-1");
    place?.focus({ preventScroll: true });
    place?.scrollIntoView();
  };

  // A chart keeps the width that it has on screen, and paper is narrower: A4 without its margins is 700 px wide.
  const charts = (fit) =>
    document.querySelectorAll('[data-testid="stElementContainer"]:has(.stPlotlyChart)').forEach((chart) => (chart.style.zoom = fit(chart)));
  addEventListener("beforeprint", () => charts((chart) => Math.min(1, 700 / chart.offsetWidth)));
  addEventListener("afterprint", () => charts(() => ""));

  // A link in a page would load the program again: a new session, without the role and the choices of this one.
  addEventListener("click", (event) => {
    const link = event.target.closest?.(".stHtml a[href]");
    const isElsewhere = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button !== 0;
    if (!link || link.target || event.defaultPrevented || isElsewhere) return;
    if (link.origin !== location.origin) return;
    event.preventDefault();
    if (link.hash && link.pathname === location.pathname) return show(document.getElementById(link.hash.slice(1)));
    hasActed = false;
    push({}, "", link.href);
    dispatchEvent(new PopStateEvent("popstate")); // Streamlit draws the page of an address that came by going back
    if (!link.closest(".contents")) document.querySelector(".stMain").scrollTo(0, 0); // a section opens below its link
  });
})();
