// Dimensions of the inputs that may have other sizes when the model runs, and inputs of such sizes, made of the
// examples.
import { ArgumentError } from '../errors.ts'
import { arange, isOptions, mapTensors, noGrad, refuse, type Tensor } from '../tensor/index.ts'

/** Names of dimensions, by the name of the input and the number of the dimension. */
export type DynamicAxes = Readonly<Record<string, Readonly<Record<number, string>>>>

/** A dimension of inputs that may vary: its name, and its size in each of the traces. */
export interface Axis {
  name: string
  /** Where it is. */
  places: { input: string; dim: number }[]
  /** Its size in the example inputs. */
  given: number
  values: readonly number[]
}

/** The dimensions that may vary, each with its size in every run: that of the example, and two more for each. */
export function axesOf(
  examples: readonly Tensor[],
  names: readonly string[],
  wanted: DynamicAxes = batchOf(examples, names),
  outputNames: readonly string[] = [],
): Axis[] {
  if (!isOptions(wanted)) refuse('exportOnnx', 'dynamicAxes as an object', wanted)
  const axes: Axis[] = []
  for (const [input, dims] of Object.entries(wanted)) {
    const at = names.indexOf(input)
    // As in PyTorch, outputs may be named too: their sizes follow from those of the inputs.
    if (at < 0 && outputNames.includes(input)) continue
    if (at < 0)
      throw new ArgumentError(`exportOnnx: dynamicAxes: no input is called '${input}'; there are ${names.join(', ')}`)
    for (const [key, name] of Object.entries(dims)) {
      const size = examples[at]!.size(Number(key))
      if (size === 0) throw new ArgumentError(`exportOnnx: the example input '${input}' is empty along '${name}'`)
      const place = { input, dim: Number(key) }
      const known = axes.find(axis => axis.name === name)
      if (known === undefined) axes.push({ name, places: [place], given: size, values: [] })
      else if (known.given === size) known.places.push(place)
      else {
        throw new ArgumentError(
          `exportOnnx: dynamicAxes: '${name}' has the sizes ${known.given} and ${size} in the example inputs`,
        )
      }
    }
  }
  for (const [i, axis] of axes.entries()) {
    const base = Math.max(axis.given, 2) // since 1 broadcasts
    axis.values = Array.from({ length: 1 + 2 * axes.length }, (_, run) => base + ([1, 3][run - 1 - 2 * i] ?? 0))
  }
  return axes
}

/** Copies of the inputs with the sizes of one run: of what is there, the first elements come again. */
export function sized(
  inputs: readonly unknown[],
  names: readonly string[],
  axes: readonly Axis[],
  run: number,
): unknown[] {
  let at = 0
  return noGrad(() =>
    mapTensors([...inputs], x => {
      const name = names[at++]
      let copy = x.clone()
      for (const { places, values } of axes) {
        for (const { dim } of places.filter(({ input }) => input === name)) {
          const positions = arange(values[run]!).remainder(copy.size(dim)).to(x.device)
          copy = copy.indexSelect(dim, positions)
        }
      }
      return copy
    }),
  )
}

/** The first dimension of every input that has as many rows as the first one. */
function batchOf(examples: readonly Tensor[], names: readonly string[]): DynamicAxes {
  const rows = examples.find(({ ndim }) => ndim > 0)?.size(0)
  return Object.fromEntries(
    names.filter((_, i) => examples[i]!.ndim > 0 && examples[i]!.size(0) === rows).map(name => [name, { 0: 'batch' }]),
  )
}
