// One connection for all pages in this browser, which allows six to an address; hands need some, too.

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
