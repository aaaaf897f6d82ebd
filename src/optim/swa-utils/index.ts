// Everything of torch.optim.swa_utils: `optim.swaUtils`.
export {
  AveragedModel,
  type AveragedModelOptions,
  type AverageFn,
  type EmaOptions,
  getEmaAvgFn,
  getEmaMultiAvgFn,
  getSwaAvgFn,
  getSwaMultiAvgFn,
  type MultiAverageFn,
  type UpdateBnOptions,
  updateBn,
} from './averaged-model.ts'
export { SWALR, type SWALROptions } from './swa-lr.ts'
