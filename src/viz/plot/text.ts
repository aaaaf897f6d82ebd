// How wide texts are. Vega asks a canvas, of which there is none here, and else takes every letter to be 0.8 of the
// font's size wide, which leaves gaps beside texts.

/** Widths of letters in DejaVu Sans, in parts of the font's size; all others take about 0.63. */
const widths: Readonly<Record<string, number>> = Object.fromEntries(
  Object.entries({
    0.29: 'ijlI',
    0.35: " f.,:;/|'-",
    0.4: 'rt()[]⁻⁰¹²³⁴⁵⁶⁷⁸⁹',
    0.75: 'CDGHNOQU',
    0.84: 'wm+=<>~M',
    0.97: 'W%@',
  }).flatMap(([width, letters]) => [...letters].map(letter => [letter, Number(width)])),
)

function textWidth(text: string, fontSize: number): number {
  return Math.ceil([...text].reduce((sum, letter) => sum + fontSize * (widths[letter] ?? 0.63), 0))
}

/** Lets vega know. */
export function measureTexts(vega: object): void {
  const { textMetrics } = vega as { textMetrics: { width: (item: { fontSize?: number }, text: unknown) => number } }
  textMetrics.width = (item, text) => textWidth(String(text ?? ''), item.fontSize ?? 11)
}

/** A legend above a plot, in as many columns as its width has room for. */
export function legendAbove(names: readonly string[], width: number) {
  const entries = names.map(name => textWidth(name, 12) + 34) // with a symbol before it and a gap behind it
  const widest = (some: number[]) => some.reduce((a, b) => Math.max(a, b), 0)
  const total = (columns: number) =>
    Array.from({ length: columns }, (_, k) => widest(entries.filter((_, i) => i % columns === k))).reduce(
      (a, b) => a + b,
    )
  let columns = Math.max(1, names.length)
  while (columns > 1 && total(columns) > width) columns--
  return { title: null, orient: 'top', direction: 'horizontal', columns, labelLimit: width, offset: 8 }
}
