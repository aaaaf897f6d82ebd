// What a program leaves: lines, pictures and files. The launcher runs the whole program in each of its processes; the
// first of them prints and draws. Pictures and files go into the folder `outputs`, or where OUTPUTS says:
//   OUTPUTS=/tmp/lenet npx dtrain examples/lenet.ts
//   PICTURES=none npx dtrain examples/lenet.ts          saves files, and draws nothing
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { getRank } from 'dtrain/distributed'
import { Dot, type plot } from 'dtrain/viz'

const folder = process.env.OUTPUTS || 'outputs'
const first = getRank() === 0
export const drawing = first && process.env.PICTURES !== 'none'

/** Python's print. */
export function print(...values: unknown[]): void {
  if (!first) return
  console.log(values.map(value => (typeof value === 'string' ? value : inspect(value, { depth: null }))).join(' '))
}

/** The path of a file to be written. */
export function output(name: string): string {
  mkdirSync(folder, { recursive: true })
  return join(folder, name)
}

/** Writes a plot or a graph into a file of that name. */
export async function draw(name: string, picture: plot.Figure | Dot): Promise<void> {
  if (drawing) await (picture instanceof Dot ? picture.render(output(name)) : picture.save(output(name)))
}
