// A plot as a vega-lite specification, and as a file. Vega is loaded when a picture is drawn.
import { ArgumentError } from '../../errors.ts'
import { refuse } from '../../tensor/index.ts'
import { drawPNG, writePicture } from '../picture-file.ts'
import { measureTexts } from './text.ts'
import { config, type Theme, themeOf } from './theme.ts'

/** Options that all plots have. */
export interface FigureOptions {
  title?: string
  /** Width of the part with the data, in pixels of a screen. */
  width?: number
  /** Height of the part with the data. */
  height?: number
  /** Default 'light'. */
  theme?: Theme
}

/** Names of the options that all plots have. @internal */
export const figureNames = { title: true, width: true, height: true, theme: true } as const

/** Part of a specification of vega-lite. */
export type Spec = Readonly<Record<string, unknown>>

/**
 * A plot that can be drawn: as SVG, as PNG, and into a file.
 * @example await plot.line(losses).save('losses.png')
 */
export class Figure {
  /** What is drawn, in the language of vega-lite, without the colours of the theme. */
  readonly spec: Spec
  readonly theme: Theme

  /** @internal */
  constructor(op: string, spec: Spec, options: FigureOptions, size: { width?: number; height?: number } = {}) {
    const { title, width = size.width, height = size.height } = options
    for (const [name, value] of Object.entries({ width, height })) {
      if (value === undefined || (Number.isFinite(value) && value > 0)) continue
      throw new ArgumentError(`${op}: ${name} must be a positive number: ${value}`)
    }
    this.spec = {
      ...(title !== undefined && { title }),
      ...(width !== undefined && { width }),
      ...(height !== undefined && { height }),
      ...spec,
    }
    this.theme = themeOf(op, options)
  }

  /** The picture as SVG. */
  async toSVG(): Promise<string> {
    const [{ compile }, vega] = await Promise.all([import('vega-lite'), import('vega')])
    measureTexts(vega)
    const { spec } = compile({ ...this.#whole() } as unknown as Parameters<typeof compile>[0])
    return new vega.View(vega.parse(spec), { renderer: 'none' }).toSVG()
  }

  /** The picture as a PNG file of `scale` pixels for each pixel of a screen, default 2. */
  async toPNG(scale = 2): Promise<Uint8Array> {
    return drawPNG('toPNG', await this.toSVG(), scale)
  }

  /**
   * Writes the picture as an .svg or .png file, or its specification as .json for Vega's editor.
   * @throws UnsupportedError for other endings
   */
  save(path: string): Promise<void> {
    if (typeof path !== 'string') refuse('save', 'the path of a file', path)
    return writePicture('save', path, {
      '.svg': () => this.toSVG(),
      '.png': () => this.toPNG(),
      '.json': () => `${JSON.stringify(this.#whole(), null, 2)}\n`,
    })
  }

  #whole(): Spec {
    return { $schema: 'https://vega.github.io/schema/vega-lite/v6.json', config: config(this.theme), ...this.spec }
  }
}
