// Each rule of scripts/arguments.ts is broken once in a made-up tree; the report must name exactly these functions.
import { expect, test } from 'vitest'
import { checkTree } from './check-tree.ts'

const options = `export interface SumOptions {
  dim?: number
  keepdim?: boolean
}

const sumOptions = new Options<SumOptions>({ dim: true, keepdim: true })
`

const allowed = {
  'src/index.ts': "export * from './tensor/ops/reduce.ts'\nexport { type Sum, SGD } from './optim.ts'",
  'src/tensor/ops/reduce.ts': `${options}
/** Positional, then options of which the first is positional too. */
export function sum(x: Tensor, dim?: number | readonly number[] | SumOptions, options?: SumOptions): Tensor {
  atMost('sum', 3, arguments.length)
}

export function zeros(...args: ShapeArgs<SumOptions>): Tensor {
  return full(shape)
}

export function max(x: Tensor): Tensor
export function max(x: Tensor, options: SumOptions & { dim: number }): { values: Tensor }
export function max(x: Tensor, options?: SumOptions): Tensor | { values: Tensor } {
  atMost('max', 2, arguments.length)
}

/** For other files. @internal */
export function helper(x: Tensor, n = 3): Tensor {
  return x
}

function own(x: Tensor, n = 3): Tensor {
  return x
}`,
  'src/tensor/ops/copy.method.ts': 'export function fill_(x: Tensor, value: number): Tensor {\n  return x\n}',
  'src/optim.ts': `export class SGD {
  constructor(
    params: Iterable<Tensor>,
    options?: SumOptions,
  ) {
    super(params)
    atMost(new.target.name, 2, arguments.length)
  }

  step(): void {
    this.#update()
  }

  #update(n = 3): void {}
}`,
}

test('what follows the rule is not reported', () => {
  expect(checkTree('arguments.ts', allowed)).toEqual({ code: 0, report: [] })
})

test('arguments in another order than PyTorch has are reported', () => {
  const { report } = checkTree('arguments.ts', {
    'test/golden/signatures.json': JSON.stringify({
      entries: {
        'dt.where': [['condition', 'self', 'other'], ['condition']],
        'dt.swapped': [['self', 'dim0', 'dim1']],
        'dt.sum': [['self', 'keepdim', 'dim']],
        'dt.mean': [['self', 'dim', 'keepdim']],
      },
    }),
    'src/index.ts': "export * from './ops.ts'",
    'src/ops.ts': `${options}
export function where(condition: Tensor, x: Tensor, y: Tensor): Tensor {
  atMost('where', 3, arguments.length)
}

export function swapped(x: Tensor, dim1: number, dim0: number): Tensor {
  atMost('swapped', 3, arguments.length)
}

export function sum(x: Tensor, dim?: number | SumOptions, options?: SumOptions): Tensor {
  atMost('sum', 3, arguments.length)
}

export function mean(x: Tensor, dim?: number | SumOptions, options?: SumOptions): Tensor {
  atMost('mean', 3, arguments.length)
}`,
  })
  expect(report).toEqual([
    "src/ops.ts:12: swapped: self, dim1, dim0 do not stand in PyTorch's order: self, dim0, dim1",
    "src/ops.ts:16: sum: self, dim do not stand in PyTorch's order: self, keepdim, dim",
  ])
})

test('each signature that breaks the rule is reported', () => {
  const { code, report } = checkTree('arguments.ts', {
    'src/index.ts': "export * from './ops.ts'\nexport * as nn from './nn.ts'\nexport * from './notPublic.ts'",
    'src/notPublic.ts': "export { shown } from './other.ts'",
    'src/other.ts':
      'export function shown(x: Tensor): Tensor {\n}\n\nexport function hidden(x: Tensor, n = 3): Tensor {\n}',
    'src/ops.ts': `${options}
export function noOptions(x: Tensor, dim = 0): Tensor {
  atMost('noOptions', 2, arguments.length)
}

export function two(x: Tensor, dim?: number | SumOptions, keepdim?: boolean, options?: SumOptions): Tensor {
  atMost('two', 4, arguments.length)
}

export function notFirst(x: Tensor, keepdim?: boolean | SumOptions, options?: SumOptions): Tensor {
  atMost('notFirst', 3, arguments.length)
}

export function behind(x: Tensor, options?: SumOptions, n?: number): Tensor {
  atMost('behind', 3, arguments.length)
}

export function overloaded(x: Tensor, n: number): Tensor
export function overloaded(x: Tensor, n: number, dim?: number): Tensor
export function overloaded(x: Tensor, n?: number, options?: SumOptions): Tensor {
  atMost('overloaded', 3, arguments.length)
}

export function wrongCount(x: Tensor, y: Map<string, [Tensor, Tensor]>, options?: SumOptions): Tensor {
  atMost('wrongCount', 2, arguments.length)
}`,
    'src/nn.ts': `export class Linear {
  constructor(inFeatures: number, options?: SumOptions) {
    super()
  }

  train(mode = true): this {
    return this
  }
}`,
  })
  expect(code).toBe(1)
  expect(report).toEqual([
    "src/ops.ts:8: noOptions: 'dim' has a default, so options must be able to give it",
    "src/ops.ts:12: two: 'options' stands behind the options",
    "src/ops.ts:12: two: 'keepdim' has a default and is not the first that has: it belongs into SumOptions",
    "src/ops.ts:16: notFirst: 'keepdim' is not the first name of SumOptions, which is 'dim'",
    "src/ops.ts:20: behind: 'n' stands behind the options",
    "src/ops.ts:24: overloaded: 'dim' has a default, so options must be able to give it",
    "src/ops.ts:30: wrongCount: does not count its arguments: atMost('wrongCount', 3, arguments.length)",
    "src/nn.ts:2: Linear: does not count its arguments: atMost('Linear', 2, arguments.length)",
    "src/nn.ts:6: train: 'mode' has a default, so options must be able to give it",
    "src/nn.ts:6: train: does not count its arguments: atMost('train', 1, arguments.length)",
    "src/other.ts:1: shown: does not count its arguments: atMost('shown', 1, arguments.length)",
  ])
})
