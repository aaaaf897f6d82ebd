// A model's layers as a table: output shapes, parameters, multiply-adds, memory, as torchinfo has them and prints them.
// They are seen by hooks while zeros go through the model once, in evaluation mode and without gradients.
import { inspect } from 'node:util'
import { ArgumentError } from '../errors.ts'
import { evaluating } from '../nn/module/evaluating.ts'
import { type AnyModule, Module } from '../nn/module/module.ts'
import {
  atMost,
  type Device,
  type DType,
  itemSize,
  mapTensors,
  noGrad,
  Options,
  refuse,
  type Tensor,
  zeros,
} from '../tensor/index.ts'

/** Options of `summary`. */
export interface SummaryOptions {
  /** The dtype of the inputs; default: that of the model's first parameter. */
  dtype?: DType
  /** How many levels of layers are printed, default 3. */
  depth?: number
}

const summaryOptions = new Options<SummaryOptions>({ dtype: true, depth: true })

/** One call of one layer. */
export interface LayerSummary {
  /** Its name in the model, such as `features.0`; '' for the model. */
  readonly name: string
  /** The name of its class. */
  readonly type: string
  /** 0 for the model, 1 for its layers, and so on. */
  readonly depth: number
  /** Of its first output; empty for what is not called itself, such as a ModuleList. */
  readonly outputShape: readonly number[]
  /** All parameters in it. */
  readonly parameters: number
  /** Those that are trained. */
  readonly trainable: number
  /** Multiplications with an addition of one forward pass: outputs times weights, with the bias as a weight. */
  readonly multAdds: number
  /** Whether it was called before; its parameters count once. */
  readonly repeated: boolean
  /** Whether it has no layers of its own. */
  readonly leaf: boolean
}

type Row = { -readonly [K in keyof LayerSummary]: LayerSummary[K] } & { module: AnyModule; outputBytes: number }

/**
 * What a model is made of and what a batch of this shape costs: `console.log` prints it as a table. The shape begins
 * with the batch; several inputs have a shape each. PyTorch: torchinfo.summary.
 * @throws ArgumentError for anything but a model and sizes, and what the model throws
 * @example console.log(summary(model, [64, 1, 28, 28]))
 * @example const { parameters, multAdds } = summary(model, [1, 784])
 */
export function summary(
  model: AnyModule,
  inputShape: readonly number[] | readonly (readonly number[])[],
  dtype?: DType | SummaryOptions,
  options?: SummaryOptions,
): ModelSummary {
  atMost('summary', 4, arguments.length)
  if (!(model instanceof Module)) refuse('summary', 'a module', model)
  const given = summaryOptions.readFirst('summary', dtype, options)
  const { depth = 3 } = given
  if (!Number.isInteger(depth) || depth < 0) throw new ArgumentError(`summary: depth must be 0 or more: ${depth}`)
  const shapes = shapesOf(inputShape)
  const [first] = model.parameters()
  const device: Device = first?.device ?? 'cpu'
  const inputs = noGrad(() => shapes.map(shape => zeros(shape, { dtype: given.dtype ?? first?.dtype, device })))
  const rows = watch(model, () => model(...inputs))
  return new ModelSummary(
    rows,
    inputs.map(bytesOf).reduce((a, b) => a + b, 0),
    depth,
  )
}

function shapesOf(given: readonly number[] | readonly (readonly number[])[]): (readonly number[])[] {
  const shapes = Array.isArray(given) && Array.isArray(given[0]) ? given : [given]
  for (const shape of shapes) {
    if (Array.isArray(shape) && shape.length > 0 && shape.every(size => Number.isInteger(size) && size > 0)) continue
    throw new ArgumentError(`summary: expected the shape of a batch, such as [1, 3, 32, 32], got ${inspect(given)}`)
  }
  return shapes as (readonly number[])[]
}

function bytesOf(x: Tensor): number {
  return x.numel() * itemSize(x.dtype)
}

/** The calls of all layers while `run` runs, each behind the layers that it is in. */
function watch(model: AnyModule, run: () => unknown): Row[] {
  const named = model.namedModules()
  const modules = new Map(named)
  const rows: Row[] = []
  const called = new Set<AnyModule>()
  const latest = new Map<AnyModule, Row>()
  const path: Row[] = [] // the last row of each depth, of those that the next may be in
  const add = (name: string, module: AnyModule): void => {
    const row = rowOf(name, module, called.has(module))
    called.add(module)
    latest.set(module, row)
    rows.push(row)
    path.length = row.depth
    path.push(row)
  }
  const hooks = named.flatMap(([name, module]) => [
    module.registerForwardPreHook(() => {
      // What is not called itself, such as a ModuleList, gets its row when the first layer in it is.
      const parts = name === '' ? [] : name.split('.')
      for (let depth = 1; depth < parts.length; depth++) {
        const parent = parts.slice(0, depth).join('.')
        if (path[depth]?.name !== parent) add(parent, modules.get(parent)!)
      }
      add(name, module)
      return undefined
    }),
    module.registerForwardHook((_, __, output) => {
      measure(latest.get(module)!, output)
      return undefined
    }),
  ])
  evaluating(model, hooks, () => noGrad(run))
  return rows
}

function rowOf(name: string, module: AnyModule, repeated: boolean): Row {
  const count = (wanted: (p: Tensor) => boolean) =>
    module
      .parameters()
      .filter(wanted)
      .reduce((sum, p) => sum + p.numel(), 0)
  return {
    module,
    name,
    type: module.constructor.name,
    depth: name === '' ? 0 : name.split('.').length,
    outputShape: [],
    outputBytes: 0,
    parameters: count(() => true),
    trainable: count(p => p.requiresGrad),
    multAdds: 0,
    repeated,
    leaf: module.children().length === 0,
  }
}

function measure(row: Row, output: unknown): void {
  let first: Tensor | undefined
  mapTensors(output, x => {
    first ??= x
    return x
  })
  if (first === undefined) return
  row.outputShape = first.shape
  row.outputBytes = bytesOf(first)
  // A convolution's weight is used at every place of the output, any other once for each row of the batch.
  const [batch = 1, , ...places] = first.shape
  const times = row.type.includes('Conv') ? places.reduce((product, size) => product * size, batch) : batch
  row.multAdds = row.leaf ? row.parameters * times : 0
}

/** What `summary` has found; as text it is torchinfo's table. */
export class ModelSummary {
  /** Every call of every layer, in the order of the calls. */
  readonly layers: readonly LayerSummary[]
  /** Numbers in all parameters. */
  readonly parameters: number
  /** Those that are trained. */
  readonly trainable: number
  /** Multiplications with an addition of one forward pass. */
  readonly multAdds: number
  readonly inputBytes: number
  /** Outputs of layers with parameters, twice: their gradients are as large. */
  readonly outputBytes: number
  readonly parameterBytes: number
  readonly #depth: number

  /** @internal */
  constructor(rows: Row[], inputBytes: number, depth: number) {
    const [model] = rows
    const parameters = model!.module.parameters()
    const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0)
    this.layers = Object.freeze(rows.map(({ module, outputBytes, ...layer }) => Object.freeze(layer)))
    this.parameters = model!.parameters
    this.trainable = model!.trainable
    this.multAdds = sum(rows.map(row => row.multAdds))
    this.inputBytes = inputBytes
    this.outputBytes = 2 * sum(rows.filter(row => row.leaf && row.parameters > 0).map(row => row.outputBytes))
    this.parameterBytes = sum(parameters.map(bytesOf))
    this.#depth = depth
  }

  toString(): string {
    const shown = this.layers.map((layer, i) => ({ layer, i })).filter(({ layer }) => layer.depth <= this.#depth)
    const counts: number[] = []
    const rows = this.layers.map(({ type, depth }) => {
      counts[depth] = (counts[depth] ?? 0) + 1
      const indent = depth === 0 ? '' : depth === 1 ? '├─' : `${'│    '.repeat(depth - 1)}└─`
      const number = depth === 0 ? '' : `: ${depth}-${counts[depth]}`
      return { name: indent + type + number, needs: `${type}${number}`.length + depth * 5 + 1 }
    })
    const longest = Math.max(...rows.map(row => row.needs))
    const width = longest >= 40 ? Math.ceil(longest / 5) * 5 : 40
    const line = (name: string, shape: string, parameters: string) =>
      `${name.padEnd(width)} ${shape.padEnd(25)} ${parameters.padEnd(25)}`.trimEnd()
    const divider = '='.repeat(width + 50)
    const megabytes = (bytes: number) => (bytes / 1e6).toFixed(2)
    return [
      divider,
      line('Layer (type:depth-idx)', 'Output Shape', 'Param #'),
      divider,
      ...shown.map(({ layer, i }) => {
        const shape = layer.outputShape.length === 0 ? '--' : `[${layer.outputShape.join(', ')}]`
        return line(rows[i]!.name, shape, this.#parametersOf(i))
      }),
      divider,
      `Total params: ${grouped(this.parameters)}`,
      `Trainable params: ${grouped(this.trainable)}`,
      `Non-trainable params: ${grouped(this.parameters - this.trainable)}`,
      `Total mult-adds${readable(this.multAdds)}`,
      divider,
      `Input size (MB): ${megabytes(this.inputBytes)}`,
      `Forward/backward pass size (MB): ${megabytes(this.outputBytes)}`,
      `Params size (MB): ${megabytes(this.parameterBytes)}`,
      `Estimated Total Size (MB): ${megabytes(this.inputBytes + this.outputBytes + this.parameterBytes)}`,
      divider,
    ].join('\n')
  }

  [inspect.custom](): string {
    return this.toString()
  }

  /** The number in the table: a layer that is followed by its own layers shows what is in none of them. */
  #parametersOf(at: number): string {
    const { parameters, trainable, leaf, depth, repeated } = this.layers[at]!
    if (parameters === 0) return '--'
    if (repeated) return '(recursive)'
    if (!leaf && depth < this.#depth) {
      const own = this.#ownOf(at)
      return own > 0 ? grouped(own) : '--'
    }
    return trainable > 0 ? grouped(parameters) : `(${grouped(parameters)})`
  }

  #ownOf(at: number): number {
    const { parameters, depth } = this.layers[at]!
    let own = parameters
    for (let i = at + 1; i < this.layers.length && this.layers[i]!.depth > depth; i++) {
      const layer = this.layers[i]!
      if (layer.depth === depth + 1 && !layer.repeated) own -= layer.parameters
    }
    return own
  }
}

function grouped(n: number): string {
  return n.toLocaleString('en-US')
}

/** `: 1,234` in the unit that suits it, as torchinfo has it. */
function readable(n: number): string {
  const [unit, size] = n >= 1e12 ? ['T', 1e12] : n >= 1e9 ? ['G', 1e9] : ['M', 1e6]
  const value = n / (size as number)
  const digits = Number.isInteger(value) ? 0 : 2
  return ` (${unit}): ${value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })}`
}
