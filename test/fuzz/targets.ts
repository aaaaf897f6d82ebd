// Everything that is called: what `dtrain` exports and what its namespaces do, the methods of its classes, and the
// functions of the addon. Found by looking, so what is added later is called too.
import * as dt from '../../src/index.ts'
import { native } from '../../src/native/load.ts'
import type { Known, Parameter } from './signatures.ts'
import { Maker } from './values.ts'

export interface Target {
  name: string
  /** What a text may call it. */
  names: string[]
  /** Whether a text must: a function does, a class has PyTorch's words, and a layer the names of its functions. */
  isOp: boolean
  signatures: Parameter[][]
  /** Undefined where there is no object to call it on. */
  bind(maker: Maker): ((...args: unknown[]) => unknown) | undefined
}

type Callable = (...args: unknown[]) => unknown

/** By their last names: not called, and why. */
const leftOut: Record<string, string> = {
  data: 'datasets and samplers, which are no ops',
  metrics: 'sums of numbers, which are no ops',
  benchStep: 'measures for a minute',
  save: 'writes files',
  load: 'reads files',
  Checkpoint: 'writes files',
  setMemoryBudget: 'lifts the limit that refuses absurd sizes',
  progress: 'draws on the terminal',
  exitAtOnce: 'ends the process',
  setErrorFactory: 'takes the classes of errors away',
  setCollector: 'takes the garbage collector away',
  setAnomaly: 'takes what is asked for a stack by all that follows',
  withSavedHooks: 'gives what is kept for backward to any function',
  writeTensor: 'writes into any open file',
  mapFile: 'maps any open file',
  finish: 'ends what the process has to do with others',
  toJSON: 'is called by JSON.stringify, which its text names',
  traceStart: 'keeps all that follows in memory',
}

const isCommunication = (name: string) => /^(comm[A-Z]|nccl|gather|scatterRows|enterReplica|leaveReplica)/.test(name)
/** What is the addon's own is worded for the TypeScript above it. */
export const isPublic = (name: string) => [dt, dt.Tensor.prototype, dt.nn.functional].some(space => name in space)
const isClass = (value: Callable) => value.toString().startsWith('class')
const isSpace = (value: unknown) => Object.prototype.toString.call(value) === '[object Module]'

export function findTargets(known: Known): Target[] {
  const targets: Target[] = []
  const classes = new Map<Callable, string>()
  const aside = new Set<unknown>([dt.data, dt.metrics].flatMap(space => Object.values(space)))
  const visit = (space: string, exports: object) => {
    for (const [name, value] of Object.entries(exports)) {
      const full = `${space}.${name}`
      if (name in leftOut || isCommunication(name) || aside.has(value)) continue
      if (isSpace(value)) visit(space === 'dt' ? name : full, value)
      else if (typeof value !== 'function' || value.prototype instanceof Error) continue
      else if (isClass(value)) {
        if (!classes.has(value)) classes.set(value, full)
      } else {
        const isOp = space !== 'native' || isPublic(name)
        const signatures = known.signatures[full] ?? []
        targets.push({ name: full, names: namesOf(known, name, value.name), isOp, signatures, bind: () => value })
      }
    }
  }
  visit('dt', dt)
  visit('native', native)
  for (const [value, full] of classes) targets.push(...ofClass(value, full, classes, known))
  return targets.sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** The names, those they are aliases of, and the forms in place of all of them, or the other way round. */
function namesOf({ aliases }: Known, ...names: string[]): string[] {
  const all = names.flatMap(name => [name, aliases[name] ?? name]).map(name => name.replace(/_$/, ''))
  return all.flatMap(name => [name, `${name}_`])
}

/** A class, unless it is abstract, and the public methods that it brings. */
function ofClass(value: Callable, full: string, classes: Map<Callable, string>, known: Known): Target[] {
  const targets: Target[] = []
  const isTensor = (value as unknown) === dt.Tensor
  if (!isTensor && !known.abstract.has(value.name)) {
    const signatures = known.signatures[full] ?? []
    targets.push({ name: full, names: [value.name], isOp: false, signatures, bind: () => making(value) })
  }
  for (const method of Object.getOwnPropertyNames(value.prototype)) {
    const described = Object.getOwnPropertyDescriptor(value.prototype, method)!
    if (method === 'constructor' || method in leftOut || typeof described.value !== 'function') continue
    const op = isTensor ? known.signatures[`Tensor.${method}`]?.map(all => all.slice(1)) : undefined
    const signatures = op ?? known.signatures[`${full}.${method}`]
    if (signatures === undefined) continue
    targets.push({
      name: `${isTensor ? 'Tensor' : full}.${method}`,
      names: namesOf(known, method, value.name),
      isOp: isTensor,
      signatures,
      bind: maker => {
        const object = isTensor ? maker.tensor() : objectOf(value, classes, known, maker)
        return object === undefined ? undefined : (...args) => described.value.apply(object, args)
      },
    })
  }
  return targets
}

function making(value: Callable): Callable {
  return (...args) => Reflect.construct(value, args)
}

/** An object of a class or of one that is made of it, if some arguments that fit make one. */
function objectOf(value: Callable, classes: Map<Callable, string>, known: Known, maker: Maker): unknown {
  const made = [...classes].filter(([each]) => each === value || each.prototype instanceof value)
  const [chosen, full] = maker.dice.pick(made.filter(([each]) => !known.abstract.has(each.name)))
  const fitting = new Maker(maker.dice, known, 0)
  for (let tries = 0; tries < 4; tries++) {
    try {
      return making(chosen)(...fitting.args(known.signatures[full] ?? []).map(([value]) => value))
    } catch {
      // what a constructor says is looked at when it is called itself
    }
  }
  return undefined
}
