// What a search may try: parameters as dimensions of the unit cube, and constraints between them. Constraints are kept
// by rejection, which any strategy can do and any shape of space allows.
import { ArgumentError } from '../errors.ts'
import type { RandomState } from '../random/random-state.ts'
import { type Constraint, keeps, readConstraints } from './constraints.ts'
import { type Dimension, type Parameter, readParameters, shown, type Value, type Values } from './parameters.ts'

/** A place in the unit cube: a number from 0 to 1 for each parameter that varies. */
export type Point = readonly number[]

const mostDraws = 10_000

export class Space {
  readonly dimensions: readonly Dimension[]
  readonly fixed: Values
  readonly constraints: readonly Constraint[]

  /** @throws ArgumentError for what are no parameters, or no constraints of them */
  constructor(op: string, parameters: readonly Parameter[], constraints: readonly string[] = []) {
    const { dimensions, fixed } = readParameters(op, parameters)
    this.dimensions = dimensions
    this.fixed = fixed
    this.constraints = readConstraints(op, constraints, dimensions)
  }

  /** The parameters at a place. */
  decode(point: Point): Record<string, Value> {
    const varied = this.dimensions.map(({ name, decode }, i) => [name, decode(point[i]!)])
    return { ...Object.fromEntries(varied), ...this.fixed }
  }

  /** The place of parameters. @throws ArgumentError for values that they cannot have */
  encode(values: Values): number[] {
    return this.dimensions.map(({ name, encode }) => {
      const place = encode(values[name]!)
      if (place !== undefined) return place
      throw new ArgumentError(`encode: parameter '${name}' cannot be ${shown(values[name])}`)
    })
  }

  /** The place of what is tried there: the middle of an integer's or a choice's part. */
  snap(point: Point): number[] {
    return this.encode(this.decode(point))
  }

  /** Whether the parameters at a place keep all constraints. */
  allows(point: Point): boolean {
    return this.constraints.every(constraint => keeps(constraint, this.decode(point)))
  }

  /**
   * The first of the points that keeps all constraints.
   * @throws ArgumentError when there is none among 10,000
   */
  first(next: () => Point): Point {
    for (let i = 0; i < mostDraws; i++) {
      const point = next()
      if (this.allows(point)) return point
    }
    const texts = this.constraints.map(({ text }) => shown(text)).join(', ')
    throw new ArgumentError(
      `optimize: none of ${mostDraws.toLocaleString('en')} points keeps the constraints ${texts}: they exclude each ` +
        'other, or leave so little that the bounds should be narrowed to it',
    )
  }

  /** A place by chance, all that are allowed being equally likely. @throws ArgumentError as `first` */
  draw(random: RandomState): Point {
    return this.first(() => this.dimensions.map(() => random.rand()))
  }
}
