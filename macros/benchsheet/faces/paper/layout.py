"""How a sheet is set in type: margins, running lines, boxes, blanks and tables, as functions of Typst; holds no words of a run.

Black on white, nothing below 9 pt, 3 mm boxes to tick, rows high enough to write in, and no step cut by the end of a column.
"""

from __future__ import annotations

LAYOUT = r"""
#let hair = 0.4pt + luma(45%)
#let tick = box(width: 7.6pt, height: 7.6pt, stroke: 0.7pt, baseline: 1.2pt)
#let blank(width) = box(width: width, height: 7pt, stroke: (bottom: 0.5pt))
#let tag(words) = box(fill: black, inset: (x: 2.5pt), outset: (y: 2pt), text(fill: white, weight: "bold", words))

// As many of the words, between commas, as fit beside *before*; what is left out is shown by three dots.
#let shortened(width, before, words) = {
  let parts = words.split(", ")
  let said(kept) = before + parts.slice(0, kept).join(", ") + if kept < parts.len() { if kept > 0 [, …] else […] }
  let kept = parts.len()
  while kept > 0 and measure(said(kept)).width > width { kept -= 1 }
  said(kept)
}

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
      ends(layout(size => shortened(size.width, strong(title) + h(8pt), numbers)), version)
    }),
    footer: context ends(
      [operator #blank(46mm)#h(8pt)date #blank(26mm)#h(8pt)#notice],
      [page #counter(page).display() of #counter(page).final().first()],
    ),
  )
  set par(leading: 0.39em, spacing: 0.44em, justify: false)
  set strong(delta: 300)
  set table(stroke: (x, y) => (bottom: hair), inset: (x: 2.5pt, y: 2.6pt))
  show heading: set text(size: 9pt, weight: "bold")
  show raw: set text(font: ("DejaVu Sans Mono", "Libertinus Serif"), size: 1.25em)
  show heading.where(level: 1): set text(size: 16pt)
  show heading.where(level: 2): it => block(
    above: 7pt, below: 4pt, sticky: true, width: 100%, stroke: (bottom: 1pt), inset: (bottom: 2pt), text(size: 11.5pt, it.body),
  )
  show heading.where(level: 3): it => block(above: 0pt, below: 3.2pt, sticky: true, it.body)
  body
}

// The sheet, part by part. A wide part takes the width of the page, and is kept on one page where it fits one. Items stand in n
// columns of one height, no item cut, and on the last page as low as they go; those of one group go on in the next column, never on
// the next page. A table has items beside it. An item higher than a page flows over the width of the page. A last part has no items
// after it, so that nobody needs to know where it ends.
#let flow(n, parts) = layout(size => {
  let gutter = 9pt
  let width = (size.width - gutter * (n - 1)) / n
  let whole = size.height - 1pt
  let high(body, width: width) = measure(block(width: width, body)).height
  let joined(items) = items.map(((group, gap, body)) => block(width: 100%, above: 0pt, below: gap, body)).join()
  let after(y, tall) = {
    if y + tall <= size.height { y + tall } else { calc.rem((y + tall).pt(), size.height.pt()) * 1pt + 40pt } // heads that stand again
  }
  let y = 0pt
  for part in parts {
    if part.kind == "last" {
      block(breakable: high(part.body, width: size.width) > whole, width: 100%, above: 0pt, below: part.gap, part.body)
      continue
    }
    if part.kind == "wide" {
      let tall = high(part.body, width: size.width)
      if tall > whole and y > whole / 2 { colbreak(weak: true) } // its head and its first action stay together
      if tall <= whole and y + tall > whole or tall > whole and y > whole / 2 { y = 0pt }
      block(breakable: tall > whole, width: 100%, above: 0pt, below: part.gap, part.body)
      y = after(y, tall + part.gap)
      continue
    }
    let items = part.items
    let heights = items.map(((group, gap, body)) => high(body) + gap)
    let at = 0
    if part.kind == "beside" {
      let tall = high(part.body, width: size.width - width - gutter)
      let used = 0pt
      while at < items.len() and used + heights.at(at) - items.at(at).at(1) <= tall { used += heights.at(at); at += 1 }
      block(width: 100%, above: 0pt, below: 7pt, grid(
        columns: (size.width - width - gutter, width), column-gutter: gutter, part.body, joined(items.slice(0, at)),
      ))
      y = after(y, tall + 7pt)
    }
    let fill(from, till, room) = {
      let (columns, at, tallest) = ((), from, 0pt)
      for _ in range(n) {
        let (first, used) = (at, 0pt)
        while at < till and used + heights.at(at) - items.at(at).at(1) <= room { used += heights.at(at); at += 1 }
        columns.push((first, at))
        tallest = calc.max(tallest, used)
      }
      let end = at
      while end > from and end < till and items.at(end).first() == items.at(end - 1).first() { end -= 1 }
      if end == from { end = at }
      (columns.map(((first, last)) => (calc.min(first, end), calc.min(last, end))), end, tallest)
    }
    while at < items.len() {
      let till = at
      while till < items.len() and heights.at(till) <= whole { till += 1 }
      while at < till {
        let room = whole - y
        let (columns, end, tallest) = fill(at, till, room)
        if end == till {
          let (low, enough) = (heights.slice(at, till).sum() / n, room)
          while enough - low > 4pt {
            let middle = (low + enough) / 2
            if fill(at, till, middle).at(1) < till { low = middle } else { enough = middle }
          }
          (columns, end, tallest) = fill(at, till, enough)
        }
        if end > at {
          let row = calc.min(tallest, room)
          grid(columns: (width,) * n, rows: (row,), column-gutter: gutter, ..columns.map(((first, last)) => joined(items.slice(first, last))))
          y = if end < till { 0pt } else { y + row }
        } else if y == 0pt { break } else { y = 0pt }
        at = end
      }
      if at < items.len() {
        block(width: 100%, above: 0pt, below: 6pt, items.at(at).last())
        y = after(y, high(items.at(at).last(), width: size.width))
        at += 1
      }
    }
    v(4pt)
    y += 4pt
  }
})

#let section(words) = heading(level: 2, words)
#let front(title, version, summary, noticed, command, code, about) = grid(
  columns: (1fr, 23mm), column-gutter: 5mm,
  {
    heading(level: 1, title)
    par({ version; if noticed != "" { ". "; strong(noticed) } })
    par(summary)
    par(raw(command))
  },
  { image(bytes(code), format: "svg", width: 23mm, alt: about) },
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
#let ticked(columns, align, head, rows, bare: (), blanks: 0, pad: 1.9pt) = table(
  columns: (11.5pt, ..columns), align: (left, ..align), inset: (x: 1.6pt, y: pad),
  stroke: (x, y) => (bottom: if y == 0 { 0.8pt } else { hair }, left: if x > columns.len() - blanks { hair }),
  table.header([], ..head.map(strong)),
  ..rows.enumerate().map(((n, row)) => (if n in bare [] else { tick }, ..row)).flatten(),
)
// Columns as wide as what stands in them, whose heads are broken where they have no room, and one, the *broad*, with what is left,
// but never more than *most*.
#let fitted(broad, align, head, rows, bare: (), most: none) = layout(size => {
  let wide(cell) = 3.4pt + measure(cell).width
  let cells = range(head.len()).map(n => calc.max(0pt, ..rows.map(row => wide(row.at(n)))))
  let heads = head.map(words => wide(strong(words)))
  let whole = range(head.len()).map(n => calc.max(cells.at(n), heads.at(n)))
  let taken = if whole.sum() + 11.5pt <= size.width { whole } else {
    range(head.len()).map(n => calc.max(cells.at(n), ..if type(head.at(n)) == str { head.at(n).split(" ").map(word => wide(strong(word))) }))
  }
  let broadest = if most == none { 1fr } else { calc.min(most, whole.at(broad), size.width - 11.5pt - taken.sum() + taken.at(broad)) }
  ticked(range(head.len()).map(n => if n == broad { broadest } else { taken.at(n) }), align, head, rows, bare: bare)
})
#let recipe(name, amount, parts) = {
  heading(level: 3, { name; h(1fr); box({ h(4pt); amount }) })
  table(
    columns: (12pt, 1fr, auto), inset: (x: 2pt, y: 1.4pt), align: (left, left, right), stroke: (x, y) => (top: hair, bottom: hair),
    ..parts.map(part => (tick, ..part)).flatten(),
  )
}
#let remarks(hazards, lead, body) = par({ if hazards != "" { tag("HAZARD"); " "; strong(hazards); " " }; if lead != "" { strong(lead); " " }; body })
#let side(..tables) = grid(columns: (1fr,) * calc.min(2, tables.pos().len()), column-gutter: 9pt, ..tables)
#let tubes(title, names) = {
  if title != "" { par(strong(title)) }
  for name in names { par(hanging-indent: 12pt, { tick; h(4pt); name }) }
}
#let step(number, title, about, planned, units) = {
  heading(level: 3, {
    box(fill: black, inset: (x: 3pt), outset: (y: 2.2pt), text(fill: white, number)); h(3pt); title
    if about != "" { h(5pt); text(weight: "regular", about) }
  })
  let blanks(width) = box[start #blank(width)#h(3.5pt)stop #blank(width)]
  par({
    if planned == "" { blanks(11mm) } else { // times with seconds have room beside somewhat smaller blanks
      strong(planned); h(3.5pt); context { let wide = measure(strong(planned)).width; blanks(if 70pt < wide and wide < 84pt { 9.6mm } else { 11mm }) }
    }
  })
  if units.len() > 0 { par(units.map(unit => box[#unit #blank(10mm)]).join(h(4pt))) }
}
#let defined(body, indent: 0pt) = pad(left: indent, par(hanging-indent: 7pt, body))
#let wait(lead, body) = par(hanging-indent: 13pt, { tick; h(4.8pt); strong(lead); " "; body })

#let well(words, fill, dark) = table.cell(fill: fill, inset: (x: 0.8pt, y: 2.2pt), align: center + horizon, if dark { strong(words) } else { words })
#let plate(title, columns, rows, legend) = {
  heading(level: 3, title)
  block(breakable: false, table(
    columns: (13pt,) + (1fr,) * columns, stroke: 0.4pt, inset: (x: 0.8pt, y: 2.2pt), align: center + horizon,
    table.header([], ..range(1, columns + 1).map(n => strong(str(n)))), ..rows.flatten(),
  ))
  if legend != "" { par(legend) }
}
#let lanes(title, numbers, gels) = block(above: 3pt, below: 0pt, table(
  columns: (auto,) + (1fr,) * numbers.len(), stroke: 0.4pt, align: center + horizon, inset: (x: 1.6pt, y: 2.4pt),
  table.header(title, ..numbers.map(strong)), ..gels.map(((name, lanes)) => (strong(name), ..lanes)).flatten(),
))
#let gate(name, limit, reading) = par(hanging-indent: 7pt, { strong(name); ": "; limit; ". "; box[reading #blank(18mm)]; " "; emph(reading) })
#let rules = tiling(size: (40pt, 18pt), place(bottom + left, line(length: 40pt, stroke: hair)))
#let ruled = for high in (72pt, 1fr) { block(width: 100%, height: high, above: 0pt, below: 0pt, sticky: true, fill: rules) }
#let signed(..names) = grid(columns: (1fr,) * 2, column-gutter: 10mm, row-gutter: 5pt,
  ..names.pos().map(name => block(above: 7pt, grid(columns: (auto, 1fr, auto, 24mm), column-gutter: 4pt, name, blank(100%), "date", blank(100%)))))
"""
