// Random programs: made from a seed, run by dtrain and by the reference, compared in values and gradients, made shorter
// while they still fail, and printed so that they can be pasted.
import * as dt from '../../src/index.ts'
import type { Dice } from '../support/dice.ts'
import type { Argument, Known, Statement, Variables } from './call.ts'
import { calls } from './ops.ts'
import { product, Reference, Tape } from './reference.ts'

export interface Program {
  leaves: { name: string; shape: number[]; values: number[]; requiresGrad: boolean }[]
  statements: Statement[]
}

export interface Outcome {
  /** Why dtrain and the reference differ; undefined if they do not. */
  problem?: string
  /** How many statements ran, and how many dtrain refused to record. */
  ran: number
  refused: number
  /** Of how many variables gradients were compared. */
  differentiated: number
}

/** A program of two to four leaves and some statements. */
export function generate(dice: Dice): Program {
  const leaves = Array.from({ length: dice.integer(2, 4) }, (_, i) => {
    const shape = Array.from({ length: dice.integer(0, 3) }, () => dice.pick([1, 2, 3, 3, 4]))
    const values = Array.from({ length: product(shape) }, () => dice.integer(-200, 200) / 128)
    return { name: 'abcd'[i]!, shape, values, requiresGrad: i === 0 || dice.chance(0.6) }
  })
  const program: Program = { leaves, statements: [] }
  const { tape, variables } = begin(program)
  for (let wanted = dice.integer(4, 14), tries = 0; program.statements.length < wanted && tries < 200; tries++) {
    const statement = next(dice, variables, program.statements.length)
    if (statement === undefined) continue
    refer(statement, variables, tape)
    program.statements.push(statement)
  }
  return program
}

const names = Object.keys(calls)
const inPlaceNames = names.filter(name => calls[name]!.inPlace)

function next(dice: Dice, variables: Variables, count: number): Statement | undefined {
  const call = dice.chance(0.25) ? dice.pick(inPlaceNames) : dice.pick(names)
  const { make, kind = 'float64', inPlace = false, isFunction = false } = calls[call]!
  // What was made last is used more often.
  const all = [...variables].reverse()
  const candidates = all.filter(([, x]) => (kind === 'any' || x.kind === kind) && (!inPlace || x.isWritable()))
  if (candidates.length === 0) return undefined
  const [name, x] =
    candidates[Math.min(dice.integer(0, 9), dice.integer(0, candidates.length - 1), candidates.length - 1)]!
  const made = make(x, {
    dice,
    nameOf: wanted => all.find(([, other]) => other === wanted)![0],
    find: holds => {
      const found = all.filter(([, other]) => holds(other))
      return found.length > 0 ? dice.pick(found)[1] : undefined
    },
  })
  if (made === undefined) return undefined
  return { out: inPlace ? undefined : `t${count}`, on: isFunction ? undefined : name, call, ...made }
}

function begin({ leaves }: Program) {
  const tape = new Tape()
  const variables: Variables = new Map()
  for (const { name, shape, values, requiresGrad } of leaves) {
    const nodes = values.map(value => tape.node(value))
    variables.set(name, Reference.of(tape, shape, nodes, 'float64', requiresGrad))
  }
  return { tape, variables }
}

/** Runs a statement by the reference; false if it cannot be run. */
function refer({ out, on, call, args, pick }: Statement, variables: Variables, tape: Tape): boolean {
  const known = (argument: Argument): Known => {
    if (Array.isArray(argument)) return argument.map(known)
    if (typeof argument !== 'object' || argument === null) return argument
    if ('v' in argument) return variables.get(argument.v)!
    if ('options' in argument) return argument.options
    return Reference.constants(tape, [argument.at.length], argument.at, 'int64')
  }
  const given = args.map(known)
  const x = on === undefined ? (given[0] as Reference[])[0]! : variables.get(on)!
  const result = calls[call]!.run(x, given, tape)
  if (out !== undefined) variables.set(out, Array.isArray(result) ? result[pick as number]! : result)
  return true
}

type Callable = (...args: unknown[]) => unknown

/** Runs a statement by dtrain. */
function perform({ out, on, call, args, pick }: Statement, tensors: Map<string, dt.Tensor>, device: dt.Device): void {
  const known = (argument: Argument): unknown => {
    if (Array.isArray(argument)) return argument.map(known)
    if (typeof argument !== 'object' || argument === null) return argument
    if ('v' in argument) return tensors.get(argument.v)
    return 'options' in argument ? argument.options : dt.tensor(argument.at, { dtype: 'int64', device })
  }
  const owner = on === undefined ? dt : tensors.get(on)!
  const result = (owner as unknown as Record<string, Callable>)[call]!.apply(owner, args.map(known))
  if (out === undefined) return
  tensors.set(out, pick === undefined ? (result as dt.Tensor) : (result as dt.Tensor[])[pick as number]!)
}

const used = ({ on, args }: Statement) =>
  [on, ...args.flat().map(it => (it as { v?: string } | null)?.v)].filter(name => name !== undefined)

/** Runs a program both ways. What dtrain does not record (AutogradError) is left out on both sides. */
export function run(program: Program, device: dt.Device): Outcome {
  const { tape, variables } = begin(program)
  const tensors = new Map<string, dt.Tensor>()
  for (const { name, shape, values, requiresGrad } of program.leaves) {
    const x = dt.tensor(values, { dtype: 'float64', device }).reshape(shape)
    tensors.set(name, x.requiresGrad_(requiresGrad))
  }
  const outcome: Outcome = { ran: 0, refused: 0, differentiated: 0 }
  for (const [i, statement] of program.statements.entries()) {
    if (!used(statement).every(name => tensors.has(name))) continue
    try {
      perform(statement, tensors, device)
    } catch (error) {
      if (!(error instanceof dt.AutogradError)) return { ...outcome, problem: `${print(statement)}: ${error}` }
      outcome.refused++
      continue
    }
    refer(statement, variables, tape)
    outcome.ran++
    // After each statement, since a change in place may reach any of them.
    for (const [name, x] of tensors) {
      const problem = difference(x, variables.get(name)!)
      if (problem !== undefined)
        return { ...outcome, problem: `statement ${i}, ${print(statement)}: ${name}: ${problem}` }
    }
  }
  return differentiate(program, tensors, variables, tape, outcome)
}

/** Compares the gradients of each variable; of one whose saved tensors were changed in place dtrain refuses them. */
function differentiate(
  { leaves }: Program,
  tensors: Map<string, dt.Tensor>,
  variables: Variables,
  tape: Tape,
  outcome: Outcome,
): Outcome {
  // Where statements were left out, others may have left their domain.
  if (!tape.values.every(Number.isFinite)) return outcome
  const inputs = leaves.filter(({ requiresGrad }) => requiresGrad)
  const places = inputs.map(({ name }) => variables.get(name)!.nodes())
  for (const [name, x] of tensors) {
    if (!x.requiresGrad || x.numel() === 0) continue
    const nodes = variables.get(name)!.nodes()
    const weights = nodes.map((_, i) => 1 + (i % 5) / 4)
    let got: (dt.Tensor | null)[]
    try {
      const gradient = dt.tensor(weights, { dtype: 'float64', device: x.device }).reshape([...x.shape])
      got = dt.grad(
        x.mul(gradient).sum(),
        inputs.map(({ name }) => tensors.get(name)!),
        { retainGraph: true, allowUnused: true },
      )
    } catch (error) {
      if (!(error instanceof dt.AutogradError)) return { ...outcome, problem: `gradients of ${name}: ${error}` }
      outcome.refused++
      continue
    }
    const expected = tape.gradients(nodes, weights)
    for (const [i, gradient] of got.entries()) {
      const wanted = places[i]!.map(node => expected[node]!)
      const values = gradient === null ? wanted.map(() => 0) : [...(gradient.toTypedArray() as Float64Array)]
      const problem = far(values, wanted)
      if (problem !== undefined) return { ...outcome, problem: `d ${name} / d ${inputs[i]!.name}: ${problem}` }
    }
    outcome.differentiated++
  }
  return outcome
}

function difference(x: dt.Tensor, expected: Reference): string | undefined {
  if (x.dtype !== expected.kind) return `dtype ${x.dtype}, expected ${expected.kind}`
  if (x.shape.join() !== expected.shape.join()) return `shape [${x.shape}], expected [${expected.shape}]`
  return far(Array.from(x.toTypedArray() as Float64Array, Number), expected.values())
}

/** Both compute in float64, in other orders. */
const tolerance = 1e-9

function far(got: readonly number[], expected: readonly number[]): string | undefined {
  const largest = Math.max(1, ...expected.map(Math.abs).filter(Number.isFinite))
  const at = expected.findIndex(
    (value, i) => !(Object.is(got[i], value) || Math.abs(got[i]! - value) <= tolerance * largest),
  )
  return at < 0 ? undefined : `element ${at} is ${got[at]}, expected ${expected[at]}`
}

/** The program without the statements that it fails without as well. */
export function shrink(program: Program, device: dt.Device): Program {
  let shortest = program
  for (let i = shortest.statements.length - 1; i >= 0; i--) {
    const candidate = { ...shortest, statements: shortest.statements.toSpliced(i, 1) }
    if (attempt(candidate, device).problem !== undefined) shortest = candidate
  }
  return shortest
}

/** A shorter program may ask for what does not exist, which is no finding. */
function attempt(program: Program, device: dt.Device): Outcome {
  const defined = new Set(program.leaves.map(({ name }) => name))
  for (const statement of program.statements) {
    if (!used(statement).every(name => defined.has(name))) return { ran: 0, refused: 0, differentiated: 0 }
    if (statement.out !== undefined) defined.add(statement.out)
  }
  try {
    return run(program, device)
  } catch {
    return { ran: 0, refused: 0, differentiated: 0 }
  }
}

function print({ out, on, call, args, pick }: Statement): string {
  const text = (argument: Argument): string => {
    if (Array.isArray(argument)) return `[${argument.map(text).join(', ')}]`
    if (typeof argument === 'string') return `'${argument}'`
    if (typeof argument !== 'object' || argument === null) return String(argument)
    if ('v' in argument) return argument.v
    if ('at' in argument) return `tensor([${argument.at.join(', ')}], { dtype: 'int64' })`
    return `{ ${Object.entries(argument.options)
      .map(([name, value]) => `${name}: ${value}`)
      .join(', ')} }`
  }
  const made = `${on === undefined ? '' : `${on}.`}${call}(${args.map(text).join(', ')})`
  return `${out === undefined ? '' : `const ${out} = `}${made}${pick === undefined ? '' : `[${pick}]!`}`
}

/** The program as TypeScript. */
export function source({ leaves, statements }: Program): string {
  const lines = leaves.map(
    ({ name, shape, values, requiresGrad }) =>
      `const ${name} = tensor([${values.join(', ')}], { dtype: 'float64' }).reshape([${shape.join(', ')}])${requiresGrad ? '.requiresGrad_()' : ''}`,
  )
  return ["import { cat, stack, tensor } from 'dtrain'", ...lines, ...statements.map(print)].join('\n')
}
