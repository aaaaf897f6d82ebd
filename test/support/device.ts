// The device under test: the suites over the case tables run once on the CPU and once more on 'cuda', which is emulated
// unless the machine has a GPU (the projects of vitest.config.ts set DTRAIN_TEST_DEVICE).
import * as library from '../../src/index.ts'
import type { Dtrain } from './case.ts'

export const device = (process.env.DTRAIN_TEST_DEVICE ?? 'cpu') as library.Device

/** Makers of tensors, by the number of arguments before their options; null: any number. */
const makers = { tensor: 1, zeros: null, ones: null, empty: null, full: 2, arange: null, eye: null } as const

/** The library as a case sees it: what makes tensors makes them on the device under test. */
export const dtrain: Dtrain =
  device === 'cpu'
    ? library
    : {
        ...library,
        ...Object.fromEntries(Object.keys(makers).map(name => [name, onDevice(name as keyof typeof makers)])),
      }

function onDevice(name: keyof typeof makers) {
  const make = Object.entries(library).find(([key]) => key === name)![1] as (...args: unknown[]) => library.Tensor
  return (...args: unknown[]) => {
    const last = args.at(-1)
    const hasOptions = typeof last === 'object' && last !== null && Object.getPrototypeOf(last) === Object.prototype
    const rest = hasOptions ? args.slice(0, -1) : args.filter(arg => arg !== undefined)
    return make(...rest, { device, ...(hasOptions ? last : {}) })
  }
}
