// Colours, fonts and lines of all plots, for light and dark pages.

import { ArgumentError } from '../../errors.ts'

/** Colours of the page that a picture is for. */
export type Theme = 'light' | 'dark'

/** The theme of a plot. @throws ArgumentError when there is no such one */
export function themeOf(op: string, { theme = 'light' }: { theme?: Theme }): Theme {
  if (theme === 'light' || theme === 'dark') return theme
  throw new ArgumentError(`${op}: theme must be 'light' or 'dark': '${theme}'`)
}

const colors: Record<Theme, readonly string[]> = {
  light: '#4269d0 #ff725c #3ca951 #efb118 #a463f2 #ff8ab7 #38b2c5 #9c6b4e #97bbf5 #9498a0'.split(' '),
  dark: '#7593f5 #ff7f6b #4fc268 #efb118 #bb8df8 #ff8ab7 #4cc5d8 #c4906e #a9c7f7 #a6aab2'.split(' '),
}

/** Colours of series that differ on such a page, also for most who see colours differently; `i` counts from 0. */
export function colorOf(theme: Theme, i: number): string {
  return colors[theme][i % colors[theme].length]!
}

const pages = {
  light: { background: '#ffffff', text: '#1f2328', faint: '#57606a', grid: '#e4e7eb', line: '#8c959f' },
  dark: { background: '#16191f', text: '#e6e9ee', faint: '#a3acb9', grid: '#2b3139', line: '#5d6673' },
}

/** Vega-lite's config of a theme. */
export function config(theme: Theme) {
  const { background, text, faint, grid, line } = pages[theme]
  return {
    background,
    font: "'DejaVu Sans', 'Segoe UI', 'Helvetica Neue', Arial, sans-serif",
    padding: 16,
    view: { stroke: null },
    title: { color: text, fontSize: 15, fontWeight: 600, anchor: 'start', offset: 12 },
    axis: {
      gridColor: grid,
      domainColor: line,
      tickColor: line,
      labelColor: faint,
      labelFontSize: 11,
      titleColor: text,
      titleFontSize: 12,
      titleFontWeight: 'normal',
      titlePadding: 10,
      labelFlush: false,
    },
    axisX: { grid: false },
    axisY: { domain: false, ticks: false, labelPadding: 6 },
    legend: {
      labelColor: text,
      titleColor: text,
      labelFontSize: 12,
      titleFontSize: 12,
      titleFontWeight: 'normal',
      symbolStrokeWidth: 2.5,
      symbolSize: 160,
    },
    text: { color: text, fontSize: 11 },
  }
}
