// The calls of test/golden/tensorboard.json, as a program too: `npx tsx test/tensorboard/calls.ts FOLDER` makes each in
// a folder of its name there, and a graph in another.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type DType, nn, ones, tensor } from '../../src/index.ts'
import { SummaryWriter } from '../../src/tensorboard/index.ts'
import { golden } from '../support/golden.ts'

export interface Entry {
  call?: [name: string, args: unknown[], options: Record<string, unknown>]
  files: Record<string, unknown>
}

export const entries = Object.entries(golden<Entry>('tensorboard').entries)

/** Makes the call of an entry; the one without a call is about the option of the writer. */
export function perform(folder: string, { call }: Entry): void {
  const writer = new SummaryWriter(folder, call === undefined ? { purgeStep: 5 } : {})
  if (call !== undefined) {
    const [name, args, options] = call
    const method = writer[name as keyof SummaryWriter] as (...args: unknown[]) => void
    method.call(writer, ...args.map(made), made(options))
  }
  writer.close()
}

function made(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(made)
  if (!('tensor' in value)) return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, made(one)]))
  const { tensor: shape, dtype } = value as { tensor: number[]; dtype: DType }
  const count = shape.reduce((product, size) => product * size, 1)
  const scale = dtype.startsWith('float') ? 101 : 1
  const elements = Float64Array.from({ length: count }, (_, i) => ((i * 37) % 101) / scale)
  return tensor(elements, { dtype }).view(shape)
}

const [, script, folder] = process.argv
if (script !== undefined && import.meta.url === pathToFileURL(script).href) {
  for (const [name, entry] of entries) perform(join(folder!, name), entry)
  const writer = new SummaryWriter(join(folder!, 'graph'))
  writer.addGraph(new nn.Sequential(new nn.Linear(4, 3), new nn.ReLU(), new nn.Linear(3, 2)), ones(5, 4))
  writer.close()
}
