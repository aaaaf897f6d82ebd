// What layers that normalize have in common: a weight and a bias, ones and zeros at first.
import { checkSizes, type Device, type DType, empty } from '../../tensor/index.ts'
import { ones_, zeros_ } from '../init/index.ts'
import { Module } from '../module/module.ts'
import { Parameter } from '../module/parameter.ts'

/** Where parameters are, and of which type. */
export interface Place {
  device?: Device
  dtype?: DType
}

export function parameter(
  name: string,
  has: boolean,
  sizes: readonly number[],
  { dtype = 'float32', device = 'cpu' }: Place,
) {
  return has ? new Parameter(empty(checkSizes(name, sizes), { dtype, device })) : null
}

export abstract class Affine extends Module {
  declare weight: Parameter | null
  declare bias: Parameter | null

  protected addAffine(sizes: readonly number[], weight: boolean, bias: boolean, place: Place): void {
    const { name } = this.constructor
    this.registerParameter('weight', parameter(name, weight, sizes, place))
    this.registerParameter('bias', parameter(name, bias, sizes, place))
  }

  /** Weight 1 and bias 0 again. */
  resetParameters(): void {
    if (this.weight !== null) ones_(this.weight)
    if (this.bias !== null) zeros_(this.bias)
  }
}
