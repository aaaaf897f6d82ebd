// Tables as text.

/** Rows as lines, the first as a heading, in columns of equal width: numbers end at the right of theirs. */
export function columns(rows: readonly (readonly string[])[]): string {
  const aligned = rows[0]!.map((_, i) => {
    const column = rows.map(row => row[i]!)
    const width = Math.max(...column.map(cell => cell.length))
    const numbers = column.slice(1).every(cell => cell === '' || /^-?\d/.test(cell))
    return column.map(cell => (numbers ? cell.padStart(width) : cell.padEnd(width)))
  })
  return rows
    .map((_, i) =>
      aligned
        .map(column => column[i])
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
