// A snapshot as text: the machine in one line, a table of its GPUs, and one of the ranks.
import { gpuName } from './ranks.ts'
import type { Snapshot } from './snapshot.ts'

export function table({ time, machine, gpus, noGpus, ranks }: Snapshot): string {
  const clock = new Date(time).toLocaleTimeString('sv') // as in 13:14:15
  const lines = [
    `${clock}   CPU ${percent(machine.cpu)} of ${machine.cores} cores   memory ${portion(machine.memoryUsed, machine.memoryTotal)}`,
    '',
    ...(gpus.length === 0 ? [`GPUs: ${noGpus}`] : columns(gpuColumns, gpus)),
    '',
    ...(ranks.length === 0 ? ['no rank of a job runs on this machine'] : columns(rankColumns, ranks)),
  ]
  return `${lines.join('\n')}\n`
}

interface Column<T> {
  title: string
  text: (row: T) => string
  left?: true
}

const gpuColumns: Column<Snapshot['gpus'][number]>[] = [
  { title: 'GPU', text: gpuName },
  { title: 'name', text: gpu => (gpu.problem === undefined ? gpu.name : `${gpu.name} (${gpu.problem})`), left: true },
  { title: 'busy', text: gpu => percent(gpu.utilization) },
  { title: 'memory', text: gpu => portion(gpu.memoryUsed, gpu.memoryTotal) },
  { title: 'temp', text: gpu => unit(gpu.temperature, '°C') },
  {
    title: 'power',
    text: gpu =>
      gpu.powerLimit === undefined ? unit(gpu.power, 'W') : `${rounded(gpu.power)} of ${unit(gpu.powerLimit, 'W')}`,
  },
  { title: 'SM clock', text: gpu => unit(gpu.smClock, 'MHz') },
  { title: 'memory clock', text: gpu => unit(gpu.memoryClock, 'MHz') },
]

const rankColumns: Column<Snapshot['ranks'][number]>[] = [
  { title: 'job', text: rank => rank.job.slice(0, 8), left: true },
  { title: 'rank', text: rank => `${rank.rank} of ${rank.worldSize}` },
  { title: 'GPU', text: rank => rank.gpus.join(',') || '-' },
  { title: 'process', text: rank => `${rank.pid}` },
  { title: 'CPU', text: rank => percent(rank.cpu) },
  { title: 'memory', text: rank => bytes(rank.memory) },
  { title: 'GPU memory', text: rank => bytes(rank.gpuMemory) },
  { title: 'script', text: rank => printable(rank.script), left: true },
]

function columns<T>(columns: readonly Column<T>[], rows: readonly T[]): string[] {
  const cells = [columns.map(({ title }) => title), ...rows.map(row => columns.map(({ text }) => text(row)))]
  const widths = columns.map((_, i) => Math.max(...cells.map(line => line[i]!.length)))
  return cells.map(line =>
    line
      .map((cell, i) => (columns[i]!.left ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join('  ')
      .trimEnd(),
  )
}

const rounded = (value: number | undefined) => (value === undefined ? '-' : `${Math.round(value)}`)
const unit = (value: number | undefined, name: string) => (value === undefined ? '-' : `${rounded(value)} ${name}`)
const percent = (value: number | undefined) => unit(value, '%')

const mebi = 2 ** 20
const gibi = 2 ** 30

function bytes(value: number | undefined): string {
  if (value === undefined) return '-'
  return value < gibi ? `${Math.round(value / mebi)} MiB` : `${(value / gibi).toFixed(1)} GiB`
}

/** As in 34.2 of 80.0 GiB, or 120 MiB of 80.0 GiB. */
function portion(used: number | undefined, total: number | undefined): string {
  if (used === undefined || total === undefined) return '-'
  return `${used < gibi ? bytes(used) : (used / gibi).toFixed(1)} of ${bytes(total)}`
}

/** Arguments of a script may hold what would move the cursor. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are meant
const printable = (text: string) => text.replace(/[\x00-\x1f\x7f-\x9f]/g, ' ')
