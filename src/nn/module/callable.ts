// What makes `model(x)` work: the object a constructor returns is a function whose prototype is the class's. Functions
// own read-only `name` and `length`, which are deleted so that subclasses may have fields and getters of these names.
import { traced, tracing } from '../../native/trace.ts'
import { atMost, Tensor } from '../../tensor/index.ts'

/** An object that is called like a function; the call goes to its `invoke`. */
export abstract class Callable<A extends unknown[], R> {
  constructor() {
    atMost(new.target.name, 0, arguments.length)
    const call = (...args: A): R => (self as unknown as Callable<A, R>).invoke(...args)
    const self = tracing ? tracedCall(call) : call
    Reflect.deleteProperty(self, 'name')
    Reflect.deleteProperty(self, 'length')
    // biome-ignore lint/correctness/noConstructorReturn: the object must be a function
    return Object.setPrototypeOf(self, new.target.prototype)
  }

  /** What a call does. @internal */
  abstract invoke(...args: A): R
}

let running = false

/** In a job that is traced: a span for each call that is not part of another. */
function tracedCall<A extends unknown[], R>(call: (...args: A) => R): (...args: A) => R {
  return (...args) => {
    if (running) return call(...args)
    running = true
    try {
      const device = args.find(arg => arg instanceof Tensor)?.device ?? 'cpu'
      return traced('compute', 'forward', device, () => call(...args))
    } finally {
      running = false
    }
  }
}
