// Makes an input of a case: its elements laid out in memory as the case says. The room between the elements is filled
// with poison (NaN, 99, true), so a kernel that ignores strides or offsets shows it. scripts/golden/ops.py follows the
// same rules.

import { noGrad, type Tensor, tensor } from '../../src/index.ts'
import { type DType, type Input, isFloat } from './case.ts'
import { device } from './device.ts'
import type { Element } from './golden.ts'

/** A leaf with the input's shape, dtype and layout, needing a gradient if the input does. */
export function makeInput(input: Input, data: Element[]): Tensor {
  const { shape, dtype = 'float32', layout = 'contiguous', grad = false } = input
  const x = noGrad(() => layOut(data, shape, dtype, layout)).detach()
  return grad ? x.requiresGrad_() : x
}

function layOut(data: Element[], shape: number[], dtype: DType, layout: Input['layout']): Tensor {
  const poison = isFloat(dtype) ? Number.NaN : 99
  const last = shape.at(-1) ?? 1
  switch (layout) {
    case 'transposed': {
      const rows = shape.at(-2)!
      const plane = rows * last
      const swapped = data.map((_, i) => {
        const inPlane = i % plane // i counts the swapped plane: column by column
        return data[i - inPlane + (inPlane % rows) * last + Math.floor(inPlane / rows)]!
      })
      return flat(swapped, dtype)
        .view(...shape.slice(0, -2), last, rows)
        .transpose(-1, -2)
    }
    case 'sliced': {
      const spread = data.flatMap(element => [element, poison])
      return flat(spread, dtype)
        .view(...shape.slice(0, -1), last * 2)
        .index('...', '::2')
    }
    case 'expanded':
      return flat(data, dtype)
        .view(1, ...shape.slice(1))
        .expand(...shape)
    case 'offset':
      return flat([poison, poison, poison, ...data], dtype)
        .index('3:')
        .view(shape)
    default:
      return flat(data, dtype).view(shape)
  }
}

/** A 1-d tensor of the elements, on the device under test. */
export function flat(data: Element[], dtype: DType): Tensor {
  const numbers = () => data.map(Number)
  if (dtype === 'int64') return tensor(BigInt64Array.from(data, BigInt), { device })
  if (dtype === 'float32') return tensor(Float32Array.from(numbers()), { device })
  if (dtype === 'float64') return tensor(Float64Array.from(numbers()), { device })
  if (dtype === 'uint8' || dtype === 'bool') return tensor(Uint8Array.from(numbers()), { dtype, device })
  return tensor(numbers(), { dtype, device })
}
