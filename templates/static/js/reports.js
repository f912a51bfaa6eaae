// Draws a report's charts; the numbers below each stay open where nothing could be drawn. Nothing of a specification is
// evaluated as code: Vega's expressions are interpreted, and data are never loaded from anywhere.
(function () {
  "use strict";
  const drawn = new Map();
  const quiet = vega.logger(vega.Error);

  const closed = Object.assign(vega.loader(), {
    load: () => Promise.reject(new Error("charts bring their data with them")),
    sanitize: () => Promise.reject(new Error("charts link to nothing")),
  });

  function themed(printing) {
    const style = getComputedStyle(document.documentElement);
    const color = (name, paper) => (printing ? paper : style.getPropertyValue(name).trim());
    const soft = color("--soft", "#444"), line = color("--line-strong", "#999");
    const text = { labelColor: soft, titleColor: soft };
    return {
      background: null,
      font: getComputedStyle(document.body).fontFamily,
      axis: { ...text, domainColor: line, tickColor: line, gridColor: line },
      legend: text,
    };
  }

  function merged(below, above) {
    const found = { ...below };
    for (const [key, value] of Object.entries(above)) {
      const both = value && typeof value === "object" && !Array.isArray(value);
      found[key] = both ? merged(found[key] || {}, value) : value;
    }
    return found;
  }

  async function draw(place, printing) {
    const twin = place.parentElement.querySelector("details");
    try {
      const spec = JSON.parse(place.dataset.chart);
      spec.config = merged(spec.config || {}, themed(printing));
      place.hidden = false;
      const parsed = vega.parse(vegaLite.compile(spec, { logger: quiet }).spec, null, { ast: true });
      const view = new vega.View(parsed, { expr: vega.expressionInterpreter, loader: closed, renderer: "svg", hover: true });
      view.logLevel(vega.Error);
      drawn.get(place)?.finalize();
      drawn.set(place, view);
      await view.initialize(place).runAsync();
      // The name of the picture is said by its place; what is inside it is in the table.
      place.querySelector("svg").setAttribute("aria-hidden", "true");
      if (twin && !place.dataset.seen) twin.open = false;
      place.dataset.seen = "1";
    } catch (error) {
      place.hidden = true;
      if (twin) twin.open = true;
      console.warn("a chart could not be drawn", error);
    }
  }

  function drawAll(printing) {
    document.querySelectorAll("[data-chart]").forEach((place) => draw(place, printing === true));
  }

  // Tables are printed whether they are open or not.
  function openForPrint() {
    document.querySelectorAll("details.twin:not([open])").forEach((each) => { each.open = true; each.dataset.closes = "1"; });
    drawAll(true);
  }

  function closeAfterPrint() {
    document.querySelectorAll("details[data-closes]").forEach((each) => { each.open = false; delete each.dataset.closes; });
    drawAll(false);
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) print();
  });
  document.addEventListener("htmx:afterSettle", () => drawAll(false));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawAll(false));
  new MutationObserver(() => drawAll(false)).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  addEventListener("beforeprint", openForPrint);
  addEventListener("afterprint", closeAfterPrint);
  drawAll(false);
})();
