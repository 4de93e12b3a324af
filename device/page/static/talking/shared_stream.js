// The one connection of all the pages that are open in this browser: it has six to an address, and hands need some too.

import { Stream } from "./stream.js";

const pages = new Set();
const stream = new Stream((message) => {
  for (const page of pages) page.postMessage(message);
});

onconnect = ({ ports: [page] }) => {
  page.onmessage = () => pages.delete(page);
  for (const message of stream.soFar()) page.postMessage(message);
  pages.add(page);
};
