"""The style sheet of the report's page: light and dark, on a screen, a phone and paper."""

from __future__ import annotations

STYLE = """
:root {
  --paper: #f6f5f1; --card: #ffffff; --ink: #1d2a2e; --soft: #5a676b; --line: #dcdfdc;
  --strong: #0f6d67; --pale: #a9cfca; --edge: #8a9698;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #12181a; --card: #1a2326; --ink: #e8eeec; --soft: #a3b0b1; --line: #304046;
    --strong: #5fc4b8; --pale: #2f6661; --edge: #70807f;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 2.5rem 1.5rem 3rem; max-width: 68rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
}
p, h1, h2, figure { margin: 0; }
header { margin-bottom: 1.75rem; }
.kicker { color: var(--strong); font-weight: 650; letter-spacing: .02em; }
h1 { font-size: clamp(1.7rem, 4.5vw, 2.5rem); line-height: 1.15; letter-spacing: -.02em; overflow-wrap: anywhere; }
.weeks { color: var(--soft); margin-top: .35rem; }
.team {
  background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 1.25rem 1.5rem 1rem;
  margin-bottom: 1rem; break-inside: avoid;
}
.heading { display: flex; flex-wrap: wrap; align-items: baseline; gap: .1rem .75rem; margin-bottom: .9rem; }
h2 { font-size: 1.15rem; line-height: 1.3; overflow-wrap: anywhere; }
.together h2 { font-size: 1.35rem; }
.heading p { color: var(--soft); font-size: .9rem; }
.charts { display: grid; grid-template-columns: repeat(3, 1fr); gap: 1.25rem 2rem; }
figure { display: flex; flex-direction: column; justify-content: space-between; gap: .5rem; min-width: 0; }
figcaption > * { display: block; }
.title { color: var(--soft); font-size: .9rem; }
strong { font-size: 1.5rem; line-height: 1.25; font-weight: 650; letter-spacing: -.01em; }
.together strong { font-size: 2rem; }
strong.few { color: var(--soft); font-weight: 400; }
.trend { color: var(--soft); font-size: .85rem; min-height: 1.5em; }
svg { display: block; width: 100%; height: auto; }
svg line { stroke: var(--line); stroke-width: 1; }
svg text { fill: var(--ink); font-size: 12.5px; text-anchor: middle; font-variant-numeric: tabular-nums; }
svg text.week { fill: var(--soft); }
rect.before { fill: var(--pale); }
rect.last { fill: var(--strong); }
rect.few { fill: none; stroke: var(--edge); stroke-dasharray: 3 3; }
.hidden, .nothing { color: var(--soft); margin: 1.25rem 0; }
details { margin-top: 1.5rem; }
summary { cursor: pointer; padding: .4rem 0; font-weight: 600; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: .4rem .9rem .4rem 0; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { font-weight: 600; }
tbody th { white-space: normal; min-width: 7rem; overflow-wrap: anywhere; }
th:first-child, td:nth-child(2), th:nth-child(2) { text-align: left; }
footer {
  margin-top: 2rem; padding-top: 1.25rem; border-top: 1px solid var(--line); color: var(--soft);
  font-size: .88rem; max-width: 46rem; display: grid; gap: .6rem;
}
@media (max-width: 44rem) {
  body { padding: 1.5rem 1rem 2rem; }
  .team { padding: 1.1rem 1.1rem .8rem; }
  .charts { grid-template-columns: 1fr; gap: 1.5rem; }
}
@media print {
  :root {
    --paper: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #bbb;
    --strong: #0f6d67; --pale: #a9cfca; --edge: #666;
  }
  body { padding: 0; max-width: none; font-size: 10pt; }
  .charts { grid-template-columns: repeat(3, 1fr); gap: .5rem 1.5rem; }
  details { display: none; }
  rect { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
"""
