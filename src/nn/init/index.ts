// `nn.init`: filling parameters before training. Each function changes its tensor without recording, returns it, and
// draws the same numbers as PyTorch.
export * from './fill.ts'
export * from './gain.ts'
export * from './variance.ts'
