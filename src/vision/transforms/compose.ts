// Transforms that are made of others, or of a function.
import { inspect } from 'node:util'
import { atMost, rand, refuse } from '../../tensor/index.ts'
import { type ChanceOptions, chanceOptions, probability } from './flip.ts'
import { type AnyTransform, Conversion, type Picture, Transform } from './transform.ts'

/** What transforms make of an input of type In, one after the other: most keep its kind, others return their own. */
export type Composed<In, Fs extends readonly unknown[]> = Fs extends readonly [infer F, ...infer Rest]
  ? Composed<F extends <T extends Picture>(input: T) => T ? In : F extends (input: never) => infer R ? R : never, Rest>
  : In

export interface Compose<Fs extends readonly AnyTransform[]> {
  // biome-ignore lint/style/useShorthandFunctionType: a type alias cannot merge with the class
  <In>(input: In): Composed<In, Fs>
}

function checkTransforms(op: string, transforms: readonly AnyTransform[]): void {
  if (!Array.isArray(transforms)) refuse(op, 'an array of transforms', transforms)
  for (const transform of transforms) if (typeof transform !== 'function') refuse(op, 'transforms', transform)
}

function lines(transforms: readonly AnyTransform[]): string {
  return transforms.map(transform => `\n    ${inspect(transform)}`).join('')
}

/**
 * Transforms one after the other. PyTorch: torchvision.transforms.Compose.
 * @throws ArgumentError unless each is a transform or a function
 * @example const transform = new Compose([new ToTensor(), new Normalize([0.5], [0.5])])
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: Callable makes every transform a function
export class Compose<const Fs extends readonly AnyTransform[] = readonly AnyTransform[]> extends Transform {
  readonly transforms: Fs

  constructor(transforms: Fs) {
    atMost('Compose', 1, arguments.length)
    super()
    checkTransforms('Compose', transforms)
    this.transforms = transforms
  }

  /** @internal */
  invoke(input: unknown): unknown {
    return this.transforms.reduce((value, transform) => transform(value as never), input)
  }

  override toString(): string {
    return `Compose(${lines(this.transforms)}\n)`
  }
}

export interface RandomApply<Fs extends readonly AnyTransform[]> {
  // biome-ignore lint/style/useShorthandFunctionType: a type alias cannot merge with the class
  <In>(input: In): In | Composed<In, Fs>
}

/**
 * Transforms one after the other with probability p, default 0.5; otherwise nothing. PyTorch:
 * torchvision.transforms.RandomApply.
 * @example new RandomApply([new ColorJitter(0.4)], 0.8)
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: Callable makes every transform a function
export class RandomApply<const Fs extends readonly AnyTransform[] = readonly AnyTransform[]> extends Transform {
  readonly transforms: Fs
  readonly p: number

  constructor(transforms: Fs, p?: number | ChanceOptions) {
    atMost('RandomApply', 2, arguments.length)
    super()
    this.p = probability('RandomApply', chanceOptions.readFirst('RandomApply', p).p ?? 0.5)
    checkTransforms('RandomApply', transforms)
    this.transforms = transforms
  }

  /** @internal */
  invoke(input: unknown): unknown {
    if (Math.fround(this.p) < rand(1).item()) return input
    return this.transforms.reduce((value, transform) => transform(value as never), input)
  }

  override toString(): string {
    return `RandomApply(\n    p=${this.p}${lines(this.transforms)}\n)`
  }
}

/**
 * A function of one's own as a transform. PyTorch: torchvision.transforms.Lambda.
 * @throws ArgumentError unless it is a function
 * @example new Lambda((x: Tensor) => x.flatten())
 */
export class Lambda<In, Out> extends Conversion<In, Out> {
  readonly lambd: (input: In) => Out

  constructor(lambd: (input: In) => Out) {
    atMost('Lambda', 1, arguments.length)
    super()
    if (typeof lambd !== 'function') refuse('Lambda', 'a function', lambd)
    this.lambd = lambd
  }

  /** @internal */
  invoke(input: In): Out {
    return this.lambd(input)
  }
}
