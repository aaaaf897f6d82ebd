// Constraints on parameters as Ax writes them: 'x1 <= x2', 'x1 + 2 * x2 >= 0.5'. Each becomes weights and a bound; on
// either side of the sign there may be numbers, parameters, and products of a number and a parameter.
import { ArgumentError } from '../errors.ts'
import { refuse } from '../tensor/index.ts'
import { type Dimension, shown, type Values } from './parameters.ts'

/** sum(weight × parameter) <= bound. */
export interface Constraint {
  readonly text: string
  readonly weights: Readonly<Record<string, number>>
  readonly bound: number
}

/** @throws ArgumentError for a text that is no linear constraint of ranges */
export function readConstraints(op: string, texts: readonly string[], dimensions: readonly Dimension[]): Constraint[] {
  if (!Array.isArray(texts)) refuse(`${op}: parameterConstraints`, 'an array of texts such as "x1 <= x2"', texts)
  return texts.map(text => {
    if (typeof text !== 'string') refuse(`${op}: parameterConstraints`, 'texts such as "x1 <= x2"', text)
    return readConstraint(`${op}: constraint '${text}'`, text, dimensions)
  })
}

function readConstraint(what: string, text: string, dimensions: readonly Dimension[]): Constraint {
  const sides = text.split(/<=|>=/)
  if (sides.length !== 2) throw new ArgumentError(`${what}: expected one <= or >=, as in 'x1 + x2 <= 1'`)
  const [left, right] = sides.map(side => readSum(what, side)) as [Sum, Sum]
  const sign = text.includes('<=') ? 1 : -1
  const weights: Record<string, number> = {}
  for (const name of new Set([...left.weights.keys(), ...right.weights.keys()])) {
    const dimension = dimensions.find(one => one.name === name)
    if (dimension === undefined) throw new ArgumentError(`${what}: no parameter '${name}' is varied`)
    if (typeof dimension.decode(0) !== 'number') throw new ArgumentError(`${what}: '${name}' is no number`)
    weights[name] = sign * ((left.weights.get(name) ?? 0) - (right.weights.get(name) ?? 0))
  }
  if (Object.values(weights).every(weight => weight === 0)) {
    throw new ArgumentError(`${what}: there is no parameter in it`)
  }
  return { text, weights, bound: sign * (right.constant - left.constant) }
}

interface Sum {
  weights: Map<string, number>
  constant: number
}

const number = String.raw`(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?`
const term = new RegExp(
  String.raw`^\s*([+-]?)\s*(?:(${number})\s*(?:\*\s*([A-Za-z_$][\w$.]*))?|([A-Za-z_$][\w$.]*)(?:\s*\*\s*(${number}))?)\s*(?=[+-]|$)`,
)

function readSum(what: string, text: string): Sum {
  const sum: Sum = { weights: new Map(), constant: 0 }
  let rest = text
  do {
    const match = term.exec(rest)
    if (match === null || (rest !== text && match[1] === '')) {
      throw new ArgumentError(
        `${what}: expected sums of numbers, parameters and number * parameter, got ${shown(text)}`,
      )
    }
    const [whole, sign, before, named, alone, after] = match
    const factor = Number(before ?? after ?? 1) * (sign === '-' ? -1 : 1)
    const name = named ?? alone
    if (name === undefined) sum.constant += factor
    else sum.weights.set(name, (sum.weights.get(name) ?? 0) + factor)
    rest = rest.slice(whole.length)
  } while (rest !== '')
  return sum
}

/** Whether the values keep a constraint; rounding may be off by as much as it can make out. */
export function keeps({ weights, bound }: Constraint, values: Values): boolean {
  let sum = 0
  let size = Math.abs(bound)
  for (const [name, weight] of Object.entries(weights)) {
    const product = weight * (values[name] as number)
    sum += product
    size += Math.abs(product)
  }
  return sum <= bound + 1e-12 * size
}
