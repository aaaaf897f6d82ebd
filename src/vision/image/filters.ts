// The weights of resampling, as Pillow and PyTorch (with antialias) have them: a pixel of the result is a weighted sum
// of those around its place, and the filter is as much wider as the image shrinks.

/** How pixels between pixels are computed. Values and names are torchvision's. */
export type Interpolation = 'nearest' | 'nearest-exact' | 'bilinear' | 'bicubic' | 'box' | 'hamming' | 'lanczos'

/** A filter of the distance, 0 from `support` on. */
interface Filter {
  support: number
  weight(x: number): number
}

const sinc = (x: number) => (x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI))

/** Keys' cubic convolution; a is its slope at 1. */
export function cubic(x: number, a: number): number {
  const t = Math.abs(x)
  if (t < 1) return ((a + 2) * t - (a + 3)) * t * t + 1
  return t < 2 ? (((t - 5) * t + 8) * t - 4) * a : 0
}

export const filters: Record<Exclude<Interpolation, 'nearest' | 'nearest-exact'>, Filter> = {
  box: { support: 0.5, weight: x => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  bilinear: { support: 1, weight: x => Math.max(1 - Math.abs(x), 0) },
  hamming: {
    support: 1,
    weight: x => (Math.abs(x) >= 1 ? 0 : sinc(x) * (Math.fround(0.54) + Math.fround(0.46) * Math.cos(x * Math.PI))),
  },
  bicubic: { support: 2, weight: x => cubic(x, -0.5) },
  lanczos: { support: 3, weight: x => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) },
}

/** What one pixel of the result is made of: the pixels from `start` on, with these weights. */
export interface Sources {
  start: number
  weights: number[]
}

/** The sources of each of `length` pixels, which show what `size` pixels have shown. */
export function sources(size: number, length: number, { support, weight }: Filter): Sources[] {
  const scale = size / length
  const stretch = Math.max(scale, 1)
  return Array.from({ length }, (_, i) => {
    const center = (i + 0.5) * scale
    const start = Math.max(Math.trunc(center - support * stretch + 0.5), 0)
    const end = Math.min(Math.trunc(center + support * stretch + 0.5), size)
    const raw = Array.from({ length: end - start }, (_, k) => weight((k + start - center + 0.5) * (1 / stretch)))
    let sum = 0
    for (const w of raw) sum += w
    return { start, weights: sum === 0 ? raw : raw.map(w => w / sum) }
  })
}
