/** Large enough to read on paper at arm's length; colours that survive a grey printer; rows never cut by a page. */
export const STYLE = `
:root { color: #1d2b36; background: #fff; font: 16px/1.45 system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
body { max-width: 56rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.7rem; margin: 0; }
h2 { font-size: 1.25rem; margin: 2rem 0 .5rem; border-top: 2px solid #c9d1d6; padding-top: .8rem; }
h3 { font-size: 1.05rem; margin: 1.2rem 0 .4rem; }
p { margin: .4rem 0; max-width: 46rem; }
.span { color: #46555f; }
.cards { display: grid; grid-template-columns: repeat(2, 1fr); gap: 1rem; margin-top: 1.2rem; }
.cards article { border: 1px solid #c9d1d6; border-radius: .5rem; padding: .8rem 1rem; }
.cards h2 { border: 0; margin: 0 0 .4rem; padding: 0; font-size: 1.05rem; }
.cards ul { list-style: none; margin: 0; padding: 0; }
.cards li { margin: .25rem 0; }
.cards strong { font-size: 1.3rem; white-space: nowrap; }
.cards p { font-size: .85rem; color: #46555f; }
.none { font-size: 1.1rem !important; color: #1d2b36 !important; }
.range { color: #46555f; white-space: nowrap; font-size: .9em; }
.small { font-size: .9rem; color: #46555f; }
figure { margin: .6rem 0; break-inside: avoid; }
figure svg { width: 100%; height: auto; display: block; }
figcaption { font-size: .9rem; color: #46555f; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
td { white-space: nowrap; }
td:first-child, td:last-child { white-space: normal; }
td:first-child { min-width: 4.5rem; }
th, td { text-align: right; padding: .3rem .5rem; border-bottom: 1px solid #e1e6e9; vertical-align: baseline; }
th { font-weight: 600; font-size: .85rem; vertical-align: bottom; border-bottom: 2px solid #8b979e; }
th:first-child, td:first-child, th:nth-child(2), td:nth-child(2) { text-align: left; }
.words th:last-child, .words td:last-child { text-align: left; }
tr { break-inside: avoid; }
.notes { padding-left: 1.2rem; font-size: .92rem; max-width: 46rem; }
.notes li { margin: .3rem 0; }
footer { margin-top: 2rem; color: #46555f; font-size: .85rem; }
@media (max-width: 44rem) { .cards { grid-template-columns: 1fr; } }
@page { size: A4; margin: 14mm; }
@media print {
  :root { font-size: 12px; }
  body { padding: 0; max-width: none; }
  h2, h3 { break-after: avoid; }
  section.cards { break-inside: avoid; }
  figure svg { max-height: 96mm; }
  .hops svg { width: 78%; }
}
`
