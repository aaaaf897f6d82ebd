// Mirror images, by chance.
import { ArgumentError } from '../../errors.ts'
import { atMost, Options, rand } from '../../tensor/index.ts'
import { flip } from './picture.ts'
import { type Picture, PictureTransform } from './transform.ts'

/** Options of transforms that happen by chance. */
export interface ChanceOptions {
  /** How probable it is. */
  p?: number
}

export const chanceOptions = new Options<ChanceOptions>({ p: true })

/** @throws ArgumentError unless it is from 0 to 1 */
export function probability(op: string, p: number): number {
  if (typeof p === 'number' && p >= 0 && p <= 1) return p
  throw new ArgumentError(`${op}: p must be a number from 0 to 1, got ${p}`)
}

/** Draws whether it happens; PyTorch compares in float32. */
export function happens(p: number): boolean {
  return rand(1).item() < Math.fround(p)
}

/** What is done to a picture with probability p. */
export abstract class ByChance extends PictureTransform {
  readonly p: number

  constructor(op: string, p: number) {
    super()
    this.p = probability(op, p)
  }

  override settings(): string {
    return `p=${this.p}`
  }
}

/** Mirrors left and right with probability p, default 0.5. PyTorch: torchvision.transforms.RandomHorizontalFlip. */
export class RandomHorizontalFlip extends ByChance {
  constructor(p?: number | ChanceOptions) {
    atMost('RandomHorizontalFlip', 1, arguments.length)
    super('RandomHorizontalFlip', chanceOptions.readFirst('RandomHorizontalFlip', p).p ?? 0.5)
  }

  /** @internal */
  invoke<T extends Picture>(picture: T): T {
    return happens(this.p) ? flip('RandomHorizontalFlip', picture, 'horizontal') : picture
  }
}

/** Mirrors top and bottom with probability p, default 0.5. PyTorch: torchvision.transforms.RandomVerticalFlip. */
export class RandomVerticalFlip extends ByChance {
  constructor(p?: number | ChanceOptions) {
    atMost('RandomVerticalFlip', 1, arguments.length)
    super('RandomVerticalFlip', chanceOptions.readFirst('RandomVerticalFlip', p).p ?? 0.5)
  }

  /** @internal */
  invoke<T extends Picture>(picture: T): T {
    return happens(this.p) ? flip('RandomVerticalFlip', picture, 'vertical') : picture
  }
}
