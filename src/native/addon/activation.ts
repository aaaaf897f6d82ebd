// Activations of neural networks.
// Written by `npm run addon-types` from native/binding/tables/activation.cc.
import type { Handle } from './types.ts'

export interface ActivationFunctions {
  relu(x: Handle): Handle
}
