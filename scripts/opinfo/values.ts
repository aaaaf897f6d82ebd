// What dump.py wrote as values of dtrain: tensors with their strides and offsets, numbers, dtypes, slices; and what a
// call gives, taken apart and compared with what PyTorch gave, by the tolerances of torch.testing.
import type * as dtrain from '../../src/index.ts'
import { camel } from './report.ts'

export type Dtrain = typeof dtrain
export type Tensor = dtrain.Tensor

export interface TensorEntry {
  data: string
  dtype: dtrain.DType
  shape: number[]
  grad: boolean
  stride?: number[]
  offset?: number
}

export type Entry =
  | null
  | boolean
  | number
  | string
  | Entry[]
  | { tensor: TensorEntry }
  | { bigint: string }
  | { number: 'inf' | '-inf' | 'nan' }
  | { dtype: dtrain.DType }
  | { slice: (number | null)[] }
  | { ellipsis: true }

/** The tensors of a name's file, flat or as they are. */
export type Data = Readonly<Record<string, Tensor>>

/** The function that dtrain has by PyTorch's name, at the root or in a namespace. */
export function functionOf(dt: Dtrain, name: string): ((...args: unknown[]) => unknown) | undefined {
  const path = name.split('.').map(camel)
  const found = path.reduce<unknown>((space, key) => (space as Record<string, unknown> | undefined)?.[key], dt)
  return typeof found === 'function' ? (found as (...args: unknown[]) => unknown) : undefined
}

/** An argument. What is a leaf of the graph is put into `leaves`. */
export function decode(dt: Dtrain, entry: Entry, data: Data, leaves: Tensor[]): unknown {
  if (entry === null || typeof entry !== 'object') return entry
  if (Array.isArray(entry)) return entry.map(one => decode(dt, one, data, leaves))
  if ('bigint' in entry) return BigInt(entry.bigint)
  if ('number' in entry) return { inf: Infinity, '-inf': -Infinity, nan: Number.NaN }[entry.number]
  if ('dtype' in entry) return entry.dtype
  if ('slice' in entry) return entry.slice.map(at => at ?? '').join(':')
  if ('ellipsis' in entry) return '...'
  const x = laidOut(dt, entry.tensor, data[entry.tensor.data]!).detach()
  if (!entry.tensor.grad) return x
  leaves.push(x.requiresGrad_())
  return x
}

/** A tensor of its own memory with the strides and the offset of the entry, where views can have them. */
function laidOut(dt: Dtrain, { shape, stride, offset = 0 }: TensorEntry, memory: Tensor): Tensor {
  if (stride === undefined) return memory.clone()
  const { noGrad } = dt
  const dims = shape.map((size, dim) => ({ size, dim, step: stride[dim]! }))
  const walked = dims.filter(({ size, step }) => size > 1 && step > 0).sort((a, b) => b.step - a.step)
  const nested = walked.every(({ size, step }, i) => {
    const outer = walked[i - 1]?.step
    return outer === undefined || (outer % step === 0 && outer / step >= size)
  })
  if (!nested) throw new Error('the strides are those of no view')
  return noGrad(() => {
    const length = walked.length === 0 ? 1 : walked[0]!.size * walked[0]!.step
    const missing = Math.max(0, offset + length - memory.numel())
    const room = dt.cat([memory, dt.zeros(missing, { dtype: memory.dtype })]).index(`${offset}:${offset + length}`)
    const steps = walked.map(({ step }) => step)
    const grid = [walked[0]?.size ?? 1, ...steps.map((step, i) => step / (steps[i + 1] ?? 1))]
    let x = room.view(grid).index('...', 0)
    x = x.index(...walked.map(({ size }) => `:${size}` as const), '...')
    const order = dims.filter(it => walked.includes(it)).map(it => walked.indexOf(it))
    if (order.length > 0) x = x.permute(...order)
    for (const { dim, size, step } of dims) if (size === 1 || step === 0) x = x.unsqueeze(dim)
    return x.expand(...shape)
  })
}

/** The tensors, numbers and booleans of what a function gives, in order. */
export function leavesOf(dt: Dtrain, value: unknown): unknown[] {
  if (value instanceof dt.Tensor || typeof value !== 'object' || value === null) return [value]
  return Object.values(value).flatMap(one => leavesOf(dt, one))
}

const tolerances: Partial<Record<dtrain.DType, { rtol: number; atol: number }>> = {
  float64: { rtol: 1e-7, atol: 1e-7 },
  float32: { rtol: 1.3e-6, atol: 1e-5 },
  float16: { rtol: 1e-3, atol: 1e-5 },
  bfloat16: { rtol: 1.6e-2, atol: 1e-5 },
}

/** What differs from PyTorch's answer, or undefined. `valued`: whether its elements mean anything. */
export function difference(
  dt: Dtrain,
  got: unknown,
  want: Entry,
  data: Data,
  valued: boolean,
  graph = false,
): string | undefined {
  if (want === null || typeof want !== 'object' || !('tensor' in want)) {
    const value = decode(dt, want, data, [])
    if (got instanceof dt.Tensor) return `gives a tensor, not ${value}`
    const near = typeof got === 'number' && Math.abs(got - Number(value)) <= 1e-5 * Math.max(1, Math.abs(Number(value)))
    return Object.is(got, value) || near ? undefined : `gives ${got}, not ${value}`
  }
  const { dtype, shape, grad, data: key } = want.tensor
  if (!(got instanceof dt.Tensor)) return `gives ${typeof got}, not a tensor`
  if (got.dtype !== dtype) return `gives ${got.dtype}, not ${dtype}`
  if (String(got.shape) !== String(shape)) return `gives [${got.shape.join(', ')}], not [${shape.join(', ')}]`
  if (graph && got.requiresGrad !== grad) return `requiresGrad is ${got.requiresGrad}, not ${grad}`
  return valued ? apart(got, data[key]!) : undefined
}

/** How the elements of two tensors of one shape and dtype differ, or undefined. */
function apart(got: Tensor, want: Tensor): string | undefined {
  const close = tolerances[want.dtype]
  const numbers = (x: Tensor) => (close ? x.detach().to('float64') : x).toTypedArray()
  const [ours, theirs] = [numbers(got), numbers(want)]
  for (let i = 0; i < ours.length; i++) {
    const [a, b] = [ours[i]!, theirs[i]!]
    if (a === b || (Number.isNaN(a) && Number.isNaN(b))) continue
    if (close && Math.abs(Number(a) - Number(b)) <= close.atol + close.rtol * Math.abs(Number(b))) continue
    return `element ${i} of [${want.shape.join(', ')}] is ${a}, not ${b}`
  }
  return undefined
}

/** The tensors, numbers and booleans of what PyTorch gave, in order. */
export function entriesOf(entry: Entry): Entry[] {
  return Array.isArray(entry) ? entry.flatMap(entriesOf) : [entry]
}

/**
 * Runs backward from the weighted sum of what a call gave, and says which leaf's gradient differs from PyTorch's, and
 * how. PyTorch has no gradient where it says null; then one of zeros will do.
 */
export function gradientDifference(
  dt: Dtrain,
  got: readonly unknown[],
  weights: readonly Entry[],
  leaves: readonly [what: string, leaf: Tensor, want: Entry][],
  data: Data,
): string | undefined {
  const carrying = got.filter((y): y is Tensor => y instanceof dt.Tensor && y.requiresGrad)
  const terms = carrying.map((y, i) => y.mul(decode(dt, weights[i]!, data, []) as Tensor).sum())
  terms.reduce((sum, term) => sum.add(term)).backward()
  for (const [what, { grad }, want] of leaves) {
    if (want === null ? grad === null || !grad.any().item() : grad === null) {
      if (want !== null) return `no gradient of ${what}`
      continue
    }
    const problem = want === null ? 'is not 0' : difference(dt, grad, want, data, true)
    if (problem !== undefined) return `gradient of ${what}: ${problem}`
  }
  return undefined
}
