// Pictures side by side: batches of tensors, or images.
import { ArgumentError } from '../../errors.ts'
import { atMost, Options, refuse, Tensor } from '../../tensor/index.ts'
import { encodePNG } from '../../vision/image/codec.ts'
import { Image } from '../../vision/image/image.ts'
import { Figure, type FigureOptions, figureNames } from './figure.ts'
import { numbersOf } from './values.ts'

/** Options of `plot.images`. */
export interface ImagesOptions extends Omit<FigureOptions, 'height'> {
  /** How many stand in a row; default: as many as make about a square. */
  columns?: number
  /** A text above each picture. */
  titles?: readonly (string | number)[]
  /** A text at the left of each row. */
  rows?: readonly string[]
}

const { height: _, ...names } = figureNames
const imagesOptions = new Options<ImagesOptions>({ columns: true, titles: true, rows: true, ...names })

const margin = 4
const titleHeight = 18

/**
 * Pictures in rows: a batch `[N, C, H, W]` or `[N, H, W]` of tensors, or a list of images and of tensors `[C, H, W]`
 * or `[H, W]`. Floats from 0 to 1 are drawn as they are; others are scaled together, the least to black and the
 * greatest to white. PyTorch's programs: plt.imshow in subplots.
 * @throws ArgumentError for anything but pictures of one size
 * @example await plot.images(cat([inputs, outputs]), { columns: 10, rows: ['input', 'output'] }).save('digits.png')
 */
export function images(batch: Tensor | readonly (Tensor | Image)[], options?: ImagesOptions): Figure {
  const op = 'images'
  atMost('images', 2, arguments.length)
  const given = imagesOptions.read(op, options)
  const pictures = readImages(op, batch)
  const { width, height } = pictures[0]!
  if (pictures.some(one => one.width !== width || one.height !== height)) {
    throw new ArgumentError(`${op}: expected pictures of one size; resize them first`)
  }
  const { columns = Math.min(pictures.length, Math.ceil(Math.sqrt(pictures.length))), titles, rows } = given
  if (!Number.isInteger(columns) || columns < 1) {
    throw new ArgumentError(`${op}: columns must be a positive integer: ${columns}`)
  }
  const down = Math.ceil(pictures.length / columns)
  for (const [what, list, size] of [
    ['titles', titles, pictures.length],
    ['rows', rows, down],
  ] as const) {
    if (list !== undefined && list.length !== size) {
      throw new ArgumentError(`${op}: there are ${list.length} ${what} for ${size}`)
    }
  }
  const cell = (given.width ?? Math.min(640, columns * Math.max(64, width))) / columns
  const tall = ((cell - margin) * height) / width + margin + (titles ? titleHeight : 0)
  const total = { width: cell * columns, height: tall * down }
  const values = pictures.map((picture, i) => ({
    url: `data:image/png;base64,${Buffer.from(encodePNG(picture)).toString('base64')}`,
    x: (i % columns) * cell,
    y: Math.floor(i / columns) * tall,
    title: titles === undefined ? '' : String(titles[i]),
  }))
  const at = (field: string, domain: [number, number], more: object) => ({
    field,
    type: 'quantitative',
    scale: { domain, nice: false, ...more },
    axis: null,
  })
  const x = at('x', [0, total.width], {})
  const y = at('y', [0, total.height], { reverse: true })
  const text = (mark: object) => ({ type: 'text', baseline: 'top', ...mark })
  const layer: object[] = [
    {
      data: { values: values.map(value => ({ ...value, y: value.y + (titles ? titleHeight : 0) })) },
      mark: {
        type: 'image',
        width: cell - margin,
        height: tall - margin - (titles ? titleHeight : 0),
        align: 'left',
        baseline: 'top',
        smooth: cell < width,
        aria: false, // a label would repeat the whole picture
      },
      encoding: { x, y, url: { field: 'url', type: 'nominal' } },
    },
  ]
  if (titles !== undefined) {
    const middle = values.map(value => ({ title: value.title, x: value.x + (cell - margin) / 2, y: value.y + 2 }))
    layer.push({
      data: { values: middle },
      mark: text({ align: 'center' }),
      encoding: { x, y, text: { field: 'title' } },
    })
  }
  if (rows !== undefined) {
    const left = rows.map((title, i) => ({ title, x: 0, y: (i + 0.5) * tall }))
    layer.push({
      data: { values: left },
      mark: text({ align: 'right', baseline: 'middle', dx: -8, fontSize: 12 }),
      encoding: { x, y, text: { field: 'title' } },
    })
  }
  return new Figure(op, { layer }, { ...given, ...total })
}

function readImages(op: string, batch: Tensor | readonly (Tensor | Image)[]): Image[] {
  const list = batch instanceof Tensor ? split(op, batch) : batch
  if (!Array.isArray(list)) refuse(op, 'a tensor or a list of pictures', batch)
  if (list.length === 0) throw new ArgumentError(`${op}: there are no pictures to draw`)
  for (const one of list) if (!(one instanceof Tensor || one instanceof Image)) refuse(op, 'pictures', one)
  const planes = list.map(one => (one instanceof Tensor ? planesOf(op, one) : one))
  let [low, high] = [0, 1]
  for (const one of planes) {
    if (one instanceof Image || one.bytes) continue
    for (const value of one.values) {
      if (value < low) low = value
      if (value > high && Number.isFinite(value)) high = value
    }
  }
  // Numbers beyond 0 and 1 mean another scale, whose least number may lie above 0 too.
  if (low < 0 || high > 1) {
    const all = planes.flatMap(one => (one instanceof Image || one.bytes ? [] : [one.values.reduce(least)]))
    low = all.reduce(least)
  }
  return planes.map(one => (one instanceof Image ? one : toImage(one, low, high)))
}

const least = (a: number, b: number): number => (b < a ? b : a)

interface Planes {
  channels: number
  height: number
  width: number
  values: number[]
  /** Whole numbers from 0 to 255. */
  bytes: boolean
}

function split(op: string, batch: Tensor): Tensor[] {
  if (batch.ndim !== 3 && batch.ndim !== 4) {
    throw new ArgumentError(`${op}: expected shape [N, C, H, W] or [N, H, W], got [${batch.shape.join(', ')}]`)
  }
  return Array.from({ length: batch.size(0) }, (_, i) => batch.detach().select(0, i))
}

function planesOf(op: string, x: Tensor): Planes {
  const [channels, height, width] = (x.ndim === 2 ? [1, ...x.shape] : x.shape) as [number, number, number]
  if (x.numel() === 0 || (x.ndim !== 2 && x.ndim !== 3) || ![1, 3, 4].includes(channels)) {
    throw new ArgumentError(
      `${op}: expected [H, W], or [C, H, W] of 1, 3 or 4 channels, got shape [${x.shape.join(', ')}]`,
    )
  }
  return { channels, height, width, values: numbersOf(x), bytes: x.dtype === 'uint8' }
}

function toImage({ channels, height, width, values, bytes }: Planes, low: number, high: number): Image {
  const pixels = height * width
  const data = new Uint8Array(values.length)
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < pixels; i++) {
      const value = values[c * pixels + i]!
      // NaN is black, as what a Uint8Array makes of it.
      data[i * channels + c] = bytes
        ? value
        : Math.max(0, Math.min(255, Math.round(((value - low) / (high - low)) * 255)))
    }
  }
  return new Image(channels === 1 ? 'L' : channels === 3 ? 'RGB' : 'RGBA', width, height, data)
}
