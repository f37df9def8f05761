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

  // A chart keeps the size that it has on screen, and paper is smaller: A4 without its margins is 700 by 960 px. What is
  // inside keeps its size and is only shown smaller, or Streamlit would draw the chart again, too late for the printer.
  const fit = (isPaper) => {
    for (const chart of document.querySelectorAll('[data-testid="stElementContainer"]:has(.stPlotlyChart)')) {
      const [inner, width, height] = [chart.firstElementChild, chart.offsetWidth, chart.offsetHeight];
      const scale = Math.min(1, 700 / width, 960 / height);
      const [outer, drawn] = [[width * scale, height * scale], [width, height]];
      for (const [element, size] of [[inner, drawn], [chart, outer]])
        ["width", "height"].forEach((name, i) => (element.style[name] = isPaper ? `${size[i]}px` : ""));
      Object.assign(inner.style, isPaper ? { transform: `scale(${scale})`, transformOrigin: "0 0" } : { transform: "" });
    }
  };
  addEventListener("beforeprint", () => fit(true));
  addEventListener("afterprint", () => fit(false));

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
