// nn.DataParallel's contract with one process per replica: every rank passes the same global batch and gets the output
// of the whole batch, so the training script, its loss and its update are those of a single process, and so are the
// gradients of whatever stands before the wrapper: see Note [Exact sums] in native/comm/gather.h.
import { ArgumentError, DistributedError, PeerError, ShapeError } from '../errors.ts'
import type { GatherHandle } from '../native/addon.ts'
import { native } from '../native/load.ts'
import { isGradEnabled, mapTensors, noGrad, type Tensor, wrap } from '../tensor/index.ts'
import { getWorldSize } from './group.ts'
import { Replica } from './replica.ts'
import { gatherable, structureOf, tensorsIn, withTensors } from './tree.ts'

/**
 * Splits every input tensor along dim 0 over the ranks (by torch.chunk's rule), runs the replica on this rank's part,
 * and gathers the outputs on every rank. Tensors inside arrays, maps and plain objects are split too, other values are
 * shared. A rank without rows returns the same, and computes only when it does not know the structure yet. Parts of
 * inputs on the CPU are moved to the module's GPU; the output stays there. What the replica draws is its own; the
 * default generators stay where they were. Parameters and buffers start as rank 0's. PyTorch: torch.nn.DataParallel,
 * with one process per device.
 * @throws ShapeError when inputs differ in their number of rows or the model returns a 0-d tensor, DistributedError
 * when the ranks' inputs differ or the replicas return different structures
 * @example
 * const model = new DataParallel(new Net())        // dtrain --nproc 4 train.ts
 * const loss = criterion(model(images), labels)    // the same line, and loss, as on one process
 */
export class DataParallel<A extends unknown[] = [Tensor], R = Tensor> extends Replica<A, R> {
  /** On a rank without rows: what the module returned when it was last asked, its tensors without rows too. */
  #last?: { structure: string; output: R }
  readonly #alone = getWorldSize() === 1

  forward(...inputs: A): R {
    const { reducer } = this
    const tensors = tensorsIn(inputs)
    checkRows(this.className, tensors)
    // One process splits nothing, and refuses what several would.
    if (reducer === null || this.#alone) {
      const output = gatherable(this.className, this.module(...this.place(inputs)))
      return reducer === null ? output : this.sink(reducer, output, 1)
    }
    const [gather, rows] = native.scatterRows(reducer, handles(tensors), this.#described(inputs))
    const mine = withTensors(inputs, rows.map(wrap))
    if (native.gatherIdle(gather)) {
      const [structure, joined] = native.gatherNothing(gather)
      return withTensors(this.#outputOf(structure, mine), joined.map(wrap))
    }
    const output = this.#computeOrTell(gather, mine)
    const joined = native.gatherRows(gather, handles(tensorsIn(output)), structureOf(output))
    return withTensors(output, joined.map(wrap))
  }

  #compute(inputs: A): R {
    native.enterReplica()
    try {
      return gatherable(this.className, this.module(...this.place(inputs)))
    } finally {
      native.leaveReplica()
    }
  }

  /** When the module throws, the other ranks throw too: they may have no rows, or rows that please it. */
  #computeOrTell(gather: GatherHandle, inputs: A): R {
    try {
      return this.#compute(inputs)
    } catch (error) {
      try {
        native.gatherFailure(gather, String(error))
      } catch (told) {
        if (told instanceof DistributedError && !(told instanceof PeerError)) {
          told.cause = error // different batches, for example, are more to the point
          throw told
        }
      }
      throw error
    }
  }

  /** What must be the same on all ranks beside the tensors. */
  #described(inputs: A): string {
    const mode = `${this.training ? '' : ' in eval mode'}${isGradEnabled() ? '' : ' in noGrad'}`
    return `model(${inputs.map(input => structureOf(input)).join(', ')})${mode}`
  }

  /** An output of this structure: the last one, or one computed from another rank's rows. */
  #outputOf(structure: string, inputs: A): R {
    if (this.#last?.structure !== structure) {
      const calls = native.replicaCount()
      const output = this.#compute(inputs) // in the grad mode of the others, on which the structure may depend
      native.setReplicaCount(calls) // what is drawn later does not depend on whether the structure was known
      if (structureOf(output) !== structure) {
        throw new DistributedError(
          `${this.className}: the module returned ${structureOf(output)} for rows for which another rank's returned ${structure}`,
        )
      }
      this.#last = { structure, output: noGrad(() => mapTensors(output, x => x.index('0:0').clone())) }
    }
    return this.#last.output
  }
}

const handles = (tensors: Tensor[]) => tensors.map(x => x.handle)

function checkRows(name: string, tensors: Tensor[]): void {
  const [first] = tensors
  if (first === undefined) throw new ArgumentError(`${name}: expected at least one tensor to split along dim 0`)
  if (first.ndim === 0) throw new ShapeError(`${name}: a 0-d tensor cannot be split along dim 0`)
  const rows = first.size(0)
  for (const x of tensors) {
    if (x.ndim > 0 && x.size(0) === rows) continue
    throw new ShapeError(
      `${name}: expected every tensor to have ${rows} rows along dim 0 as the first, got shape [${x.shape.join(', ')}]`,
    )
  }
}
