"""How a sheet is set in type: margins, running lines, boxes, blanks and tables, as functions of Typst; holds no words of a run.

Black on white, nothing below 9 pt, 3 mm boxes to tick, rows high enough to write in, and no step cut by the end of a column.
"""

from __future__ import annotations

LAYOUT = r"""
#let strong(words) = text(weight: "bold", words)
#let hair = 0.4pt + luma(45%)
#let tick = box(width: 7.6pt, height: 7.6pt, stroke: 0.7pt, baseline: 1.2pt)
#let blank(width) = box(width: width, height: 7pt, stroke: (bottom: 0.5pt))
#let tag(words) = box(fill: black, inset: (x: 2.5pt), outset: (y: 2pt), text(fill: white, weight: "bold", words))

#let sheet(title: "", numbers: "", version: "", notice: "", paper: "a4", body) = {
  set document(title: title, date: none)
  set text(font: "Libertinus Serif", size: 9pt, lang: "en", region: "gb", hyphenate: false)
  let ends(begin, end) = {
    set text(top-edge: "ascender", bottom-edge: "descender")
    grid(columns: (1fr, auto), column-gutter: 8pt, align: top, block(height: 10.4pt, clip: true, width: 100%, begin), end)
  }
  set page(
    paper: paper,
    margin: (x: 9mm, top: 11.6mm, bottom: 10mm),
    header-ascent: 2mm,
    footer-descent: 2.4mm,
    header: block(width: 100%, stroke: (bottom: 0.5pt), inset: (bottom: 2.5pt), {
      ends(strong(title) + h(8pt) + numbers, version)
    }),
    footer: context ends(
      [operator #blank(46mm)#h(8pt)date #blank(26mm)#h(8pt)#notice],
      [page #counter(page).display() of #counter(page).final().first()],
    ),
  )
  set par(leading: 0.39em, spacing: 0.44em, justify: false)
  show heading: it => if it.level == 1 { block(below: 12pt, text(size: 16pt, weight: "bold", it.body)) } else if it.level == 2 {
    block(above: 7pt, below: 4pt, sticky: true, width: 100%, stroke: (bottom: 1pt), inset: (bottom: 2pt), text(size: 11.5pt, weight: "bold", it.body))
  } else { block(above: 0pt, below: 3.2pt, sticky: true, text(weight: "bold", size: 9pt, it.body)) }
  body
}

// What the parts of a sheet stand in: across the page, or in columns that no item of them is cut by.
#let across(flows, gap, body) = block(breakable: flows, width: 100%, above: 0pt, below: gap, body)
#let kept(gap, body) = block(breakable: false, width: 100%, above: 0pt, below: gap, body)
#let side-by-side(width, gap, ..columns) = block(
  width: 100%, above: 0pt, below: gap, grid(columns: (width,) * columns.pos().len(), column-gutter: 9pt, ..columns),
)
#let beside(wide, width, table, column) = block(
  width: 100%, above: 0pt, below: 7pt, grid(columns: (wide, width), column-gutter: 9pt, table, column),
)

#let section(words) = heading(level: 2, words)
#let front(title, version, summary, noticed, command, code, about, side) = grid(
  columns: (1fr, side), column-gutter: 5mm,
  {
    heading(level: 1, title)
    par({ version; if noticed != "" { ". "; strong(noticed) } })
    par(summary)
    par(text(font: ("DejaVu Sans Mono", "Libertinus Serif"), command))
  },
  { image(bytes(code), format: "svg", width: side, alt: about) },
)
#let facts(..rows) = grid(columns: (1fr, 1fr), column-gutter: 10pt, row-gutter: 3pt, ..rows)
#let lead(words, body) = par({ strong(words); " "; body })
#let item(body) = par(hanging-indent: 7pt, { box(width: 7pt, "–"); body })
#let fact(name, body) = par(hanging-indent: 7pt, { strong(name); ": "; body })
#let action(body, mark: "", indent: 0pt) = pad(left: indent, par(hanging-indent: 13pt, { tick; h(4.8pt); if mark != "" { mark + " " }; body }))
#let hazard(body) = par(hanging-indent: 7pt, { tag("HAZARD"); " "; body })
#let pause(body) = block(
  width: 100%, above: 4pt, below: 0pt, stroke: (top: 1.4pt, bottom: 1.4pt), inset: (y: 2.4pt), { tag("PAUSE"); " "; strong(body) },
)
#let day(words) = block(width: 100%, above: 0pt, below: 4pt, fill: luma(88%), inset: (x: 3pt, y: 2.2pt), strong(words))

// A table with a box before each row but those of *bare*; the last *blanks* columns are to write in.
#let ticked(columns, insets, tall, align, head, rows, bare: (), blanks: 0, pad: 1.9pt) = table(
  columns: (11.5pt, ..columns), rows: tall, align: (left, ..align), stroke: (x: none, top: none, bottom: hair),
  inset: insets.map(left => (left: left, right: 1.6pt, y: pad)),
  ..range(blanks).map(n => table.vline(x: columns.len() - n, stroke: hair)),
  table.header([], ..head.map(strong), table.hline(stroke: 0.8pt + black)),
  ..rows.enumerate().map(((n, row)) => (if n in bare [] else { tick }, ..row)).flatten(),
)
#let recipe(name, amount, parts, last, tall) = {
  heading(level: 3, { name; h(1fr); box({ h(4pt); amount }) })
  table(
    columns: (12pt, 1fr, last), rows: tall, inset: (x: 2pt, y: 1.4pt), align: (left, left, right), stroke: (x: none, y: hair),
    ..parts.map(part => (tick, ..part)).flatten(),
  )
}
#let remarks(hazards, lead, body) = par({ if hazards != "" { tag("HAZARD"); " "; strong(hazards); " " }; if lead != "" { strong(lead); " " }; body })
#let side(widths, ..tables) = grid(columns: widths, column-gutter: 9pt, ..tables)
#let tubes(title, names) = {
  if title != "" { par(strong(title)) }
  for name in names { par(hanging-indent: 12pt, { tick; h(4pt); name }) }
}
#let step(number, title, about, planned, units, blank-width) = {
  heading(level: 3, {
    box(fill: black, inset: (x: 3pt), outset: (y: 2.2pt), text(fill: white, number)); h(3pt); title
    if about != "" { h(5pt); text(weight: "regular", about) }
  })
  par({
    if planned != "" { strong(planned); h(3.5pt) }
    box[start #blank(blank-width)#h(3.5pt)stop #blank(blank-width)]
  })
  if units.len() > 0 { par(units.map(unit => box[#unit #blank(10mm)]).join(h(4pt))) }
}
#let defined(body, indent: 0pt) = pad(left: indent, par(hanging-indent: 7pt, body))
#let wait(lead, body) = par(hanging-indent: 13pt, { tick; h(4.8pt); strong(lead); " "; body })

#let well(words, fill, dark) = table.cell(fill: fill, if dark { strong(words) } else { words })
#let plate(title, columns, tall, rows, legend) = {
  heading(level: 3, title)
  block(breakable: false, table(
    columns: (13pt,) + (1fr,) * columns, rows: tall, stroke: 0.4pt, inset: (x: 0.8pt, y: 2.2pt), align: center + horizon,
    table.header([], ..range(1, columns + 1).map(n => strong(str(n)))), ..rows.flatten(),
  ))
  if legend != "" { par(legend) }
}
#let lanes(title, numbers, gels, first) = block(above: 3pt, below: 0pt, table(
  columns: (first,) + (1fr,) * numbers.len(), stroke: 0.4pt, align: center + horizon, inset: (x: 1.6pt, y: 2.4pt),
  table.header(title, ..numbers.map(strong)), ..gels.map(((name, lanes)) => (strong(name), ..lanes)).flatten(),
))
#let strips(hours, high, ..days) = for (name, times, closed, waits, work, pauses, numbers) in days.pos() {
  let bar(top, tall, fill, bars) = for (left, width) in bars { place(dx: left, dy: top, rect(width: width, height: tall, fill: fill)) }
  block(width: 100%, height: high, above: 0pt, below: 0pt, breakable: false, {
    bar(7pt, 11.6pt, luma(86%), closed)
    for left in hours { place(dx: left, dy: 7pt, line(angle: 90deg, length: 11.6pt, stroke: hair)) }
    bar(14.6pt, 3pt, luma(70%), waits)
    bar(8pt, 5.6pt, black, work)
    for left in pauses { place(dx: left - 1pt, dy: 6pt, rect(width: 2pt, height: 13.6pt, fill: black)) }
    place(dy: 0pt, strong(name))
    place(dy: 9.4pt, times)
    for (left, number) in numbers { place(dx: left, dy: 0pt, number) }
  })
}
#let gate(name, limit, reading) = par(hanging-indent: 7pt, { strong(name); ": "; limit; ". "; box[reading #blank(18mm)]; " "; emph(reading) })
#let rules = tiling(size: (40pt, 18pt), place(bottom + left, line(length: 40pt, stroke: hair)))
#let ruled = for high in (71pt, 1fr) { block(width: 100%, height: high, above: 0pt, below: 0pt, sticky: true, fill: rules) }
#let signed(..names) = grid(columns: (1fr,) * 2, column-gutter: 10mm, row-gutter: 5pt,
  ..names.pos().map(name => block(above: 7pt, grid(columns: (auto, 1fr, auto, 24mm), column-gutter: 4pt, name, blank(100%), "date", blank(100%)))))
"""
