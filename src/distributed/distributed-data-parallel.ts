// DistributedDataParallel: every rank brings its own part of the batch (see DistributedSampler) and computes the loss
// of that part; gradients are averaged during backward.
import { ArgumentError } from '../errors.ts'
import { isGradEnabled, type Tensor } from '../tensor/index.ts'
import { countingAs } from './group.ts'
import { Replica } from './replica.ts'
import { tensorsIn } from './tree.ts'

/**
 * Replicates a module over the ranks. Each rank's gradient counts in proportion to its number of rows (dim 0 of the
 * first input tensor), so with a loss that is a mean over rows the update equals a single process's on the joined
 * batch, also when the ranks' parts differ in size; with equal parts it is PyTorch's plain average. A parameter that
 * some ranks did not use counts as zero there, and one that no rank used keeps its gradient: there is no
 * findUnusedParameters to set. Inputs on the CPU are moved to the module's GPU. PyTorch:
 * torch.nn.parallel.DistributedDataParallel.
 * @example
 * const model = new DistributedDataParallel(new Net())
 * const loader = new DataLoader(dataset, { batchSize: 32, sampler: new DistributedSampler(dataset) })
 */
export class DistributedDataParallel<A extends unknown[] = [Tensor], R = Tensor> extends Replica<A, R> {
  forward(...inputs: A): R {
    const { reducer } = this
    const [first] = tensorsIn(inputs)
    const weight = first === undefined || first.ndim === 0 ? 1 : first.size(0)
    const output = countingAs(weight, () => this.module(...this.place(inputs)))
    if (tensorsIn(output).length === 0 && isGradEnabled()) {
      throw new ArgumentError(
        `${this.className}: the module returned no tensor, nor any inside arrays, maps or plain objects, so its gradients could not be averaged`,
      )
    }
    return reducer === null ? output : this.sink(reducer, output, weight)
  }
}
