"""How a sheet looks on a screen, light or dark: boxes large enough for a glove, on a phone as on a desk.

Refuses colour as the only sign of anything.
"""

STYLE = """
:root { color-scheme: light dark; --ink: #16181d; --soft: #4d525b; --back: #fff; --line: #767c87; --faint: #d5d8de; --shade: #e9ebef;
  --mark: #0b5a8f; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8eaee; --soft: #b4bac5; --back: #14161a; --line: #8d94a1; --faint: #3b4049; --shade: #262a31; --mark: #86c5f4; }
}
* { box-sizing: border-box; }
body { margin: 0; color: var(--ink); background: var(--back); font: 1rem/1.45 "Liberation Sans", Arial, Helvetica, sans-serif;
  overflow-wrap: anywhere; }
main { max-width: 68rem; margin: 0 auto; padding: 1rem; }
#bar { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: .25rem 1rem; align-items: center; justify-content: space-between;
  padding: .4rem 1rem; background: var(--back); border-bottom: 1px solid var(--line); }
#bar[hidden] { display: none; }
#bar p { margin: 0; }
button { font: inherit; color: var(--ink); background: var(--shade); border: 1px solid var(--line); border-radius: .3rem; min-height: 2.75rem;
  padding: .2rem .9rem; margin: 0 .4rem 0 0; cursor: pointer; }
.now { min-height: 2.2rem; padding: .1rem .6rem; margin: 0 0 0 .4rem; }
.now[hidden] { display: none; }
:focus-visible { outline: 3px solid var(--mark); outline-offset: 2px; }
h1 { font-size: 1.7rem; line-height: 1.15; margin: .3rem 0; }
h2 { font-size: 1.25rem; margin: 1.8rem 0 .5rem; padding-bottom: .15rem; border-bottom: 2px solid var(--ink); }
h3 { font-size: 1rem; margin: 0 0 .3rem; }
p, ul, dl { margin: .35rem 0; }
ul { padding-left: 1.2rem; }
dl > div { margin: .2rem 0; }
dt { display: inline; font-weight: bold; }
dt::after { content: ":"; }
dd { display: inline; margin: 0; }
code { font-family: "Liberation Mono", Consolas, Menlo, monospace; font-size: .92em; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.q, .planned { white-space: nowrap; }
a { color: inherit; overflow-wrap: anywhere; }
input, textarea { font: inherit; color: inherit; background: transparent; border-radius: 0; }
input[type=checkbox] { appearance: none; flex: none; display: inline-block; width: 1.5rem; height: 1.5rem; margin: 0; border: 2px solid var(--ink);
  vertical-align: middle; position: relative; cursor: pointer; }
input[type=checkbox]:checked::before { content: ""; position: absolute; left: 32%; top: 6%; width: 30%; height: 64%;
  border: solid var(--ink); border-width: 0 3px 3px 0; transform: rotate(42deg); }
.blank { min-width: 0; width: 100%; min-height: 2rem; border: 0; border-bottom: 1px solid var(--ink); padding: 0 .2rem; }
.blank.short { width: 5rem; }
.blank.time { width: 8rem; }
.blank.long { width: 14rem; }
.copy { display: none; }
.named { display: inline-flex; align-items: baseline; gap: .3rem; white-space: nowrap; max-width: 100%; }
.who { display: flex; flex-wrap: wrap; gap: .3rem 1.5rem; }
textarea { width: 100%; min-height: 6rem; border: 1px solid var(--line); padding: .4rem; field-sizing: content; }
.wide { overflow-x: auto; position: relative; }
table { border-collapse: collapse; width: 100%; }
th, td { padding: .2rem .4rem; text-align: left; vertical-align: top; font-weight: normal; overflow-wrap: break-word; }
thead th { font-weight: bold; border-bottom: 1px solid var(--ink); vertical-align: bottom; }
.list tbody tr, .dose tbody tr, .tubes tbody tr, .lanes tbody tr { border-bottom: 1px solid var(--faint); }
.list tbody th, .recipe tbody th { font-weight: normal; }
.r { text-align: right; white-space: nowrap; }
.recipe .r { white-space: normal; }
thead .r { white-space: normal; }
.b { width: 2.2rem; }
.hazard { padding-left: .5rem; border-left: 4px solid var(--ink); }
.title { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; align-items: baseline; }
.title h3 { flex: 1 1 9rem; }
.title .blank.time { width: 7rem; }
@media screen { @supports (field-sizing: content) {
  .blank.time, .title .blank.time { width: auto; min-width: 7rem; max-width: 100%; field-sizing: content; } } }
.card { margin: 0 0 .9rem; padding: .6rem .7rem; border: 1px solid var(--line); }
.step { display: block; padding: .8rem 0; border-top: 1px solid var(--line); }
.steps > h2 { border-bottom: 0; margin-bottom: 0; }
.facts { color: var(--soft); }
.acts { list-style: none; padding: 0; margin: .3rem 0; }
.acts label, .acts .open { display: flex; gap: .6rem; padding: .3rem 0; }
.acts label { cursor: pointer; }
.acts .d2 { margin-left: 1.5rem; }
.acts .d3 { margin-left: 3rem; }
.caption { font-weight: bold; margin-bottom: .1rem; }
.moment { display: grid; grid-template-columns: 3.2rem minmax(5rem, 1fr) auto; align-items: center; gap: 0 .4rem; }
.moment .planned { color: var(--soft); grid-column: 2 / -1; }
.moment .blank { grid-column: 2; }
.units { display: flex; flex-wrap: wrap; gap: .2rem .8rem; }
.day { font-weight: bold; margin: 0 0 .6rem; padding: .3rem .5rem; background: var(--shade); }
.pause { margin: .8rem 0 0; padding: .2rem .5rem; border: solid var(--ink); border-width: 3px 0; }
.map { table-layout: fixed; min-width: 56rem; }
.small .map { min-width: 0; }
.small .map:has(thead th:nth-child(6)) { min-width: 30rem; }
.map span { font-size: .8rem; }
.map th, .map td { border: 1px solid var(--line); padding: .1rem; text-align: center; vertical-align: middle; height: 2.6rem; line-height: 1.15;
  overflow-wrap: anywhere; }
.map thead td, .map th { border: 0; font-weight: bold; height: auto; }
.map thead td, .map tbody th { width: 1.8rem; }
.map b, .map span { display: block; }
.undosed { background: var(--shade); }
.rest { color: var(--soft); background: repeating-linear-gradient(45deg, transparent 0 5px, var(--faint) 5px 6px); }
.plate { margin: 0 0 1.2rem; }
.timeline svg { display: block; max-width: 100%; min-width: 60rem; height: auto; }
.strips, .code { display: none; }
@media print { .timeline { display: none; } .strips, .code { display: block; } }
@media screen and (min-width: 40rem) {
  .cards, .plates { columns: 2; column-gap: 1rem; }
  .card, .plate.small { break-inside: avoid; }
  .large { column-span: all; }
}
@media screen and (min-width: 62rem) { .cards:not(.tubed) { columns: 3; } }
@media screen and (min-width: 48rem) {
  .step { display: grid; grid-template-columns: minmax(0, 1fr) 17rem; gap: 0 1.5rem; }
  .step > .pause, .step > .day { grid-column: 1 / -1; }
  .step > .when { border-left: 1px solid var(--faint); padding-left: 1rem; }
}
@media screen and (max-width: 47.99rem) {
  .list, .list tbody, .list tr, .list th, .list td { display: block; width: auto; text-align: left; }
  .list thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .list tbody tr { padding: .5rem 0; }
  .list tbody th { font-weight: bold; }
  .list td { padding: .1rem .4rem; }
  .list td:not(:empty)::before { content: attr(data-head) " "; color: var(--soft); }
  .list .b::before, .list .r::before { content: none !important; }
  .shelf tbody tr { display: grid; grid-template-columns: 2.2rem 1fr 1fr 1fr; gap: 0 .3rem; align-items: end; }
  .shelf tbody > tr > * { padding: .1rem; }
  .shelf tbody .b { padding: 0; align-self: start; }
  .shelf tbody th { grid-column: 2 / 4; align-self: start; }
  .shelf tbody .r { text-align: right; align-self: start; }
  .shelf tbody .f:nth-child(4) { grid-column: 1 / 3; }
}
"""
