// Values by the text of their type, so that a call gets far into an op; a part of them is garbage instead. What a name
// stands for is looked up in the sources (signatures.ts); a class of the package makes an object of itself.
import * as dt from '../../src/index.ts'
import type { Dice } from '../support/dice.ts'
import { anyNumber, garbage, type Made, Thrown } from './garbage.ts'
import type { Known, Parameter } from './signatures.ts'

const most = 6 // types within types

/** Makes the arguments of one call. */
export class Maker {
  readonly #shapes: number[][]
  /** Where a call is to get far: the dtype of most tensors, and then its numbers are small integers. */
  readonly #dtype: dt.DType | undefined
  /** How probable a tensor on a GPU is: one among others on the CPU, or in some calls nearly all. */
  readonly #isOnCuda: number

  constructor(
    readonly dice: Dice,
    readonly known: Known,
    /** Of how many values one is garbage. */
    readonly wrong: number,
  ) {
    // Tensors of one call often fit together.
    const common = this.#shape()
    const square = dice.integer(0, 4)
    this.#dtype = dice.chance(0.5) ? dice.pick(['float32', 'float64', 'float64', dice.pick(dt.dtypes)]) : undefined
    this.#isOnCuda = this.#dtype === undefined ? 0.12 : dice.pick([0, 0, 0, 0.95])
    this.#shapes =
      this.#dtype === undefined || dice.chance(0.3)
        ? [common, common, common, [square, square], this.#shape()]
        : [dice.pick([common, [square, square], [2, square, square], [1, 2, 4, 4]])]
  }

  /** Arguments for one of the signatures, sometimes too few or too many. */
  args(signatures: readonly Parameter[][]): Made[] {
    const { dice } = this
    const parameters = signatures.length > 0 ? dice.pick(signatures) : []
    const made = parameters.flatMap(({ name, type, rest, optional }): Made[] => {
      const isPlace = /^(at|ind(ex|ices)|target|input)$/.test(name) && /^(Tensor|Handle)\b(?!\[)/.test(type)
      if (isPlace && this.#dtype !== undefined && dice.chance(0.5)) return [this.#places(type)]
      if (rest) return Array.from({ length: dice.integer(0, 4) }, () => this.value(element(type)))
      return [optional && dice.chance(0.3) ? [undefined, 'undefined'] : this.value(type)]
    })
    while (made.length > 0 && made.at(-1)![0] === undefined && dice.chance(0.8)) made.pop()
    if (signatures.length === 0) for (let n = dice.integer(0, 3); n > 0; n--) made.push(this.value('Tensor'))
    if (!dice.chance(this.wrong / 2)) return made
    return dice.chance(0.5) ? made.slice(0, -1) : [...made, ...made.slice(0, 2), garbage(dice)]
  }

  value(type: string, depth = 0): Made {
    return this.dice.chance(this.wrong) || depth > most ? garbage(this.dice) : this.#ofType(type.trim(), depth)
  }

  tensor(): dt.Tensor {
    return this.#tensor()[0] as dt.Tensor
  }

  #ofType(type: string, depth: number): Made {
    const { dice } = this
    const choices = parts(type, '|')
    if (choices.length > 1) return this.#ofType(dice.pick(choices), depth)
    const all = parts(type, '&')
    if (all.length > 1) return merged(all.map(part => this.#ofType(part, depth + 1)))
    if (/^\(.*\)$/.test(type) && parts(type.slice(1, -1), ',').length === 1 && !type.includes('=>'))
      return this.#ofType(type.slice(1, -1), depth)
    const bare = type.replace(/^readonly /, '').replace(/^create\./, '')
    if (/^(['"`]).*\1$/.test(bare)) return [bare.slice(1, -1), bare]
    if (/^-?\d+$/.test(bare)) return [Number(bare), bare]
    if (bare.includes('=>')) return this.#function(bare.slice(bare.lastIndexOf('=>') + 2))
    if (bare.startsWith('[')) {
      return array(parts(bare.slice(1, -1), ',').map(part => this.value(part.replace(/^\w+\??: /, ''), depth + 1)))
    }
    if (bare.startsWith('{')) {
      const members = parts(bare.slice(1, -1).replaceAll(';', ','), ',').map(part =>
        /^(?:readonly )?(\w+)\??: (.*)$/s.exec(part),
      )
      return this.#object(
        members.flatMap(member => (member ? [[member[1]!, member[2]!] as [string, string]] : [])),
        depth,
      )
    }
    const inner = /^(?:(?:readonly)?(?:Array|Iterable|Iterator|Set)<(.+)>|(.+)\[\])$/i.exec(bare)
    if (inner) {
      const length = dice.integer(0, 3)
      return array(Array.from({ length }, () => this.value(inner[1] ?? inner[2]!, depth + 1)))
    }
    return this.#named(bare, depth)
  }

  #named(type: string, depth: number): Made {
    const { dice, known } = this
    const [, name, argument] = /^(\w+)(?:<(.*)>)?$/s.exec(type) ?? []
    switch (name) {
      case 'Tensor':
      case 'Parameter':
      case 'this':
        return this.#tensor()
      case 'Handle': {
        const [x, text] = this.#tensor()
        return [(x as dt.Tensor).handle, text]
      }
      case 'GeneratorHandle':
        return [new dt.Generator().handle, 'a generator']
      case 'number':
        return this.#number()
      case 'bigint':
        return [BigInt(dice.integer(-3, 99)), 'a bigint']
      case 'boolean': {
        const value = dice.chance(0.5)
        return [value, String(value)]
      }
      case 'string':
        return [dice.pick(['a', 'ab,bc->ac', 'ij->ji', 'sum']), 'a string']
      case 'null':
        return [null, 'null']
      case 'undefined':
      case 'void':
        return [undefined, 'undefined']
      case 'DType': {
        const dtype = dice.pick(dt.dtypes)
        return [dtype, `'${dtype}'`]
      }
      case 'Device':
      case 'DeviceName': {
        const device = dice.pick(['cpu', 'cpu', 'cuda', 'cuda:1'])
        return [device, `'${device}'`]
      }
      case 'DTypeCode':
        return [dice.integer(0, 10), 'a dtype']
      case 'Slice': {
        const slice = `${dice.integer(-2, 2)}:${dice.integer(-2, 4)}:${dice.integer(1, 2)}`
        return [slice, `'${slice}'`]
      }
      case 'ArrayBufferView':
      case 'TypedArray':
      case 'Bytes':
        return [new Float32Array([1, 2, 3, 4]), 'a Float32Array']
      case 'Uint8Array':
        return [new Uint8Array(8), 'a Uint8Array']
      case 'Partial':
      case 'Pick':
      case 'Omit':
      case 'Readonly':
      case 'One':
        return this.#ofType(parts(argument!, ',')[0]!, depth + 1)
      case 'Record':
        return this.#object([['a', parts(argument!, ',')[1]!]], depth)
    }
    if (name !== undefined && name in known.members) {
      const own = this.#object(known.members[name]!, depth)
      return name in known.types ? merged([this.#ofType(known.types[name]!, depth + 1), own]) : own
    }
    if (name !== undefined && name in known.types) return this.value(known.types[name]!, depth + 1)
    return name === undefined ? garbage(dice) : this.#instance(name)
  }

  /** An object of a class of the package, made with arguments that fit. */
  #instance(name: string): Made {
    const { nn, optim } = dt
    if (name === 'Generator') return [new dt.Generator(), 'a generator']
    if (/Module/.test(name)) return [new nn.Linear(2, 3), 'a layer']
    if (/Scheduler/.test(name)) return [new optim.lrScheduler.StepLR(this.#optimizer(), 2), 'a scheduler']
    if (/Optimizer/.test(name)) return [this.#optimizer(), 'an optimizer']
    return this.dice.chance(0.5) ? this.#tensor() : garbage(this.dice)
  }

  #optimizer() {
    return new dt.optim.SGD([dt.ones(2, { requiresGrad: true })])
  }

  #object(members: [string, string][], depth: number): Made {
    const { dice } = this
    const value: Record<string, unknown> = {}
    const texts: string[] = []
    for (const [name, type] of members) {
      if (dice.chance(0.5)) continue
      const [member, text] = this.value(type, depth + 1)
      value[name] = member
      texts.push(`${name}: ${text}`)
    }
    if (dice.chance(this.wrong / 2)) {
      Object.defineProperty(value, members[0]?.[0] ?? 'dim', {
        enumerable: true,
        get: () => {
          throw new Thrown('thrown by an option')
        },
      })
      texts.push('a getter that throws')
    }
    return [value, texts.length > 0 ? `{ ${texts.join(', ')} }` : '{}']
  }

  #function(result: string): Made {
    return [() => this.value(result)[0], 'a function']
  }

  #number(): Made {
    const { dice } = this
    if (dice.chance(this.#dtype === undefined ? 0.15 : 0.02)) return anyNumber(dice)
    if (this.#dtype !== undefined && dice.chance(0.8)) {
      const small = dice.pick([0, 1, 1, 2, -1])
      return [small, String(small)]
    }
    const value = dice.chance(0.2) ? Math.round(dice.real() * 1000) / 500 : dice.integer(-2, 4)
    return [value, String(value)]
  }

  /** Positions, as an op that takes such a tensor wants them. */
  #places(type: string): Made {
    const { dice } = this
    const shape = dice.chance(0.5) ? [dice.integer(0, 3)] : dice.pick(this.#shapes)
    const n = shape.reduce((product, size) => product * size, 1)
    const values = Array.from({ length: n }, () => dice.integer(dice.chance(0.05) ? -1 : 0, dice.chance(0.1) ? 5 : 1))
    const x = dt.tensor(values, { dtype: 'int64' }).reshape(shape)
    return [type.startsWith('Handle') ? x.handle : x, `int64[${shape}]`]
  }

  #shape(): number[] {
    const { dice } = this
    const sizes = dice.chance(0.15) ? [0, 1, 2] : [1, 2, 3, 4, 5]
    return Array.from({ length: dice.pick([0, 1, 1, 2, 2, 2, 3, 3, 4, 5]) }, () => dice.pick(sizes))
  }

  /** A small tensor of any dtype, layout and device, with special values now and then. */
  #tensor(): Made {
    const { dice } = this
    const shape = dice.pick(this.#shapes)
    const any = dice.chance(0.5) ? dice.pick(['float32', 'float64'] as const) : dice.pick(dt.dtypes)
    const dtype = this.#dtype === undefined || dice.chance(0.1) ? any : this.#dtype
    const isFloat = dtype.includes('float')
    const n = shape.reduce((product, size) => product * size, 1)
    const special = dice.chance(0.1)
    const element = () => {
      if (special && isFloat && dice.chance(0.3)) return dice.pick([Number.NaN, Infinity, -Infinity, 0, -0, 1e30])
      return isFloat ? dice.integer(-20, 20) / 8 : dtype === 'uint8' ? dice.integer(0, 5) : dice.integer(-3, 4)
    }
    let x = dt.tensor(Array.from({ length: n }, element), { dtype }).reshape(shape)
    let text = `${dtype}[${shape}]`
    if (special) text += ' special'
    if (dice.chance(this.#isOnCuda)) {
      x = x.to('cuda')
      text += ' cuda'
    }
    if (isFloat && dice.chance(0.4)) {
      x.requiresGrad_()
      text += ' grad'
      if (dice.chance(0.3)) {
        x = x.mul(2)
        text += ' mul'
      }
    }
    if (shape.length > 1 && dice.chance(0.2)) {
      x = x.transpose(0, 1)
      text += ' T'
    }
    if (dice.chance(0.05)) {
      x = x.expand(2, ...x.shape)
      text += ' expanded'
    }
    return [x, text]
  }
}

/** The element type of the type of a rest parameter. */
function element(type: string): string {
  const array = /^(?:readonly )?(\w+)\[\]$/.exec(type)
  if (array) return array[1]!
  if (/Sizes|Dims|ShapeArgs/.test(type)) return 'number'
  return type === 'unknown[]' ? 'number | Dims' : 'number'
}

function array(made: Made[]): Made {
  return [made.map(([value]) => value), `[${made.map(([, text]) => text).join(', ')}]`]
}

function merged(made: Made[]): Made {
  const objects = made.filter(([value]) => typeof value === 'object' && value !== null)
  const value = {}
  for (const [object] of objects) {
    try {
      Object.defineProperties(value, Object.getOwnPropertyDescriptors(object))
    } catch (error) {
      if (!(error instanceof Thrown || error instanceof TypeError)) throw error // from a proxy
    }
  }
  return [value, objects.map(([, text]) => text).join(' & ')]
}

/** What stands between separators that are in no brackets or quotes. */
export function parts(type: string, separator: string): string[] {
  const found = ['']
  let depth = 0
  let quote = ''
  for (const [i, letter] of [...type].entries()) {
    if (quote !== '') quote = letter === quote ? '' : quote
    else if (`'"\``.includes(letter)) quote = letter
    else if ('([{<'.includes(letter)) depth++
    else if (')]}'.includes(letter) || (letter === '>' && type[i - 1] !== '=')) depth--
    if (letter === separator && depth === 0 && quote === '') found.push('')
    else found[found.length - 1] += letter
  }
  return found.map(part => part.trim()).filter(part => part !== '')
}
