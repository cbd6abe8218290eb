// Live updates, and buttons that copy. Every page is complete without them.
"use strict";

(() => {
  const shown = new WeakMap();
  let source = null;
  let isLoading = false;
  let isStale = false;

  // Forms are outside of the regions that change, so that nothing is lost that a person entered.
  const regions = (page) => [...page.querySelectorAll("[data-live]")];
  const inner = (region, selector) => [...region.querySelectorAll(selector)];
  const focusable = "a, button, summary, [tabindex]";

  function replace(region, fresh) {
    const html = fresh.innerHTML;
    const selection = document.getSelection();
    const isSelected = !selection.isCollapsed && region.contains(selection.anchorNode);
    if (shown.get(region) === html || isSelected) return;
    const open = inner(region, "details").map((details) => details.open);
    const scrolled = inner(region, ".scroll").map((box) => box.scrollLeft);
    const focused = inner(region, focusable).indexOf(document.activeElement);
    region.replaceChildren(...fresh.childNodes);
    shown.set(region, html);
    inner(region, "details").forEach((details, place) => { details.open = open[place] ?? details.open; });
    inner(region, ".scroll").forEach((box, place) => { box.scrollLeft = scrolled[place] ?? 0; });
    if (focused >= 0) inner(region, focusable)[focused]?.focus({ preventScroll: true });
    addCopyButtons(region);
  }

  async function refresh() {
    isStale = true;
    if (isLoading) return;
    isLoading = true;
    while (isStale) {
      isStale = false;
      try {
        const response = await fetch(location.href, { headers: { accept: "text/html" } });
        if (!response.ok) continue;
        const page = new DOMParser().parseFromString(await response.text(), "text/html");
        for (const region of regions(document)) {
          const fresh = page.querySelector(`[data-live="${region.dataset.live}"]`);
          if (fresh) replace(region, fresh);
        }
      } catch {
        // The emulator is gone. The events connect again once it is back.
      }
    }
    isLoading = false;
  }

  function addCopyButtons(region) {
    for (const text of inner(region, "pre[data-copy]")) {
      const button = document.createElement("button");
      button.textContent = "Copy";
      button.className = "copy";
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(text.textContent);
        button.textContent = "Copied";
      });
      text.before(button);
    }
  }

  const isPaused = () => sessionStorage.getItem("paused") === "true";

  // A browser has few connections for each server, so a page in the background gives its own up.
  function connect() {
    const wanted = !isPaused() && !document.hidden;
    if (wanted && !source) {
      source = new EventSource("/_emulator/page/events");
      source.addEventListener("open", refresh);
      source.addEventListener("message", refresh);
    } else if (!wanted && source) {
      source.close();
      source = null;
    }
  }

  function addPause() {
    const button = document.createElement("button");
    button.className = "live";
    const show = () => {
      button.setAttribute("aria-pressed", String(!isPaused()));
      button.textContent = isPaused() ? "Live updates are off" : "Live updates are on";
    };
    button.addEventListener("click", () => {
      sessionStorage.setItem("paused", String(!isPaused()));
      show();
      connect();
    });
    show();
    document.querySelector(".side").append(button);
  }

  for (const region of regions(document)) shown.set(region, region.innerHTML);
  addCopyButtons(document);
  addPause();
  document.addEventListener("visibilitychange", connect);
  connect();
})();
