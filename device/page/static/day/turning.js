// Links to other days, followed in place: the address changes and the page stays.

// `show` is called with each such address; whoever asks for another tab or window gets that.
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

// Drawing makes the link anew that has the focus, or takes it away; the focus stays here all the same.
export function keepingFocus(within, draw) {
  const link = within.contains(document.activeElement) && document.activeElement;
  draw();
  if (!link || (link.isConnected && !link.hidden)) return;
  const same = within.querySelector(`a[href="${CSS.escape(link.getAttribute("href"))}"]:not([hidden])`);
  (same ?? within.querySelector("a:not([hidden])")).focus({ preventScroll: true });
}
