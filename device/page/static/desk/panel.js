// The panel as an OLED shows it: each pixel of the controller's memory a dot with a dark edge.

const WIDTH = 128, HEIGHT = 64;

export function pixelsOf(base64) {
  const bytes = atob(base64);
  const lit = new Uint8Array(WIDTH * HEIGHT);
  for (let at = 0; at < lit.length; at++) lit[at] = (bytes.charCodeAt(at >> 3) >> (7 - (at & 7))) & 1;
  return lit;
}

// As large as its place allows, with dots that are all of one size.
export function fitPanel(canvas, wide) {
  const ratio = window.devicePixelRatio || 1;
  const dot = Math.max(2, Math.floor((wide * ratio) / WIDTH));
  canvas.width = dot * WIDTH;
  canvas.height = dot * HEIGHT;
  canvas.style.width = `${canvas.width / ratio}px`;
}

export function drawPanel(canvas, lit, contrast) {
  const context = canvas.getContext("2d");
  const dot = canvas.width / WIDTH;
  const gap = dot > 2 ? Math.max(1, Math.round(dot / 6)) : 0;
  context.fillStyle = "#05070a";
  context.fillRect(0, 0, canvas.width, canvas.height);
  // An eye gets used to a dim panel, so this goes nowhere near as low as the current does.
  context.fillStyle = `rgb(150 220 255 / ${0.7 + 0.3 * (contrast / 255)})`;
  for (let y = 0; y < HEIGHT; y++)
    for (let x = 0; x < WIDTH; x++)
      if (lit[y * WIDTH + x]) context.fillRect(x * dot, y * dot, dot - gap, dot - gap);
}
