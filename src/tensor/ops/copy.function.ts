// `fill`, which PyTorch has only as a function.
import { checked } from '../args.ts'
import { atMost } from '../refuse.ts'
import type { Tensor } from '../tensor.ts'

/** One value in the shape, dtype and device of x. PyTorch: torch.fill. @throws ArgumentError as `fill_` */
export function fill(x: Tensor, value: number | boolean): Tensor {
  atMost('fill', 2, arguments.length)
  return checked('fill', x).clone().fill_(value)
}
