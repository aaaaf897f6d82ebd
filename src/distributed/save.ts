// Saving in a job of several ranks: one of them writes, and all know when the file is there.
import { PeerError } from '../errors.ts'
import { type Saved, type SaveOptions, save as write } from '../io/index.ts'
import { atMost, tensor } from '../tensor/index.ts'
import { broadcast } from './collectives.ts'
import { getRank } from './group.ts'

/**
 * Rank 0 writes the file; when this returns on any rank, it is there for all to `load`. All ranks must call it, with
 * values that are the same on all of them, as those of a replica and its optimizer are.
 * @throws on rank 0 what `save` throws, and PeerError on the others then
 * @example save({ model: model.stateDict(), optimizer: optimizer.stateDict() }, 'checkpoint.pth')
 */
export function save(value: Saved | object, path: string, options?: SaveOptions): void {
  atMost('save', 3, arguments.length)
  let problem: unknown
  if (getRank() === 0) {
    try {
      write(value, path, options)
    } catch (error) {
      problem = error ?? new Error('save failed')
    }
  }
  const failed = tensor([problem === undefined ? 0 : 1], { dtype: 'int64' })
  broadcast(failed)
  if (problem !== undefined) throw problem
  if (failed.item() === 1) throw new PeerError(`save: rank 0 could not write ${path}; its own error says why`)
}
