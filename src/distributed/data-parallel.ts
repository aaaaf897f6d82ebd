// nn.DataParallel's contract with one process per replica: every rank passes the same global batch and gets the output of
// the whole batch, so the training script, its loss and its update are those of a single process.
//
// Note [Exact sums]
// Each rank computes the same loss of the whole output. In backward the gradient of its own rows goes through its replica,
// scaled by the number of ranks; the reducer's mean over the ranks is then the sum over all rows: the gradient one process
// would have had, also when the batch does not divide evenly or has fewer rows than there are ranks.
import { ArgumentError, ShapeError } from '../errors.ts'
import { native } from '../native/load.ts'
import { type Tensor, wrap } from '../tensor/index.ts'
import { getRank, getWorldSize } from './group.ts'
import { checkOutput, firstTensor, mapTensors, Replica } from './replica.ts'

/**
 * Splits every input tensor along dim 0 over the ranks (by torch.chunk's rule), runs the replica on this rank's part, and
 * gathers the outputs on every rank. Tensors inside arrays and plain objects are split too, other values are shared. Parts
 * of inputs on the CPU are moved to the module's GPU; the output stays there.
 * Parameters and buffers start as rank 0's. PyTorch: torch.nn.DataParallel, with one process per device.
 * @throws ShapeError when inputs differ in their number of rows or the model returns a 0-d tensor
 * @example
 * const model = new DataParallel(new Net())        // dtrain --nproc 4 train.ts
 * const loss = criterion(model(images), labels)    // the same line, and loss, as on one process
 */
export class DataParallel<A extends unknown[] = [Tensor], R = Tensor> extends Replica<A, R> {
  /** What the module returned when it last had rows; a rank without rows copies its structure. */
  #output: unknown

  forward(...inputs: A): R {
    const { reducer } = this
    if (reducer === null) return this.module(...this.place(inputs))
    const first = firstTensor(inputs)
    if (first === undefined) throw new ArgumentError('DataParallel: expected at least one tensor to split along dim 0')
    if (first.ndim === 0) throw new ShapeError('DataParallel: a 0-d tensor cannot be split along dim 0')
    const rows = first.size(0)
    const [begin, end] = chunkOf(rows, getRank(), getWorldSize())
    if (begin === end) return this.#gatherNothing(reducer)
    const mine = this.place(mapTensors(inputs, x => part(x, rows, begin, end)))
    const output = checkOutput('DataParallel', this.module(...mine))
    this.#output = mapTensors(output, x => x.detach())
    return mapTensors(output, x => wrap(native.reducerGather(reducer, x.handle)))
  }

  #gatherNothing(reducer: NonNullable<typeof this.reducer>): R {
    const gather = () => wrap(native.reducerGather(reducer, null))
    return (this.#output === undefined ? gather() : mapTensors(this.#output, gather)) as R
  }
}

/** Rows of one rank: chunks of ceil(rows / ranks), so the last ranks may have fewer or none. PyTorch: torch.chunk. */
export function chunkOf(rows: number, rank: number, ranks: number): [begin: number, end: number] {
  const size = Math.ceil(rows / ranks)
  return [Math.min(rank * size, rows), Math.min((rank + 1) * size, rows)]
}

function part(x: Tensor, rows: number, begin: number, end: number): Tensor {
  if (x.ndim > 0 && x.size(0) === rows) return wrap(native.slice(x.handle, 0, begin, end, 1))
  throw new ShapeError(
    `DataParallel: expected every tensor to have ${rows} rows along dim 0 as the first, got shape [${x.shape.join(', ')}]`,
  )
}
