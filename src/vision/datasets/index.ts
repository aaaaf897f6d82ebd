// Everything of torchvision.datasets that dtrain has: `import { datasets } from 'dtrain/vision'`.
export { CIFAR10, CIFAR100, type CIFAROptions } from './cifar.ts'
export { ImageFolder, type ImageFolderOptions } from './image-folder.ts'
export { FashionMNIST, KMNIST, MNIST, type MNISTOptions } from './mnist.ts'
export { MNISTSubset, type MNISTSubsetOptions } from './mnist-subset.ts'
export type { TransformOptions, VisionDataset } from './vision-dataset.ts'
