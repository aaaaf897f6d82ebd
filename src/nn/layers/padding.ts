// Padding as a layer: so many elements around the last dimensions, one number for all sides, or one for each: those of
// the last dimension first. Negative ones cut off.
import { atMost, python, refuse, type Tensor } from '../../tensor/index.ts'
import { type PadModeOptions, pad } from '../functional/pad.ts'
import { Module } from '../module/module.ts'

/** `[left, right]`, or a number for both. */
export type Sides1 = number | readonly [left: number, right: number]
/** `[left, right, top, bottom]`, or a number for all. */
export type Sides2 = number | readonly [left: number, right: number, top: number, bottom: number]
/** `[left, right, top, bottom, front, back]`, or a number for all. */
export type Sides3 =
  | number
  | readonly [left: number, right: number, top: number, bottom: number, front: number, back: number]

abstract class Padding extends Module {
  readonly padding: readonly number[]

  constructor(spatial: number, padding: number | readonly number[]) {
    super()
    const sides = typeof padding === 'number' ? Array<number>(2 * spatial).fill(padding) : padding
    if (!Array.isArray(sides) || sides.length !== 2 * spatial)
      refuse(new.target.name, `a number or ${2 * spatial} numbers`, padding)
    this.padding = Object.freeze([...sides])
  }

  /** What comes in. */
  protected abstract readonly mode: PadModeOptions

  forward(x: Tensor): Tensor {
    return pad(x, this.padding, this.mode)
  }

  override extraRepr(): string {
    return python(this.padding)
  }
}

abstract class ConstantPadding extends Padding {
  readonly value: number

  constructor(spatial: number, padding: number | readonly number[], value: number) {
    super(spatial, padding)
    this.value = typeof value === 'number' ? value : refuse(new.target.name, 'a number', value)
  }

  protected get mode(): PadModeOptions {
    return { value: this.value }
  }
}

abstract class ConstantPad extends ConstantPadding {
  override extraRepr(): string {
    return `padding=${python(this.padding)}, value=${this.value}`
  }
}

/** One value around the last dimension. PyTorch: torch.nn.ConstantPad1d. @example new nn.ConstantPad1d(2, 3.5)(x) */
export class ConstantPad1d extends ConstantPad {
  constructor(padding: Sides1, value: number) {
    atMost('ConstantPad1d', 2, arguments.length)
    super(1, padding, value)
  }
}

/** The same of two dimensions. PyTorch: torch.nn.ConstantPad2d. */
export class ConstantPad2d extends ConstantPad {
  constructor(padding: Sides2, value: number) {
    atMost('ConstantPad2d', 2, arguments.length)
    super(2, padding, value)
  }
}

/** The same of three dimensions. PyTorch: torch.nn.ConstantPad3d. */
export class ConstantPad3d extends ConstantPad {
  constructor(padding: Sides3, value: number) {
    atMost('ConstantPad3d', 2, arguments.length)
    super(3, padding, value)
  }
}

/** Zeros around the last dimension. PyTorch: torch.nn.ZeroPad1d. @example new nn.ZeroPad1d([1, 2])(x) */
export class ZeroPad1d extends ConstantPadding {
  constructor(padding: Sides1) {
    atMost('ZeroPad1d', 1, arguments.length)
    super(1, padding, 0)
  }
}

/** The same of two dimensions. PyTorch: torch.nn.ZeroPad2d. */
export class ZeroPad2d extends ConstantPadding {
  constructor(padding: Sides2) {
    atMost('ZeroPad2d', 1, arguments.length)
    super(2, padding, 0)
  }
}

/** The same of three dimensions. PyTorch: torch.nn.ZeroPad3d. */
export class ZeroPad3d extends ConstantPadding {
  constructor(padding: Sides3) {
    atMost('ZeroPad3d', 1, arguments.length)
    super(3, padding, 0)
  }
}

abstract class ReflectionPadding extends Padding {
  protected get mode(): PadModeOptions {
    return { mode: 'reflect' }
  }
}

/** The elements mirrored at the last one. PyTorch: torch.nn.ReflectionPad1d. @example new nn.ReflectionPad1d(2)(x) */
export class ReflectionPad1d extends ReflectionPadding {
  constructor(padding: Sides1) {
    atMost('ReflectionPad1d', 1, arguments.length)
    super(1, padding)
  }
}

/** The same of two dimensions. PyTorch: torch.nn.ReflectionPad2d. */
export class ReflectionPad2d extends ReflectionPadding {
  constructor(padding: Sides2) {
    atMost('ReflectionPad2d', 1, arguments.length)
    super(2, padding)
  }
}

/** The same of three dimensions. PyTorch: torch.nn.ReflectionPad3d. */
export class ReflectionPad3d extends ReflectionPadding {
  constructor(padding: Sides3) {
    atMost('ReflectionPad3d', 1, arguments.length)
    super(3, padding)
  }
}

abstract class ReplicationPadding extends Padding {
  protected get mode(): PadModeOptions {
    return { mode: 'replicate' }
  }
}

/** The last element, again and again. PyTorch: torch.nn.ReplicationPad1d. @example new nn.ReplicationPad1d(2)(x) */
export class ReplicationPad1d extends ReplicationPadding {
  constructor(padding: Sides1) {
    atMost('ReplicationPad1d', 1, arguments.length)
    super(1, padding)
  }
}

/** The same of two dimensions. PyTorch: torch.nn.ReplicationPad2d. */
export class ReplicationPad2d extends ReplicationPadding {
  constructor(padding: Sides2) {
    atMost('ReplicationPad2d', 1, arguments.length)
    super(2, padding)
  }
}

/** The same of three dimensions. PyTorch: torch.nn.ReplicationPad3d. */
export class ReplicationPad3d extends ReplicationPadding {
  constructor(padding: Sides3) {
    atMost('ReplicationPad3d', 1, arguments.length)
    super(3, padding)
  }
}

abstract class CircularPadding extends Padding {
  protected get mode(): PadModeOptions {
    return { mode: 'circular' }
  }
}

/** The elements of the other end. PyTorch: torch.nn.CircularPad1d. @example new nn.CircularPad1d(2)(x) */
export class CircularPad1d extends CircularPadding {
  constructor(padding: Sides1) {
    atMost('CircularPad1d', 1, arguments.length)
    super(1, padding)
  }
}

/** The same of two dimensions. PyTorch: torch.nn.CircularPad2d. */
export class CircularPad2d extends CircularPadding {
  constructor(padding: Sides2) {
    atMost('CircularPad2d', 1, arguments.length)
    super(2, padding)
  }
}

/** The same of three dimensions. PyTorch: torch.nn.CircularPad3d. */
export class CircularPad3d extends CircularPadding {
  constructor(padding: Sides3) {
    atMost('CircularPad3d', 1, arguments.length)
    super(3, padding)
  }
}
