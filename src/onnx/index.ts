// Models for other programs: `import { exportOnnx } from 'dtrain/onnx'`.
export type { DynamicAxes } from './axes.ts'
export { exportOnnx, type OnnxOptions } from './export.ts'
