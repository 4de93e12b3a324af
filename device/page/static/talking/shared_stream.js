// One connection for all pages in this browser, which allows six to an address; hands need some, too.

import { Stream } from "./stream.js";

const pages = new Map(); // Whether somebody looks at each of them.
const stream = new Stream((message) => {
  for (const page of pages.keys()) page.postMessage(message);
});

onconnect = ({ ports: [page] }) => {
  page.onmessage = ({ data }) => {
    if (data === "bye") pages.delete(page);
    else pages.set(page, data === "seen");
    listenWhileSeen();
  };
  for (const message of stream.soFar()) page.postMessage(message);
  pages.set(page, true);
  listenWhileSeen();
};

// If nobody looks, the page's own process may end.
function listenWhileSeen() {
  const isSeen = [...pages.values()].some(Boolean);
  if (!isSeen) stream.close();
  else if (stream.isClosed) stream.listen();
}
