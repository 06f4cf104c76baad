// The look of the API page. Kept apart because its hash is in the page's Content-Security-Policy.
// Colours keep WCAG AA contrast in both schemes.

export const apiPageStyle = `
:root { color-scheme: light dark; --line: light-dark(#d5d9e0, #3a4150); --soft: light-dark(#f4f6f9, #1d222b);
  --dim: light-dark(#535c6b, #a9b3c2); --accent: light-dark(#0b5cad, #7db8f5); }
body { margin: 0 auto; padding: 2rem 1.25rem 6rem; max-width: 60rem; font: 1rem/1.55 system-ui, sans-serif;
  background: light-dark(#fff, #14181f); color: light-dark(#1a1f29, #e7eaf0); }
h1 { margin-bottom: .25rem; }
h2 { margin: 2.25rem 0 .75rem; font-size: 1.2rem; }
h3 { margin: 1rem 0 .35rem; font-size: 1rem; }
a { color: var(--accent); }
code, pre { font: .875rem/1.5 ui-monospace, monospace; }
pre { overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; padding: .5rem .75rem; border-radius: .4rem; background: var(--soft); }
details { border: 1px solid var(--line); border-radius: .5rem; margin: .4rem 0; }
summary { padding: .55rem .9rem; cursor: pointer; }
summary:focus-visible, a:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
details > div { padding: 0 .9rem .8rem; border-top: 1px solid var(--line); }
.method { display: inline-block; min-width: 4.2rem; font-weight: 700; color: var(--accent); }
.dim { color: var(--dim); font-weight: 400; }
p:empty { display: none; }
.try { background: var(--soft); }
.try form { padding: 0 .9rem; }
.try label { display: grid; grid-template-columns: 14rem 1fr; gap: .2rem .8rem; align-items: center; margin: .4rem 0; }
.try input, .try textarea { font: .875rem/1.5 ui-monospace, monospace; padding: .3rem .5rem; border: 1px solid var(--dim);
  border-radius: .3rem; background: light-dark(#fff, #14181f); color: inherit; min-width: 0; }
.try button { font: inherit; padding: .35rem 1.1rem; border: 1px solid var(--accent); border-radius: .3rem;
  background: var(--accent); color: light-dark(#fff, #14181f); cursor: pointer; }
.try input:focus-visible, .try textarea:focus-visible, .try button:focus-visible, .answer:focus-visible {
  outline: 3px solid var(--accent); outline-offset: 2px; }
.answer { margin: .5rem 0 .9rem; max-height: 30rem; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere;
  background: light-dark(#fff, #14181f); }
@media (max-width: 40rem) { .try label { grid-template-columns: 1fr; } }
table { border-collapse: collapse; width: 100%; }
caption, th { text-align: left; font-weight: 600; }
caption { padding: 1rem 0 .3rem; }
th, td { padding: .35rem .8rem .35rem 0; border-top: 1px solid var(--line); vertical-align: top; }
`;
