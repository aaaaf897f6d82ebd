// Values that no signature has, or only by chance: what a JavaScript program can pass all the same. Each is made anew,
// since a call may change it, and comes with the text by which a report names it.
import * as dt from '../../src/index.ts'
import type { Dice } from '../support/dice.ts'

export type Made = [value: unknown, text: string]

/** What the getters and proxies below throw: an error of the caller's, which a call must hand on as it is. */
export class Thrown extends Error {}

const raise = (): never => {
  throw new Thrown('thrown by the value')
}

const numbers = [
  ...[Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0, 1, -1, 0.5, -1.5, 7, -7, 64, 65, 100, 1e6],
  ...[2 ** 15, 2 ** 24, 1e9, 2 ** 31 - 1, 2 ** 31, -(2 ** 31), 2 ** 32, 2 ** 33 + 1, 2 ** 40, 2 ** 52, 2 ** 53 - 1],
  ...[2 ** 53, -(2 ** 53), 2 ** 62, 2 ** 63, -(2 ** 63), 1e19, 1e38, 3.5e38, 1e300, 1e308, -1e308, 5e-324, 1e-8],
]

/** A number that may be anything. */
export function anyNumber(dice: Dice): Made {
  const value = dice.pick(numbers)
  return [value, String(value)]
}

const arrays = [
  ...[Float32Array, Float64Array, Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array],
  ...[Uint32Array, BigInt64Array, BigUint64Array],
]

function detached(): Float32Array {
  const array = new Float32Array(4)
  structuredClone(array.buffer, { transfer: [array.buffer] })
  return array
}

function cyclic(): unknown[] {
  const array: unknown[] = []
  array.push(array)
  return array
}

function nested(depth: number): unknown[] {
  let array: unknown[] = []
  for (let i = 0; i < depth; i++) array = [array]
  return array
}

function disposed(): dt.Tensor {
  const x = dt.ones(2)
  x.dispose()
  return x
}

const thrower = {
  get: raise,
  has: raise,
  ownKeys: raise,
  getPrototypeOf: raise,
  getOwnPropertyDescriptor: raise,
}

/** An array of numbers that may be anything, also too many of them. */
function anyNumbers(dice: Dice): Made {
  const length = dice.chance(0.1) ? dice.pick([64, 65, 1000]) : dice.integer(0, 4)
  const made = Array.from({ length }, () => (dice.chance(0.5) ? anyNumber(dice)[0] : dice.integer(-3, 3)))
  return [made, length > 4 ? `${length} numbers` : `[${made.join(', ')}]`]
}

const others: [text: string, make: () => unknown][] = [
  ['undefined', () => undefined],
  ['null', () => null],
  ['true', () => true],
  ['false', () => false],
  ["''", () => ''],
  ["'abc'", () => 'abc'],
  ["'1'", () => '1'],
  ["'1:'", () => '1:'],
  ["'::99999999999999999999'", () => '::99999999999999999999'],
  ["'...'", () => '...'],
  ["'float32'", () => 'float32'],
  ["'cuda:99999999999'", () => 'cuda:99999999999'],
  ["'cuda:-1'", () => 'cuda:-1'],
  ["'constructor'", () => 'constructor'],
  ["'__proto__'", () => '__proto__'],
  ["'\\0\\ud800'", () => '\0\ud800'],
  ["'x'.repeat(1e5)", () => 'x'.repeat(1e5)],
  ['1n', () => 1n],
  ['-(2n ** 63n)', () => -(2n ** 63n)],
  ['2n ** 70n', () => 2n ** 70n],
  ["Symbol('s')", () => Symbol('s')],
  ['Symbol.iterator', () => Symbol.iterator],
  ['() => 1', () => () => 1],
  ['() => { throw … }', () => raise],
  ['async () => 1', () => async () => 1],
  ['class {}', () => class {}],
  ['[]', () => []],
  ['[[]]', () => [[]]],
  ['[[1], [1, 2]]', () => [[1], [1, 2]]],
  ["['a']", () => ['a']],
  ['[1n]', () => [1n]],
  ['[null]', () => [null]],
  ['[undefined]', () => [undefined]],
  ["[Symbol('s')]", () => [Symbol('s')]],
  ['[true]', () => [true]],
  ['[x]', () => [dt.ones(2)]],
  ['[x, 1]', () => [dt.ones(2), 1]],
  ['[{}]', () => [{}]],
  ['[Object.create(null)]', () => [Object.create(null)]],
  ['new Array(3)', () => new Array(3)],
  ['new Array(2 ** 20)', () => new Array(2 ** 20)],
  ['an array of itself', cyclic],
  ['an array nested 20000 times', () => nested(20000)],
  ['an array with a getter that throws', () => Object.defineProperty([0, 1], 1, { get: raise })],
  ['{}', () => ({})],
  ['{ surelyUnknown: 1 }', () => ({ surelyUnknown: 1 })],
  ['{ dim: Symbol() }', () => ({ dim: Symbol('dim') })],
  ['{ dim: {} }', () => ({ dim: {} })],
  ['{ length: 2 ** 53 }', () => ({ length: 2 ** 53 })],
  ['{ handle: 5 }', () => ({ handle: 5 })],
  ['{ handle: {} }', () => ({ handle: {} })],
  ['Object.create(null)', () => Object.create(null)],
  ['an object whose getters throw', () => Object.create(null, { dim: { get: raise, enumerable: true } })],
  [
    'a tensor-like whose getters throw',
    () => ({
      get handle() {
        return raise()
      },
    }),
  ],
  ['an object that is no primitive', () => ({ toString: raise, valueOf: raise })],
  ['a proxy that throws', () => new Proxy({}, thrower)],
  ['a proxy of an array that throws', () => new Proxy([1, 2], thrower)],
  ['an iterable that throws', () => ({ [Symbol.iterator]: raise })],
  [
    'a revoked proxy',
    () => {
      const { proxy, revoke } = Proxy.revocable([], {})
      revoke()
      return proxy
    },
  ],
  ['new Date()', () => new Date(0)],
  ['new Map()', () => new Map()],
  ["new Set([1, 'a'])", () => new Set([1, 'a'])],
  ['/re/', () => /re/],
  ['new Number(1)', () => new Number(1)],
  ["new String('sum')", () => new String('sum')],
  ['a promise', () => Promise.resolve(1)],
  ['new ArrayBuffer(8)', () => new ArrayBuffer(8)],
  ['new DataView(…)', () => new DataView(new ArrayBuffer(8))],
  ['a detached Float32Array', detached],
  ['a shared Float32Array', () => new Float32Array(new SharedArrayBuffer(16))],
  ['a Uint8Array in the middle of its buffer', () => new Uint8Array(new ArrayBuffer(16), 3, 5)],
  ['a tensor that was disposed', disposed],
  ['a generator', () => new dt.Generator()],
  ['a layer', () => new dt.nn.ReLU()],
  ['Tensor', () => dt.Tensor],
  ['globalThis', () => globalThis],
]

/** Anything. */
export function garbage(dice: Dice): Made {
  if (dice.chance(0.25)) return anyNumber(dice)
  if (dice.chance(0.15)) return anyNumbers(dice)
  if (dice.chance(0.1)) {
    const Kind = dice.pick(arrays)
    const length = dice.integer(0, 5)
    return [new Kind(length), `new ${Kind.name}(${length})`]
  }
  const [text, make] = dice.pick(others)
  return [make(), text]
}
