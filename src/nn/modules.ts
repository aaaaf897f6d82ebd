// `nn.modules`: what PyTorch has there alone.
export * as module from './module/global-hooks.ts'
