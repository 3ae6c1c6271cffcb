export const style = `
:root { color-scheme: light dark; --ink: #1b2430; --soft: #566274; --line: #d9dee6; --ground: #f4f6f9; --card: #fff;
  --accent: #1f5fbf; --on: #fff; --good: #17653c; --good-ground: #e6f4ec; --bad: #9b2c1d; --bad-ground: #fbeae6; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ecf2; --soft: #a7b1c0; --line: #333d4b; --ground: #12161c;
  --card: #1a2029; --accent: #8db8f5; --on: #0c1a2d; --good: #8ed6ac; --good-ground: #16301f; --bad: #f2a595; --bad-ground: #3a1c16; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); line-height: 1.6;
  font: 17px/1.6 system-ui, 'PingFang SC', 'HarmonyOS Sans SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif; }
header, main { max-width: 46rem; margin: 0 auto; padding: 1.25rem; }
header { display: flex; align-items: center; gap: .75rem; }
header a { display: flex; align-items: center; gap: .6rem; color: inherit; text-decoration: none; font-weight: 650; }
header svg { width: 2rem; height: 2rem; fill: var(--accent); }
header span { color: var(--soft); font-size: .9rem; }
@media (max-width: 34rem) { header span { display: none; } }
h1 { font-size: 1.6rem; line-height: 1.3; margin: .5rem 0 .75rem; }
h2 { font-size: 1.1rem; margin: 0 0 .75rem; }
p { margin: 0 0 .75rem; } .soft { color: var(--soft); font-size: .95rem; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 1.25rem; margin: 0 0 1rem; }
.choices { display: grid; gap: 1rem; } @media (min-width: 46rem) { .choices { grid-template-columns: repeat(3, 1fr); } }
.choices section { display: flex; flex-direction: column; margin: 0; } .choices p { flex: 1; }
.button { display: inline-block; min-height: 2.75rem; padding: .55rem 1.1rem; border-radius: 10px; border: 1px solid var(--accent);
  background: var(--accent); color: var(--on); font: inherit; font-weight: 600; text-align: center; text-decoration: none; cursor: pointer; }
.button.quiet { background: transparent; color: var(--accent); }
.button:focus-visible, a:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.row { display: flex; flex-wrap: wrap; gap: .75rem; }
form { display: contents; }
ul.scopes { list-style: none; margin: 0; padding: 0; display: grid; gap: .5rem; }
ul.scopes li { display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: baseline; }
code { font: .9em ui-monospace, Menlo, monospace; background: var(--ground); border-radius: 6px; padding: .1rem .4rem; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: minmax(7rem, 1fr) 2fr; gap: .5rem 1rem; margin: 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
.note { border-radius: 12px; padding: .9rem 1.1rem; margin: 0 0 1rem; background: var(--good-ground); color: var(--good); }
.note.bad { background: var(--bad-ground); color: var(--bad); } .note p { margin: 0; } .note p + p { margin-top: .25rem; }
`;
