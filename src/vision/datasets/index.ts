// Everything of torchvision.datasets that dtrain has: `import { datasets } from 'dtrain/vision'`.
export { FashionMNIST, KMNIST, MNIST, type MNISTOptions } from './mnist.ts'
export { MNISTSubset, type MNISTSubsetOptions } from './mnist-subset.ts'
export type { TransformOptions, VisionDataset } from './vision-dataset.ts'
