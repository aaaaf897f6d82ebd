// A loader's batches in a job that is traced: a span for each wait.
import { native } from '../native/load.ts'
import { traced } from '../native/trace.ts'

export function* tracedBatches<B>(batches: IterableIterator<B>): IterableIterator<B> {
  try {
    for (;;) {
      const { done, value } = traced('program', 'loader', 'cpu', () => batches.next())
      if (done) return
      yield value
    }
  } finally {
    batches.return?.()
  }
}

export async function* tracedLater<B>(batches: AsyncGenerator<B, void>): AsyncGenerator<B, void> {
  try {
    for (;;) {
      const span = native.traceOpen('program', 'loader', 'cpu')
      const next = await batches.next().finally(() => native.traceClose(span, 'cpu'))
      if (next.done) return
      yield next.value
    }
  } finally {
    await batches.return()
  }
}
