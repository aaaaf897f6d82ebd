// The trap of the plain list: what a module holds in arrays, maps and objects is not registered, and a warning says so
// once.
import { expect, test, vi } from 'vitest'
import { nn, ones, type Tensor } from '../../src/index.ts'

abstract class Base extends nn.Module {
  forward(x: Tensor): Tensor {
    return x
  }
}

const tail = ' are not registered, so parameters(), stateDict(), to() and train() leave them out; '
const meant = ', or hold them in a #private field if that is meant'

/** The warnings of a call. */
function warnings(call: () => unknown): unknown[] {
  const emit = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
  try {
    call()
    return emit.mock.calls.map(([text, options]) => [text, options])
  } finally {
    emit.mockRestore()
  }
}

test('modules in an array are reported at the first call, once for a class', () => {
  class Listed extends Base {
    layers = [new nn.Linear(1, 1), new nn.Linear(1, 1)]
  }
  const model = new nn.Sequential(new Listed())
  const text = `Listed.layers: modules in an array${tail}make it an nn.ModuleList${meant}`
  expect(warnings(() => model.parameters())).toEqual([[text, { code: 'DTRAIN_UNREGISTERED' }]])
  expect(warnings(() => [model.parameters(), model.zeroGrad(), new Listed().parameters()])).toEqual([])
  expect(model.parameters()).toEqual([])
})

test('so are parameters, and what is in maps, sets, objects and lists of lists', () => {
  class Held extends Base {
    scales = [new nn.Parameter(ones(1))]
    byName = new Map([['a', new nn.ReLU()]])
    some = new Set([new nn.ReLU()])
    heads = { a: new nn.ReLU() }
    blocks = [[1, new nn.ReLU()]]
    towers = { left: { stages: [{ norm: new nn.ReLU() }] } }
  }
  expect(warnings(() => new Held().to('float64')).map(warning => (warning as string[])[0])).toEqual([
    `Held.scales: parameters in an array${tail}register each with registerParameter(name, …)${meant}`,
    `Held.byName: modules in a Map${tail}register each with registerModule(name, …)${meant}`,
    `Held.some: modules in a Set${tail}register each with registerModule(name, …)${meant}`,
    `Held.heads: modules in an object${tail}register each with registerModule(name, …)${meant}`,
    `Held.blocks: modules in an array${tail}make it an nn.ModuleList${meant}`,
    `Held.towers: modules in an object${tail}register each with registerModule(name, …)${meant}`,
  ])
})

test('what is registered elsewhere, private, or no module is not reported', () => {
  class Fine extends Base {
    first = new nn.Linear(1, 1)
    list = new nn.ModuleList([new nn.ReLU(), this.first])
    parts: unknown[] = [this.first, this.first.weight, this.list[0]]
    sizes = [1, 2, 3]
    notes = { a: ones(1), b: [ones(1)], c: null }
    readonly #hidden = [new nn.Linear(1, 1)]

    get hidden(): nn.Linear[] {
      return this.#hidden
    }
  }
  const model = new Fine()
  expect(warnings(() => model.parameters())).toEqual([])
  expect([model.parameters().length, model.hidden.length]).toEqual([2, 1])
})
