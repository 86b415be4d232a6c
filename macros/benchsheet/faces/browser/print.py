"""How a sheet looks on paper: black on white in two columns, with a head and a foot on every page.

Refuses type of less than 9 pt, and to break a step across pages.
"""

PAGE = """
@page { size: $size; margin: 9.2mm 7.5mm 8.6mm;
  @top-left { content: $title; font: bold 9pt "Liberation Sans", Arial, Helvetica, sans-serif; vertical-align: bottom; padding-bottom: .8mm; }
  @top-right { content: $digest; font: 9pt "Liberation Sans", Arial, Helvetica, sans-serif; vertical-align: bottom; padding-bottom: .8mm; }
  @bottom-left { content: "operator ____________________   date ______________"; font: 9pt "Liberation Sans", Arial, Helvetica, sans-serif;
    white-space: pre; vertical-align: top; padding-top: .8mm; }
  @bottom-right { content: "page " counter(page) " of " counter(pages); font: 9pt "Liberation Sans", Arial, Helvetica, sans-serif;
    vertical-align: top; padding-top: .8mm; }
}
@media print {
  :root { color-scheme: light; --ink: #000; --soft: #000; --back: #fff; --line: #555; --faint: #bbb; --shade: #e4e4e4; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  #bar, .now { display: none !important; }
  body { font-size: 9pt; line-height: 1.04; letter-spacing: -.1pt; }
  main { max-width: none; padding: 0; columns: 2; column-gap: 3.6mm; orphans: 2; widows: 2; }
  .head, .large, .step:has(.broad), .plate-maps:has(.large) > h2, .plate-maps:has(.large) + .end { column-span: all; }
  .head { padding-bottom: 1mm; }
  h1 { font-size: 14pt; margin: 0; display: inline; }
  .version { display: inline; margin-left: 3mm; }
  h2 { font-size: 10.5pt; margin: .9mm 0 .25mm; padding: 0; border-width: .3mm; break-after: avoid; }
  h3 { font-size: 9pt; margin: 0; break-after: avoid; }
  p, ul, dl { margin: .22mm 0; }
  ul { padding-left: 4mm; }
  dl > div { margin: .12mm 0; }
  code { font-size: 9pt; }
  .wide { overflow: visible; }
  th, td { padding: .12mm .7mm; overflow-wrap: anywhere; }
  thead { display: table-header-group; }
  tr, .plate, .end, .head, dl > div, li { break-inside: avoid; }
  .step { break-inside: avoid; }
  .acts li, .when { break-inside: avoid; }
  input[type=checkbox] { width: 3.1mm; height: 3.1mm; border: .3mm solid #000; vertical-align: -.4mm; }
  input[type=checkbox]:checked::before { border-width: 0 .5mm .5mm 0; }
  .blank { min-height: 3.9mm; height: 3.9mm; border-bottom: .25mm solid #000; padding: 0 .5mm; }
  .blank.short { width: 16mm; height: 3.4mm; min-height: 0; }
  .blank.time { width: 13mm; }
  .blank.long { width: 40mm; }
  .blank.unit { width: 9mm; }
  .named { gap: 1mm; }
  .written { display: none !important; }
  .copy { display: inline-block; flex: 0 1 auto; min-width: 8mm; max-width: 100%; border-bottom: .25mm solid #000; padding: 0 .5mm;
    white-space: pre-wrap; overflow-wrap: anywhere; font-weight: normal; vertical-align: bottom; }
  .list .f .copy { display: block; min-width: 0; border: 0; padding: 0; }
  .end .copy:has(+ textarea) { display: block; min-height: $room; border: .2mm solid #555; padding: .5mm 1mm; }
  .end:has(.copy) { break-inside: auto; }
  .who { gap: 0 4mm; }
  .line { display: flex; flex-wrap: wrap; gap: 0 6mm; align-items: baseline; }
  .line p { margin: 0; }
  .line .blank.long { width: 24mm; }
  .list th, .list td { padding: .1mm .7mm; vertical-align: middle; }
  .list .f { border-left: .2mm solid #555; padding: 0 .3mm; }
  .list .f .blank { border: 0; height: 3.6mm; min-height: 0; }
  .shelf { table-layout: fixed; }
  .shelf .b { width: 4mm; }
  .shelf .r { width: 16.6mm; white-space: normal; }
  .shelf .r .blank.short { margin-left: -3mm; }
  .title .blank.short, .recipe th .blank.short { width: 12.4mm; }
  .shelf .f { width: 11.6mm; }
  .shelf .f:nth-child(4) { width: 14.6mm; }
  textarea { min-height: $room; height: $room; border: .2mm solid #555; resize: none; }
  .plate-maps:has(.large) + .end .who { display: inline-flex; width: 48%; }
  .gate thead { display: none; }
  .gate, .gate tbody, .gate tbody tr { display: block; }
  .gate tbody tr { position: relative; padding-right: 21mm; min-height: 7mm; }
  .gate th, .gate td.l { display: inline; padding: 0; margin-right: 1mm; }
  .gate tbody th { font-weight: bold; }
  .gate tbody th::after { content: ":"; }
  .gate td.l:last-child::before { content: "; "; margin-left: -1mm; }
  .gate tbody tr:has(.copy) { display: flow-root; padding-right: 0; }
  .gate td.f:has(.copy) { position: static; float: right; height: auto; margin-left: 1mm; }
  .gate td.f { position: absolute; right: 0; top: 0; bottom: 0; width: 20mm; border-right: .2mm solid #555; }
  .card { break-inside: auto; border: 0; border-top: .2mm solid #000; padding: .2mm 0 0; margin: 0 0 .4mm; }
  .recipe thead { display: none; }
  .recipe tbody { display: flex; flex-wrap: wrap; gap: 0 3mm; break-inside: avoid; }
  .recipe tr { display: flex; flex: 0 1 auto; gap: 1mm; max-width: 100%; }
  .recipe tr > * { padding: .1mm 0; }
  .recipe th { flex: 0 1 auto; }
  .recipe .b { flex: none; }
  .recipe .r { flex: none; white-space: nowrap; font-weight: bold; }
  .recipe .r:has(.copy) { flex: 0 1 auto; white-space: normal; }
  .title, .title + .wide { break-after: avoid; }
  .title h3 { flex: 1 1 40mm; }
  .title .blank.time { width: 13mm; height: 3mm; min-height: 0; }
  .b { width: 4.3mm; padding-left: 0; padding-right: 0; }
  .code { float: right; width: 17mm; height: 17mm; margin: 0 0 0 3mm; fill: #000; }
  .strips { break-inside: avoid; }
  .strips svg { display: block; max-width: 100%; break-inside: avoid; }
  .hazard { border-left-width: .8mm; padding-left: 1mm; }
  .step { display: block; padding: .2mm 0 .3mm; border-top: .2mm solid #000; }
  .step > .pause { margin: .6mm 0 0; padding: .2mm 0; border-width: .5mm 0; }
  .step h3, .step .facts { display: inline; letter-spacing: -.18pt; word-spacing: -.6pt; }
  .steps > h2 { margin-bottom: 0; }
  .steps > p { break-after: avoid; break-inside: avoid; }
  .day { font-weight: bold; margin: 0; padding: .3mm 1mm; background: #ddd; break-after: avoid; }
  .when { border: 0; padding: 0; display: flex; flex-wrap: wrap; gap: 0 2mm; }
  .acts { margin: .2mm 0; }
  .acts label, .acts .open { gap: 1mm; padding: .1mm 0; }
  .acts .d2 { margin-left: 4mm; }
  .acts .d3 { margin-left: 8mm; }
  .moment { display: flex; flex: 1 1 20mm; min-width: max-content; gap: 0 .8mm; margin: 0; align-items: flex-end; }
  .moment .name { width: auto; flex: none; }
  .moment .blank { flex: 1 1 8mm; min-width: 8mm; width: 8mm; }
  .moment:has(.copy) { min-width: 0; max-width: 100%; flex-wrap: wrap; }
  .moment .planned { flex: none; }
  .moment .planned::before { content: "("; }
  .moment .planned::after { content: ")"; }
  .moment .word { display: none; }
  .units { gap: 0 2mm; }
  .units .named { flex: 1 0 20mm; }
  .units .blank { flex: 1 1 8mm; width: 8mm; min-width: 8mm; }
  .tubes thead, .lanes thead { display: none; }
  .tubed .card:not(:has(tr + tr)) { display: flex; gap: 2mm; margin: 0; }
  .tubed .card:not(:has(tr + tr)) .wide { flex: 1; }
  .notes dl > div { display: inline; break-inside: auto; }
  .lanes tbody { display: block; columns: 2; column-gap: 4mm; }
  .lanes tr { display: flex; }
  .lanes .r { width: 6mm; }
  .lanes td.l { flex: 1; }
  .plate.small { display: inline-block; vertical-align: top; width: 100%; }
  .plate.small:has(.map) { width: 46.5mm; }
  .map, .small .map, .small .map:has(thead th:nth-child(6)) { min-width: 0; }
  .map th, .map td { height: 8mm; padding: 0; border-color: #000; }
  .map .rest { background: none; border-style: dotted; }
  .map thead td, .map thead th { height: auto; }
  .map thead td, .map tbody th { width: 4mm; }
  .map .empty td, .map .empty th { height: 5mm; }
  .map b, .map span { font-size: 9pt; letter-spacing: -.2pt; word-spacing: -1pt; }
  .plates { orphans: 1; widows: 1; }
  .plate { margin: 0 0 2mm; }
}
"""
