// Pictures: `import { makeDot, plot, summary } from 'dtrain/viz'`. What draws them is large, and is loaded with the
// first picture that is asked for.
export { Dot, type DotOptions, makeDot, type NamedTensors } from './make-dot.ts'
export * as plot from './plot/index.ts'
export { type LayerSummary, ModelSummary, type SummaryOptions, summary } from './summary.ts'
