// Everything of torchvision that dtrain has: `import { datasets, transforms } from 'dtrain/vision'`.
export * as datasets from './datasets/index.ts'
export { Image, type ImageMode } from './image/image.ts'
export * as io from './io.ts'
export * as transforms from './transforms/index.ts'
export * as utils from './utils.ts'
