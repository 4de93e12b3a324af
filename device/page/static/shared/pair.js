// How a browser is paired. Nothing is imported: whoever isn't paired gets no other file.

const form = document.getElementById("pair");
const said = document.getElementById("said");

// Led here by a link from elsewhere, a paired browser keeps its cookie back, and sends it when we ask. Then it is led on.
fetch("/pair", { cache: "no-store", redirect: "manual" }).then((answer) => {
  if (answer.type === "opaqueredirect") location.replace(location.pathname === "/pair" ? "/" : location.pathname);
}, () => {});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  said.textContent = "";
  // What the address said no longer holds.
  location.hash = "pair";
  const { code, name } = Object.fromEntries(new FormData(form));
  const answer = await fetch("/pair", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ code, name }),
  }).catch(() => null);
  if (answer?.ok) location.replace("/welcome");
  else said.textContent = answer ? await answer.text() : document.getElementById("nobody").textContent;
});
