// What a search varies, as Ax describes it: ranges, choices and fixed values. Each that varies is one dimension of the
// unit cube. An integer or a choice is a part of the interval [0, 1], and its middle stands for it, so that encoding
// and decoding are exact inverses of each other on what can be tried.
import { ArgumentError } from '../errors.ts'
import { isPlainObject, kindOf, Options, refuse } from '../tensor/index.ts'

/** What a parameter can be. */
export type Value = number | string | boolean

/** What Ax calls the type of a value. */
export type ValueType = 'float' | 'int' | 'bool' | 'str'

/** A number between two bounds, which belong to it. */
export interface RangeParameter {
  name: string
  type: 'range'
  bounds: readonly [number, number]
  /** Default 'float': JavaScript cannot tell 1 from 1.0. */
  valueType?: 'float' | 'int'
  /** Vary its logarithm, default false. */
  logScale?: boolean
}

/** One of some values. */
export interface ChoiceParameter {
  name: string
  type: 'choice'
  values: readonly Value[]
  valueType?: ValueType
  /** Whether neighbours in the list are alike; default: all of them are numbers, which stand in order. */
  isOrdered?: boolean
}

/** One value, which the evaluation gets with the others. */
export interface FixedParameter {
  name: string
  type: 'fixed'
  value: Value
  valueType?: ValueType
}

export type Parameter = RangeParameter | ChoiceParameter | FixedParameter

type ValueOf<One> = One extends { values: readonly (infer V)[] } ? V : One extends { value: infer V } ? V : number

/** The object that an evaluation gets for such parameters. */
export type ParametersOf<P extends readonly Parameter[]> = { [One in P[number] as One['name']]: ValueOf<One> }

/** Values by the names of parameters. */
export type Values = Readonly<Record<string, Value>>

/** One dimension of the unit cube. */
export interface Dimension {
  readonly name: string
  /** 'category': neighbours have nothing in common. */
  readonly kind: 'real' | 'ordered' | 'category'
  /** How many values it has; Infinity for a real one. */
  readonly levels: number
  /** Whether equal steps in the cube are equal factors. */
  readonly log: boolean
  /** The value at a place from 0 to 1. */
  decode(place: number): Value
  /** The place of a value; undefined for one that the parameter cannot have. */
  encode(value: Value): number | undefined
  /** From where to where the value is that of a place; undefined for a real one, where it is another everywhere. */
  partOf(place: number): readonly [number, number] | undefined
}

const rangeOptions = new Options<RangeParameter>({
  name: true,
  type: true,
  bounds: true,
  valueType: true,
  logScale: true,
})
const choiceOptions = new Options<ChoiceParameter>({
  name: true,
  type: true,
  values: true,
  valueType: true,
  isOrdered: true,
})
const fixedOptions = new Options<FixedParameter>({ name: true, type: true, value: true, valueType: true })

/** What a list of parameters varies, and what it fixes. @throws ArgumentError for anything that is no parameter */
export function readParameters(
  op: string,
  parameters: readonly Parameter[],
): { dimensions: Dimension[]; fixed: Values } {
  if (!Array.isArray(parameters)) refuse(`${op}: parameters`, 'an array', parameters)
  const dimensions: Dimension[] = []
  const fixed: Record<string, Value> = {}
  const names = new Set<string>()
  for (const [i, parameter] of parameters.entries()) {
    const what = nameOf(op, parameter, i)
    if (names.has(parameter.name)) throw new ArgumentError(`${what}: there are two parameters of this name`)
    names.add(parameter.name)
    switch (parameter.type) {
      case 'range':
        dimensions.push(range(what, rangeOptions.read(what, parameter)))
        break
      case 'choice':
        dimensions.push(choice(what, choiceOptions.read(what, parameter)))
        break
      case 'fixed':
        fixed[parameter.name] = fixedValue(what, fixedOptions.read(what, parameter))
        break
      default:
        throw new ArgumentError(
          `${what}: type must be 'range', 'choice' or 'fixed': ${shown((parameter as Parameter).type)}`,
        )
    }
  }
  if (dimensions.length === 0) throw new ArgumentError(`${op}: parameters: there is none to vary`)
  return { dimensions, fixed }
}

function nameOf(op: string, parameter: Parameter, i: number): string {
  if (!isPlainObject(parameter)) refuse(`${op}: parameters[${i}]`, 'a parameter such as { name, type, … }', parameter)
  const { name } = parameter
  if (typeof name === 'string' && /^[A-Za-z_$][\w$.]*$/.test(name)) return `${op}: parameter '${name}'`
  throw new ArgumentError(
    `${op}: parameters[${i}]: name must be a word, with letters, digits, dots and underscores: ${shown(name)}`,
  )
}

function range(what: string, { name, bounds, valueType = 'float', logScale: log = false }: RangeParameter): Dimension {
  if (!Array.isArray(bounds) || bounds.length !== 2 || !bounds.every(Number.isFinite)) {
    throw new ArgumentError(`${what}: bounds must be two numbers, from and to: ${shown(bounds)}`)
  }
  const [low, high] = bounds as readonly [number, number]
  if (low >= high) throw new ArgumentError(`${what}: bounds must rise, or it is a 'fixed' parameter: ${shown(bounds)}`)
  if (typeof log !== 'boolean') refuse(`${what}: logScale`, 'true or false', log)
  if (log && low <= 0) throw new ArgumentError(`${what}: logScale: bounds must be greater than 0: ${shown(bounds)}`)
  if (valueType === 'float') return real(name, low, high, log)
  if (valueType !== 'int') throw new ArgumentError(`${what}: valueType must be 'float' or 'int': ${shown(valueType)}`)
  if (!bounds.every(Number.isSafeInteger)) {
    throw new ArgumentError(`${what}: valueType 'int': bounds must be integers: ${shown(bounds)}`)
  }
  return integers(name, low, high, log)
}

function real(name: string, low: number, high: number, log: boolean): Dimension {
  const [from, to] = log ? [Math.log(low), Math.log(high)] : [low, high]
  // Rounding must not lead out of the bounds.
  const within = (value: number) => Math.min(Math.max(value, low), high)
  return {
    name,
    kind: 'real',
    levels: Number.POSITIVE_INFINITY,
    log,
    decode: place => within(log ? low ** (1 - place) * high ** place : low * (1 - place) + high * place),
    encode: value => {
      if (typeof value !== 'number' || !(value >= low && value <= high)) return undefined
      return ((log ? Math.log(value) : value) - from) / (to - from)
    },
    partOf: () => undefined,
  }
}

/** Integer n has the interval from n - 1/2 to n + 1/2, on either scale. */
function integers(name: string, low: number, high: number, log: boolean): Dimension {
  const scale = log ? Math.log : (x: number) => x
  const [from, to] = [scale(low - 0.5), scale(high + 0.5)]
  const placeOf = (x: number) => (scale(x) - from) / (to - from)
  const decode = (place: number) => {
    const exact = from + place * (to - from)
    return Math.min(Math.max(Math.round(log ? Math.exp(exact) : exact), low), high)
  }
  return {
    name,
    kind: 'ordered',
    levels: high - low + 1,
    log,
    decode,
    encode: value => {
      const isOne = typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high
      return isOne ? placeOf(value) : undefined
    },
    partOf: place => [placeOf(decode(place) - 0.5), placeOf(decode(place) + 0.5)],
  }
}

function choice(what: string, { name, values, valueType, isOrdered }: ChoiceParameter): Dimension {
  if (!Array.isArray(values)) refuse(`${what}: values`, 'an array', values)
  if (values.length < 2) {
    throw new ArgumentError(`${what}: values must be two or more, or it is a 'fixed' parameter: ${shown(values)}`)
  }
  for (const value of values) checkValue(`${what}: values`, value, valueType)
  const twice = values.find((value, i) => values.indexOf(value) !== i)
  if (twice !== undefined) throw new ArgumentError(`${what}: values: ${shown(twice)} is there twice`)
  if (isOrdered !== undefined && typeof isOrdered !== 'boolean') {
    refuse(`${what}: isOrdered`, 'true or false', isOrdered)
  }
  const rising = values.every((value, i) => typeof value === 'number' && (i === 0 || value > values[i - 1]!))
  const levels = values.length
  const indexOf = (place: number) => Math.min(Math.floor(place * levels), levels - 1)
  return {
    name,
    kind: (isOrdered ?? rising) ? 'ordered' : 'category',
    levels,
    log: false,
    decode: place => values[indexOf(place)]!,
    encode: value => {
      const at = values.indexOf(value)
      return at < 0 ? undefined : (at + 0.5) / levels
    },
    partOf: place => [indexOf(place) / levels, (indexOf(place) + 1) / levels],
  }
}

function fixedValue(what: string, { value, valueType }: FixedParameter): Value {
  checkValue(`${what}: value`, value, valueType)
  return value
}

const types: Record<ValueType, string> = { float: 'number', int: 'number', bool: 'boolean', str: 'string' }

function checkValue(what: string, value: Value, valueType: ValueType | undefined): void {
  if (typeof value !== 'string' && typeof value !== 'boolean' && !Number.isFinite(value)) {
    refuse(what, 'numbers, texts or booleans', value)
  }
  if (valueType === undefined) return
  if (!(valueType in types)) {
    throw new ArgumentError(`${what}: valueType must be 'float', 'int', 'bool' or 'str': ${shown(valueType)}`)
  }
  if (typeof value !== types[valueType] || (valueType === 'int' && !Number.isInteger(value))) {
    throw new ArgumentError(`${what}: ${shown(value)} has not the valueType '${valueType}'`)
  }
}

/** A value for the text of an error. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`
  if (Array.isArray(value)) return `[${value.map(shown).join(', ')}]`
  return typeof value === 'object' || typeof value === 'function' ? kindOf(value) : String(value)
}

/** @throws ArgumentError for anything but a positive integer */
export function positive(what: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 1) return value
  throw new ArgumentError(`${what} must be a positive integer: ${shown(value)}`)
}
