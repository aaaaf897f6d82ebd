// Steps of published measurements. Published are the time of a step on one GPU, and the model. Assumed are that forward
// takes a third of a step, and that layers share backward by their multiplications; so a bucket is ready when its share
// is done. Jitter is none: `--jitter` gives it.
import type { Bucket, Step } from './step.ts'

const mebi = 2 ** 20

interface Layer {
  parameters: number
  /** Multiplications of forward, in any unit: the share of its time in backward. */
  work: number
  /** One large tensor, whose gradient is there at once at the end. */
  whole?: boolean
}

interface Workload {
  /** Seconds of a step of one GPU. */
  seconds: number
  /** In the order of forward. */
  layers: readonly Layer[]
  bytesPerGradient: number
  /** At which size a bucket is sent: the first, and the others. */
  caps: readonly [first: number, others: number]
}

/** PyTorch's, and dtrain's. */
const ddp = [mebi, 25 * mebi] as const
/** Horovod fuses gradients up to 64 MiB (arXiv 1802.05799). */
const horovod = [64 * mebi, 64 * mebi] as const

const float32 = 4
const bfloat16 = 2

/** Of a ResNet of bottlenecks, by the number of its blocks of 14 x 14; multiplications in units of 10^9. */
const resnet = (blocks: number): Layer[] => [
  { parameters: 9_536, work: 0.118 },
  { parameters: 215_808, work: 0.68 },
  { parameters: 1_219_584, work: 1.04 },
  { parameters: 7_098_368 + (blocks - 6) * 1_117_184, work: 1.47 + (blocks - 6) * 0.218 },
  { parameters: 14_964_736, work: 0.81 },
  { parameters: 2_049_000, work: 0.002, whole: true },
]

const vgg16: Layer[] = [
  { parameters: 38_720, work: 1.94 },
  { parameters: 221_440, work: 2.77 },
  { parameters: 1_475_328, work: 4.62 },
  { parameters: 5_899_776, work: 4.62 },
  { parameters: 7_079_424, work: 1.39 },
  { parameters: 102_764_544, work: 0.103, whole: true },
  { parameters: 16_781_312, work: 0.017, whole: true },
  { parameters: 4_097_000, work: 0.004, whole: true },
]

/** The embedding is the head too, so its gradient is complete when backward ends. */
const gpt2: Layer[] = [
  { parameters: 39_383_808, work: 0, whole: true },
  { parameters: 85_056_000, work: 85 },
  { parameters: 0, work: 38.6 },
]

const workloads: Record<string, Workload & { alone?: number }> = {
  // PyTorch, benchmarks/distributed/ddp/README.md: V100, 32 images. 0.100 s wrapped, 0.097 s not.
  'resnet50-v100': {
    ...{ seconds: 0.1, alone: 0.097, layers: resnet(6), bytesPerGradient: float32, caps: ddp },
  },
  // The same page: 0.171 s wrapped, 0.162 s not.
  'resnet101-v100': {
    ...{ seconds: 0.171, alone: 0.162, layers: resnet(23), bytesPerGradient: float32, caps: ddp },
  },
  // Horovod, docs/benchmarks.rst: 64 images, 1656.82 images a second on 16 Pascal GPUs.
  'resnet101-p100': { seconds: (64 * 16) / 1656.82, layers: resnet(23), bytesPerGradient: float32, caps: horovod },
  // TensorFlow, performance/benchmarks (May 2017): P100, 64 images, 154 images a second.
  'vgg16-p100': { seconds: 64 / 154, layers: vgg16, bytesPerGradient: float32, caps: horovod },
  // llm.c, scripts/run_gpt2_124M.sh: 8 A100, 524,288 tokens, about 300 ms; taken for computation alone.
  'gpt2-124m-a100': { seconds: 0.3, layers: gpt2, bytesPerGradient: bfloat16, caps: ddp },
}

export const presets: Readonly<Record<string, Step>> = Object.fromEntries(
  Object.entries(workloads).map(([name, { alone, ...workload }]) => {
    const forward = workload.seconds / 3
    const backward = workload.seconds - forward
    const step = { name, forward, backward, optimizer: 0, buckets: bucketsOf(workload, backward), jitter: { sd: 0 } }
    return [name, { ...step, ...(alone !== undefined && { alone }) }]
  }),
)

/** From the last layer to the first. */
function bucketsOf({ layers, bytesPerGradient, caps }: Workload, backward: number): Bucket[] {
  const work = layers.reduce((sum, layer) => sum + layer.work, 0)
  const buckets: Bucket[] = []
  let bytes = 0
  let time = 0
  const send = (ready: number) => {
    buckets.push({ bytes, ready })
    bytes = 0
  }
  for (const layer of layers.toReversed()) {
    const size = layer.parameters * bytesPerGradient
    const seconds = (layer.work / work) * backward
    let left = size
    for (;;) {
      const room = caps[Math.min(buckets.length, 1)]! - bytes
      if (layer.whole || left < room) break
      bytes += room
      left -= room
      send(time + seconds * (1 - left / size))
    }
    bytes += left
    time += seconds
    if (layer.whole && bytes >= caps[Math.min(buckets.length, 1)]!) send(time)
  }
  if (bytes > 0) send(backward)
  return buckets
}
