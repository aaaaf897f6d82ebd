// What a model computes, as the calls of the addon that it makes: it runs once, and each call that has to do with its
// inputs is written down. What depends on nothing but weights and numbers is computed now, and stands as a constant.
// A change in place makes another value of its tensor; a tensor that was changed through another view is refused, since
// nobody wrote down which of its elements are new.
import { isExternal } from 'node:util/types'
import { UnsupportedError } from '../errors.ts'
import type { Addon, Handle } from '../native/addon.ts'
import { type Interceptor, intercepted, native } from '../native/load.ts'
import { evaluating } from '../nn/module/evaluating.ts'
import type { AnyModule } from '../nn/module/module.ts'
import { type DType, keep, mapTensors, noGrad, Tensor } from '../tensor/index.ts'

/** Shape and dtype of a value. */
export interface Described {
  shape: readonly number[]
  dtype: DType
}

/** A value that depends on the inputs, by its number among all such values. */
export interface Computed {
  kind: 'computed'
  id: number
}

/** A value that does not: a weight, which has a name, or the elements that another tensor had when it was used. */
export interface Constant extends Described {
  kind: 'constant'
  name: string | null
  data: Tensor
}

/** A function of the addon and what it was given, with values in the place of handles. */
export interface Call {
  op: string
  args: readonly unknown[]
  results: readonly Described[]
  /** The layer that made it, for messages and for names. */
  layer: Layer
}

/** A layer: its name in the model, '' for the model itself, and its class. */
export interface Layer {
  path: string
  type: string
}

export const labelOf = ({ path, type }: Layer): string => (path === '' ? type : `${path} (${type})`)

export interface Trace {
  inputs: readonly Described[]
  calls: readonly Call[]
  outputs: readonly (Computed | Constant)[]
}

/** What is asked of a tensor without reading its elements; what concerns gradients, which are off, and generators. */
const questions: ReadonlySet<string> = new Set<keyof Addon>([
  ...(['sizes', 'strides', 'storageOffset', 'dtype', 'device', 'isContiguous', 'sharesStorage', 'version'] as const),
  ...(['isPinned', 'storage', 'dispose', 'requiresGrad', 'isLeaf', 'grad', 'gradFn', 'gradEnabled'] as const),
  ...([
    'setGradEnabled',
    'generator',
    'defaultOf',
    'manualSeed',
    'initialSeed',
    'generatorState',
    'setGeneratorState',
  ] as const),
])

const reads: ReadonlySet<string> = new Set<keyof Addon>(['item', 'toData', 'bytesOf'])

const draws: ReadonlySet<string> = new Set<keyof Addon>([
  ...(['rand', 'randn', 'randint', 'randperm', 'uniform_', 'normal_', 'bernoulli_', 'bernoulli'] as const),
  ...(['multinomial', 'random64'] as const),
])

const drawsWhileTraining: ReadonlySet<string> = new Set<keyof Addon>([
  ...(['dropout', 'dropout_', 'featureDropout', 'featureDropout_'] as const),
])

/** Runs the model in evaluation mode, without gradients. @throws UnsupportedError for what no graph can say */
export function trace(model: AnyModule, inputs: readonly unknown[]): Trace {
  return new Tracer(model).run(inputs)
}

interface Known {
  value: Computed | Constant | null // null: a constant that was not used yet
  version: number
  /** Whose elements it has that outlive the call of the model, if anything's: they may not change. */
  owner: string | null
}

class Tracer {
  readonly #model: AnyModule
  readonly #calls: Call[] = []
  readonly #known = new Map<Handle, Known>()
  readonly #names = new Map<Handle, string>()
  /** The modules that are being called, from the outside to the inside. */
  readonly #layers: Layer[] = []
  #count = 0

  constructor(model: AnyModule) {
    this.#model = model
    for (const [name, x] of [...model.namedParameters(), ...model.namedBuffers()]) this.#names.set(x.handle, name)
  }

  run(inputs: readonly unknown[]): Trace {
    const hooks = this.#model
      .namedModules()
      .flatMap(([name, module]) => [
        module.registerForwardPreHook(() => void this.#layers.push({ path: name, type: module.constructor.name })),
        module.registerForwardHook(() => void this.#layers.pop()),
      ])
    const given: Described[] = []
    mapTensors([...inputs], x => {
      given.push({ shape: x.shape, dtype: x.dtype })
      this.#remember(x.handle, this.#next(), null)
      return x
    })
    const output = evaluating(this.#model, hooks, () =>
      noGrad(() => intercepted(this.#call, () => this.#model(...inputs))),
    )
    const outputs: (Computed | Constant)[] = []
    mapTensors(output, x => {
      outputs.push(this.#valueOf(x.handle))
      return x
    })
    return { inputs: given, calls: this.#calls, outputs }
  }

  readonly #call: Interceptor = (op, call, args) => {
    if (questions.has(op)) return call(...args)
    if (draws.has(op) || (drawsWhileTraining.has(op) && args[2] === true)) this.#fail(`${op} draws random numbers`)
    const values = mapHandles(args, handle => this.#valueOf(handle)) as unknown[]
    const computed = values.flat().some(isComputed)
    if (computed && reads.has(op)) {
      this.#fail('the model reads elements (by item, toArray, in a condition or in print), which are not known yet')
    }
    const written = (op.endsWith('_') ? args[0] : op.endsWith('Out') ? args.at(-1) : undefined) as Handle | undefined
    const owner = written === undefined ? null : this.#knownOf(written).owner
    if (owner !== null) this.#fail(`${op} changes ${owner}, which inference must not`)
    const result = call(...args)
    const made = Array.isArray(result) ? result : [result]
    const results = (written !== undefined ? [written] : made.filter(isExternal)) as Handle[]
    if (computed) this.#calls.push({ op, args: values, results: results.map(describe), layer: this.#layer })
    const given = (args.flat() as Handle[]).filter(isExternal)
    for (const handle of results) {
      const base = given.find(it => this.#knownOf(it).owner !== null && native.sharesStorage(it, handle))
      this.#remember(handle, computed ? this.#next() : null, base === undefined ? null : this.#knownOf(base).owner)
    }
    return result
  }

  get #layer(): Layer {
    return this.#layers.at(-1) ?? { path: '', type: this.#model.constructor.name }
  }

  #next(): Computed {
    return { kind: 'computed', id: this.#count++ }
  }

  #remember(handle: Handle, value: Known['value'], owner: string | null): Known {
    const known = { value, version: native.version(handle), owner }
    this.#known.set(handle, known)
    return known
  }

  #knownOf(handle: Handle): Known {
    const owner = this.#names.get(handle) ?? 'a tensor from outside'
    return this.#known.get(handle) ?? this.#remember(handle, null, owner)
  }

  #valueOf(handle: Handle): Computed | Constant {
    const known = this.#knownOf(handle)
    if (known.version !== native.version(handle)) {
      this.#fail('a tensor is used after it was changed through another view of its elements')
    }
    known.value ??= this.#constant(handle)
    return known.value
  }

  #constant(handle: Handle): Constant {
    const name = this.#names.get(handle) ?? null
    const x = new Tensor(handle)
    return { kind: 'constant', name, shape: x.shape, dtype: x.dtype, data: name === null ? keep(x.clone()) : x }
  }

  #fail(why: string): never {
    throw new UnsupportedError(`exportOnnx: ${labelOf(this.#layer)}: ${why}`)
  }
}

function isComputed(value: unknown): boolean {
  return (value as Computed | null)?.kind === 'computed'
}

function describe(handle: Handle): Described {
  const { shape, dtype } = new Tensor(handle)
  return { shape, dtype }
}

/** The arguments with what `fn` makes of each handle, also of those in arrays. */
function mapHandles(value: unknown, fn: (handle: Handle) => unknown): unknown {
  if (isExternal(value)) return fn(value as Handle)
  return Array.isArray(value) ? value.map(item => mapHandles(item, fn)) : value
}
