// The base of all transforms: objects that are called with an image and return what they make of it. Their settings are
// plain fields, and they print as torchvision's do.
import { inspect } from 'node:util'
import { Callable } from '../../nn/module/callable.ts'
import type { Tensor } from '../../tensor/index.ts'
import type { Image } from '../image/image.ts'

/** What most transforms take and give: an image, or a tensor of (…, C, H, W). */
export type Picture = Image | Tensor

/** Any transform, or a function in its place. */
export type AnyTransform = (input: never) => unknown

/** What a transform is beside its call, whose type each of them says. */
export abstract class Transform<In = never, Out = unknown> extends Callable<[In], Out> {
  override toString(): string {
    return `${this.constructor.name}(${this.settings()})`
  }

  /** What stands between the brackets in print. @internal */
  settings(): string {
    return ''
  }

  [inspect.custom](): string {
    return this.toString()
  }
}

export interface Conversion<In, Out> {
  // biome-ignore lint/style/useShorthandFunctionType: a type alias cannot merge with the class
  (input: In): Out
}

/** A transform from one type to another. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: Callable makes every transform a function
export abstract class Conversion<In, Out> extends Transform<In, Out> {}

export interface PictureTransform {
  // biome-ignore lint/style/useShorthandFunctionType: a type alias cannot merge with the class
  <T extends Picture>(picture: T): T
}

/** A transform that returns an image for an image, and a tensor for a tensor. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: Callable makes every transform a function
export abstract class PictureTransform extends Transform {}

/** A setting as Python prints it: `(0.5,)` for an array, `None`, `True`. @internal */
export function printed(value: unknown): string {
  if (Array.isArray(value)) return value.length === 1 ? `(${printed(value[0])},)` : `(${value.map(printed).join(', ')})`
  if (value == null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return String(value)
}

/** A number that Python prints as a float: `1.0`. @internal */
export function float(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value)
}
