// How the page looks: in light and dark, on a phone and on a desk.

export const style = `
  :root { color-scheme: light dark; --paper: #fff; --ink: #1d2430; --faint: #5b6675; --line: #dfe4ea; --soft: #f5f7fa; --used: #2a7de1;
    --spare: #b9d5f6; --dead: #f3c9c6; --ahead: #8a5cd6; --awaited: #c77d00; --failed: #d33a2f; --rejection: #d33a2f; --retry: #16844a;
    --band: #fdf0d0; --call: #c77d00; }
  @media (prefers-color-scheme: dark) { :root { --paper: #12161c; --ink: #e7ebf0; --faint: #a3aebc; --line: #2c3542; --soft: #191f27;
    --used: #3b86e0; --spare: #26456b; --dead: #6b3331; --ahead: #b394ec; --awaited: #f0b040; --failed: #f2766c; --rejection: #f2766c;
    --retry: #45c981; --band: #3a3018; --call: #f0b040; } }
  * { box-sizing: border-box; }
  body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 62rem; background: var(--paper); color: var(--ink);
    font: 15px/1.5 system-ui, sans-serif; }
  h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .6rem; } h2 { font-size: 1.15rem; line-height: 1.3; margin: 0 0 .3rem; }
  h2 code { font-size: .95rem; } p { margin: .25rem 0 .6rem; max-width: 46rem; } .faint { color: var(--faint); font-size: .87rem; }
  .sum { font-weight: 600; } .yes { color: var(--retry); font-weight: 600; } .no { color: var(--failed); font-weight: 600; }
  section { margin-top: 2.75rem; padding-top: 1.5rem; border-top: 1px solid var(--line); }
  table { border-collapse: collapse; width: 100%; margin-top: 1rem; font-variant-numeric: tabular-nums; }
  th, td { padding: .4rem .7rem; border-bottom: 1px solid var(--line); text-align: right; } thead th { vertical-align: bottom; }
  th:first-child { text-align: left; } tbody th { font-weight: 600; } .plain th { padding-left: 1.6rem; font-weight: 400; }
  .plain > * { color: var(--faint); background: var(--soft); }
  .beside { width: auto; min-width: min(100%, 26rem); margin: .4rem 0 0; font-size: .93rem; } .beside th, .beside td { padding: .25rem .7rem .25rem 0; }
  .beside tbody th { font-weight: 400; } .promises { margin: .8rem 0 0; padding: 0; list-style: none; } .promises li { padding-left: 4.2rem; text-indent: -4.2rem; }
  .promises span { display: inline-block; width: 4.2rem; text-indent: 0; }
  svg { display: block; width: 100%; height: auto; } .narrow { display: none; } figure { margin: .8rem 0 0; } h3 { font-size: .95rem; margin: 1.1rem 0 0; }
  .used { fill: var(--used); } .spare { fill: var(--spare); } .dead { fill: var(--dead); } .ahead { fill: var(--ahead); } .awaited { fill: var(--awaited); }
  .failed { fill: var(--failed); } .rejection { fill: var(--rejection); } .retry { fill: var(--retry); } .band { fill: var(--band); } .call { fill: var(--call); }
  .grid, .base { stroke: var(--line); } text { font: 11px system-ui, sans-serif; fill: var(--faint); } .second { text-anchor: middle; }
  .number { fill: #fff; font-weight: 600; } .count { font-weight: 600; fill: var(--rejection); } .count.late { text-anchor: end; }
  .key { display: flex; flex-wrap: wrap; gap: .1rem 1.1rem; margin: .3rem 0 0; padding: 0; list-style: none; font-size: .82rem; color: var(--faint); }
  .key svg { display: inline-block; width: 14px; height: 12px; margin-right: .4rem; vertical-align: -1px; }
  @media (max-width: 40rem) {
    body { padding: 1.25rem 1rem 3rem; } h1 { font-size: 1.35rem; } .wide { display: none; } .narrow { display: block; }
    .clients, .clients tbody { display: block; } .clients thead { display: none; }
    .clients tr { display: grid; grid-template-columns: repeat(6, auto); justify-content: space-between; gap: .15rem .4rem; padding: .6rem 0; border-bottom: 1px solid var(--line); }
    .clients th { grid-column: 1 / -1; } .clients th, .clients td { padding: 0; border: 0; text-align: left; }
    .clients td::before { content: attr(data-of); display: block; font-weight: 400; font-size: .75rem; line-height: 1.2; color: var(--faint); }
    .clients .plain { padding-left: .6rem; padding-right: .6rem; background: var(--soft); } }`;
