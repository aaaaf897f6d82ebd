// Pictures into files. Every picture is made as SVG; PNG is drawn from that by resvg, with the fonts of the system.
import { extname } from 'node:path'
import { UnsupportedError } from '../errors.ts'
import { writeAtomically } from '../io/atomic.ts'

/** The pixels of an SVG picture as a PNG file; `scale` is how many pixels stand for one of its units. */
export async function drawPNG(op: string, svg: string, scale: number): Promise<Uint8Array> {
  const { Resvg } = await import('@resvg/resvg-js')
  const probe = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text y="9">x</text></svg>'
  if (new Resvg(probe).getBBox() === undefined) {
    throw new UnsupportedError(
      `${op}: no fonts are installed, so a PNG picture would have no texts; install some (apt-get install ` +
        'fonts-dejavu-core), or write an .svg file',
    )
  }
  const known = svg.replaceAll('image-rendering: pixelated;', '') // resvg has optimizeSpeed, which stands beside it
  return new Resvg(known, { font: { defaultFontFamily: 'DejaVu Sans' }, fitTo: { mode: 'zoom', value: scale } })
    .render()
    .asPng()
}

/** Writes a picture by the ending of the file's name: one of `makers`, each of which makes the whole file. */
export async function writePicture(
  op: string,
  path: string,
  makers: Readonly<Record<string, () => string | Uint8Array | Promise<string | Uint8Array>>>,
): Promise<void> {
  const make = makers[extname(path).toLowerCase()]
  if (make === undefined) {
    const endings = Object.keys(makers)
    const list = `${endings.slice(0, -1).join(', ')} or ${endings.at(-1)}`
    throw new UnsupportedError(`${op}: '${path}' cannot be written: the name must end in ${list}`)
  }
  const made = await make()
  const bytes = typeof made === 'string' ? new TextEncoder().encode(made) : made
  writeAtomically(path, false, file => file.append(bytes))
}
