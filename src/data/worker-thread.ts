// What the worker threads of a `DataLoader` begin with.
import { serve } from './worker.ts'

await serve()
