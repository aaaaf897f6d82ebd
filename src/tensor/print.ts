// The text of a tensor, to the letter what PyTorch prints with the same options (`setPrintoptions`): by default 4
// digits, 80 columns, and above 1000 elements only the first and last 3 of each dimension. Python rounds ties to even
// where toFixed rounds them up, so 0.03125 needs care.

import { ArgumentError } from '../errors.ts'
import type { Handle } from '../native/addon.ts'
import { native } from '../native/load.ts'
import { type DType, dtypes, isFloatingPoint, typedArray } from './dtype.ts'
import { valuesOf } from './half.ts'
import { Options } from './options.ts'
import { atMost, refuse } from './refuse.ts'
import { shown as textOf } from './repr.ts'
import type { Tensor } from './tensor.ts'

/** Options of `setPrintoptions`; what is left out stays as it is, but for `sciMode`. */
export interface PrintoptionsOptions {
  /** Digits after the point, default 4. */
  precision?: number
  /** Above so many elements only the edges are printed; default 1000. */
  threshold?: number
  /** Elements of each edge, default 3. */
  edgeitems?: number
  /** Columns of a line, default 80. */
  linewidth?: number
  /** The defaults, 2 digits and edges of 2, or no threshold. The other options count on top of it. */
  profile?: 'default' | 'short' | 'full'
  /** Whether floats are written as 1.0000e+00; null, the default, decides by their sizes. */
  sciMode?: boolean | null
}

const printOptions = new Options<PrintoptionsOptions>({
  precision: true,
  threshold: true,
  edgeitems: true,
  linewidth: true,
  profile: true,
  sciMode: true,
})

const defaults = { precision: 4, threshold: 1000, edgeitems: 3, linewidth: 80 }
const profiles: Record<string, typeof defaults> = {
  default: defaults,
  short: { ...defaults, precision: 2, edgeitems: 2 },
  full: { ...defaults, threshold: Number.POSITIVE_INFINITY },
}
const shown = { ...defaults, sciMode: null as boolean | null }

/** Digits that JavaScript writes. */
const mostDigits = 100

/**
 * How tensors are printed from now on. PyTorch: torch.set_printoptions.
 * @throws ArgumentError for what is no such number, or an unknown profile
 * @example setPrintoptions({ profile: 'default', linewidth: 80 })
 */
export function setPrintoptions(precision?: number | PrintoptionsOptions, options?: PrintoptionsOptions): void {
  atMost('setPrintoptions', 2, arguments.length)
  const {
    profile,
    sciMode = null,
    ...given
  } = printOptions.copy(printOptions.readFirst('setPrintoptions', precision, options))
  if (profile != null && (typeof profile !== 'string' || !Object.hasOwn(profiles, profile))) {
    const known = Object.keys(profiles).join(', ')
    throw new ArgumentError(`setPrintoptions: unknown profile '${textOf(profile)}'; known are ${known}`)
  }
  for (const [name, value] of Object.entries(given)) {
    if (typeof value !== 'number') refuse(`setPrintoptions: ${name}`, 'a number', value)
    const most = name === 'precision' ? mostDigits : Number.POSITIVE_INFINITY
    if ((Number.isInteger(value) || value === Number.POSITIVE_INFINITY) && value >= 0 && value <= most) continue
    const range = name === 'precision' ? `from 0 to ${mostDigits}` : 'of 0 or more'
    throw new ArgumentError(`setPrintoptions: ${name} must be an integer ${range}, got ${value}`)
  }
  if (sciMode !== null && typeof sciMode !== 'boolean') refuse('setPrintoptions: sciMode', 'true or false', sciMode)
  Object.assign(shown, profiles[profile ?? ''], given, { sciMode })
}

type Value = number | bigint
type FormatValue = (value: Value) => string

/** The digits before one more digit was rounded away upwards from an exact tie: to even instead. */
function tieToEven(rounded: string, tie: boolean): string {
  if (!tie) return rounded
  const last = Number(rounded.at(-1))
  return last % 2 === 0 ? rounded : rounded.slice(0, -1) + (last - 1)
}

function special(value: number): string | undefined {
  if (Number.isNaN(value)) return 'nan'
  if (Number.isFinite(value)) return undefined
  return value > 0 ? 'inf' : '-inf'
}

/** Python's `f'{value:.{digits}f}'`. */
export function fixed(value: number, digits: number): string {
  const sign = value < 0 || Object.is(value, -0) ? '-' : ''
  const magnitude = Math.abs(value)
  // Beyond 2^53 every double is an integer, and BigInt prints all of its digits where toFixed would turn to exponents.
  if (magnitude >= 2 ** 53) return sign + BigInt(magnitude) + (digits > 0 ? `.${'0'.repeat(digits)}` : '')
  // A binary fraction lies halfway between two decimals exactly when it is an odd multiple of 2^-(digits + 1).
  return sign + tieToEven(magnitude.toFixed(digits), (magnitude * 2 ** (digits + 1)) % 2 === 1)
}

/** Python's `f'{value:.{digits}e}'`. */
export function exponential(value: number, digits: number): string {
  const sign = value < 0 || Object.is(value, -0) ? '-' : ''
  const magnitude = Math.abs(value)
  const [mantissa, exponent] = magnitude.toExponential(digits).split('e') as [string, string]
  const exact = magnitude.toExponential(60).split('e')[0]!
  const tie = /^50*$/.test(exact.slice(digits + 2)) && mantissa >= exact.slice(0, digits + 2)
  return `${sign}${tieToEven(mantissa, tie)}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`
}

/** How the elements are written, decided by looking at all that will be shown. */
function formatter(values: Iterable<Value>, dtype: DType): { write: FormatValue; width: number } {
  const { precision, sciMode } = shown
  let write: FormatValue = String
  const sample: Value[] = [...values]
  let counted = sample
  if (dtype === 'bool') write = value => (value ? 'True' : 'False')
  if (isFloatingPoint(dtype)) {
    const finite = (sample as number[]).filter(value => Number.isFinite(value) && value !== 0)
    const magnitudes = finite.map(Math.abs)
    const smallest = magnitudes.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
    const largest = magnitudes.reduce((a, b) => Math.max(a, b), 0)
    const integers = finite.every(Number.isInteger)
    const far = largest / smallest > 1000 || largest > 1e8 || smallest < 1e-4
    if (largest > 0 && (sciMode ?? far)) {
      write = value => special(value as number) ?? exponential(value as number, precision)
    } else if (integers) {
      write = value => special(value as number) ?? `${fixed(value as number, 0)}.`
    } else {
      write = value => special(value as number) ?? fixed(value as number, precision)
    }
    counted = finite
  }
  const width = counted.reduce<number>((widest, value) => Math.max(widest, write(value).length), 1)
  return { write: value => write(value).padStart(width), width }
}

/** The tensor with only the first and last items of its long dimensions. */
function edges(x: Handle): Handle {
  let result = native.detach(x)
  for (const [dim, size] of native.sizes(x).entries()) {
    const { edgeitems } = shown
    if (size <= 2 * edgeitems) continue
    const whole = result
    const first = native.slice(whole, dim, 0, edgeitems, 1)
    const last = native.slice(whole, dim, size - edgeitems, size, 1)
    result = native.cat([first, last], dim)
    for (const handle of [whole, first, last]) native.dispose(handle)
  }
  return result
}

function contents(x: Handle, indent: number): string {
  const shape = native.sizes(x)
  const dtype = dtypes[native.dtype(x)]!
  const { edgeitems, linewidth } = shown
  const summarize = shape.reduce((a, b) => a * b, 1) > shown.threshold
  if (summarize && edgeitems === 0 && shape.length > 0) return '[...]'
  const source = summarize ? edges(x) : native.detach(x)
  const kept = native.sizes(source)
  const elements = typedArray(
    dtype,
    kept.reduce((a, b) => a * b, 1),
  )
  native.toData(source, elements)
  native.dispose(source)
  const flat = valuesOf(elements, dtype)
  const { write, width } = formatter(flat, dtype)
  let next = 0

  const vector = (dim: number, column: number): string => {
    const items = Array.from({ length: kept[dim]! }, () => write(flat[next++]!))
    if (kept[dim] !== shape[dim]) items.splice(edgeitems, 0, ' ...')
    const perLine = Math.max(1, Math.floor((linewidth - column) / (width + 2)))
    const lines: string[] = []
    for (let i = 0; i < items.length; i += perLine) lines.push(items.slice(i, i + perLine).join(', '))
    return `[${lines.join(`,\n${' '.repeat(column + 1)}`)}]`
  }
  const level = (dim: number, column: number): string => {
    if (dim === shape.length - 1) return vector(dim, column)
    const items = Array.from({ length: kept[dim]! }, () => level(dim + 1, column + 1))
    if (kept[dim] !== shape[dim]) items.splice(edgeitems, 0, '...')
    const newlines = '\n'.repeat(shape.length - dim - 1)
    return `[${items.join(`,${newlines}${' '.repeat(column + 1)}`)}]`
  }
  return shape.length === 0 ? write(flat[0]!) : level(0, indent)
}

/** What PyTorch's `repr` gives for the tensor. @internal */
export function format(x: Tensor): string {
  const prefix = 'tensor('
  const suffixes: string[] = []
  const empty = x.numel() === 0
  if (x.device !== 'cpu') suffixes.push(`device='${x.device}'`)
  if (empty ? x.ndim !== 1 : shown.edgeitems === 0)
    suffixes.push(`size=(${x.shape.join(', ')}${x.ndim === 1 ? ',' : ''})`)
  const shownByElements = !empty && (x.dtype === 'int64' || x.dtype === 'bool')
  if (x.dtype !== 'float32' && !shownByElements) suffixes.push(`dtype=torch.${x.dtype}`)
  const node = x.gradFn
  if (node !== null) suffixes.push(`grad_fn=${node}`)
  else if (x.requiresGrad) suffixes.push('requires_grad=True')

  let text = prefix + (empty ? '[]' : contents(x.handle, prefix.length))
  let column = text.length - text.lastIndexOf('\n') + 1
  for (const suffix of suffixes) {
    if (column + suffix.length + 2 > shown.linewidth) {
      text += `,\n${' '.repeat(prefix.length)}${suffix}`
      column = prefix.length + suffix.length
    } else {
      text += `, ${suffix}`
      column += suffix.length + 2
    }
  }
  return `${text})`
}
