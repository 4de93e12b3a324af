// Links to other days, followed in place: the address changes and the page stays.

// `show` is called at each such link. A click that opens another tab or window still does.
export function followInPlace(within, show) {
  within.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='/day']");
    if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    history.pushState(null, "", link.href);
    show();
  });
  addEventListener("popstate", show);
}

// `draw` replaces or removes the link that has the focus. This keeps the focus nearby.
export function keepingFocus(within, draw) {
  const link = within.contains(document.activeElement) && document.activeElement;
  draw();
  if (!link || (link.isConnected && !link.hidden)) return;
  const same = within.querySelector(`a[href="${CSS.escape(link.getAttribute("href"))}"]:not([hidden])`);
  (same ?? within.querySelector("a:not([hidden])")).focus({ preventScroll: true });
}
