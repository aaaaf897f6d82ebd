// Colours of tensors of (…, C, H, W) in uint8, float32 or float64: the arithmetic of torchvision, step by step, each
// rounded to the tensor's floats. It is done element by element outside of the native core, so it carries no gradient.
import { type Tensor, tensor } from '../../tensor/index.ts'

type Values = Uint8Array | Float32Array | Float64Array

/** Rounds as the floats that torchvision computes in. */
type Rounding = (x: number) => number

const roundingOf = (x: Tensor): Rounding => (x.dtype === 'float64' ? value => value : Math.fround)

/** Runs over all images of a tensor, `channels` planes of `plane` pixels each; makes a tensor of what is written. */
function each(
  x: Tensor,
  outChannels: number,
  run: (from: Values, into: Values, plane: number, channels: number) => void,
): Tensor {
  const channels = x.size(-3)
  const plane = x.size(-2) * x.size(-1)
  const from = x.detach().toTypedArray() as Values
  const count = from.length / (channels * plane)
  const into =
    x.dtype === 'uint8' ? new Uint8Array(count * outChannels * plane) : from.slice(0, count * outChannels * plane)
  for (let i = 0; i < count; i++) {
    const part = <A extends Values>(values: A, n: number) => values.subarray(i * n * plane, (i + 1) * n * plane)
    run(part(from, channels), part(into, outChannels), plane, channels)
  }
  const shape = [...x.shape.slice(0, -3), outChannels, ...x.shape.slice(-2)]
  return tensor(into, { device: x.device }).view(shape)
}

/** The grey value of a pixel; an integer in a tensor of integers. */
function grayAt(values: Values, plane: number, channels: number, i: number, f: Rounding): number {
  if (channels === 1) return values[i]!
  const [r, g, b] = [values[i]!, values[i + plane]!, values[i + 2 * plane]!]
  const value = f(f(f(f(0.2989) * r) + f(f(0.587) * g)) + f(f(0.114) * b))
  return values instanceof Uint8Array ? Math.trunc(value) : value
}

/** Grey values, in one channel. */
export function grayTensor(x: Tensor): Tensor {
  const f = roundingOf(x)
  return each(x, 1, (from, into, plane, channels) => {
    for (let i = 0; i < plane; i++) into[i] = grayAt(from, plane, channels, i, f)
  })
}

/** `amount` of the image and the rest of black, of its mean grey, or of its grey values. */
export function adjusted(x: Tensor, what: 'brightness' | 'contrast' | 'saturation', amount: number): Tensor {
  if (what === 'saturation' && x.size(-3) === 1) return x
  const f = roundingOf(x)
  const most = x.dtype === 'uint8' ? 255 : 1
  const [share, rest] = [f(amount), f(1 - amount)]
  return each(x, x.size(-3), (from, into, plane, channels) => {
    let mean = 0
    for (let i = 0; what === 'contrast' && i < plane; i++) mean += grayAt(from, plane, channels, i, f)
    mean = f(mean / plane)
    for (let i = 0; i < plane; i++) {
      const gray = what === 'saturation' ? grayAt(from, plane, channels, i, f) : mean
      for (let at = i; at < from.length; at += plane) {
        into[at] = Math.min(Math.max(f(f(share * from[at]!) + f(rest * gray)), 0), most)
      }
    }
  })
}

/** Hues turned by a share of the circle. */
export function hueTensor(x: Tensor, share: number): Tensor {
  if (x.size(-3) === 1) return x
  const f = Math.fround // torchvision computes hues in float32, whatever the tensor
  const bytes = x.dtype === 'uint8'
  return each(x, 3, (from, into, plane) => {
    for (let i = 0; i < plane; i++) {
      const at = [i, i + plane, i + 2 * plane]
      const [r, g, b] = at.map(k => (bytes ? f(from[k]! / 255) : f(from[k]!))) as [number, number, number]
      const max = Math.max(r, g, b)
      const chroma = f(max - Math.min(r, g, b))
      const saturation = chroma === 0 ? 0 : f(chroma / max)
      const turned = f(f(hueOf(r, g, b, max, chroma)) + f(share))
      const hue = f(turned - Math.floor(turned))
      for (const [c, value] of colorOf(hue, saturation, max).entries()) {
        into[at[c]!] = bytes ? Math.trunc(f(value * f(255 + 1 - 1e-3))) : value
      }
    }
  })
}

function hueOf(r: number, g: number, b: number, max: number, chroma: number): number {
  const f = Math.fround
  const [rc, gc, bc] = [r, g, b].map(x => f(f(max - x) / (chroma === 0 ? 1 : chroma))) as [number, number, number]
  const sixths = max === r ? f(bc - gc) : max === g ? f(f(2 + rc) - bc) : f(f(4 + gc) - rc)
  return f(f(f(sixths / 6) + 1) % 1)
}

function colorOf(hue: number, saturation: number, v: number): [r: number, g: number, b: number] {
  const f = Math.fround
  const sixth = Math.floor(f(hue * 6))
  const rest = f(f(hue * 6) - sixth)
  const level = (part: number) => Math.min(Math.max(f(v * f(1 - part)), 0), 1)
  const p = level(saturation)
  const q = level(f(saturation * rest))
  const t = level(f(saturation * f(1 - rest)))
  const red = [v, q, p, p, t, v]
  const green = [t, v, v, q, p, p]
  const blue = [p, p, t, v, v, q]
  return [red[sixth % 6]!, green[sixth % 6]!, blue[sixth % 6]!]
}
