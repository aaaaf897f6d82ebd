// What NVIDIA's libraries may do for the sake of speed, and must do for the sake of equal runs. Everything is off until
// a program asks for it. PyTorch: torch.backends. For all devices and Workers of the process.
import type { Addon } from '../native/addon.ts'
import { native } from '../native/load.ts'
import { refuse } from '../tensor/index.ts'

type Choice = Parameters<Addon['cudaChoice']>[0]

function choose(name: string, which: Choice, on: boolean): void {
  if (typeof on !== 'boolean') refuse(`backends.${name}`, 'true or false', on)
  native.cudaSetChoice(which, on)
}

const matmul = {
  /**
   * Whether float32 matrix products may use TF32: operands rounded to 10 bits of mantissa, which tensor cores multiply
   * several times faster. Default: false. PyTorch: torch.backends.cuda.matmul.allow_tf32.
   */
  get allowTf32(): boolean {
    return native.cudaChoice('matmulTf32')
  },
  set allowTf32(on: boolean) {
    choose('cuda.matmul.allowTf32', 'matmulTf32', on)
  },
}

const cudnn = {
  /**
   * The same for convolutions. Default: false, where PyTorch's is true. PyTorch: torch.backends.cudnn.allow_tf32.
   */
  get allowTf32(): boolean {
    return native.cudaChoice('convTf32')
  },
  set allowTf32(on: boolean) {
    choose('cudnn.allowTf32', 'convTf32', on)
  },
  /**
   * Whether the first convolution of each shape measures all algorithms of cuDNN, waiting for the device, and the
   * fastest is used from then on: also those that spread NaN and infinity (FFT, Winograd). Default: false. PyTorch:
   * torch.backends.cudnn.benchmark.
   */
  get benchmark(): boolean {
    return native.cudaChoice('convBenchmark')
  },
  set benchmark(on: boolean) {
    choose('cudnn.benchmark', 'convBenchmark', on)
  },
  /**
   * Whether convolutions give the same bits on every run. Then gradients are not summed with atomics, which for few
   * channels and many images takes many times as long. Default: false. PyTorch: torch.backends.cudnn.deterministic.
   */
  get deterministic(): boolean {
    return native.cudaChoice('convDeterministic')
  },
  set deterministic(on: boolean) {
    choose('cudnn.deterministic', 'convDeterministic', on)
  },
}

/**
 * Settings of the libraries behind CUDA ops, to be assigned. PyTorch: torch.backends.
 * @throws ArgumentError when the value is no boolean; TypeError for a name that does not exist
 * @example
 * backends.cuda.matmul.allowTf32 = true
 * backends.cudnn.benchmark = true
 */
export const backends = Object.freeze({
  cuda: Object.freeze({ matmul: Object.seal(matmul) }),
  cudnn: Object.seal(cudnn),
})
