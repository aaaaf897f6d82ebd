// Hyperparameters of a run as three summaries: what there are, which values this run has, and that it has ended.
import { ArgumentError } from '../errors.ts'
import { bytes, double, type Fields, integer, message } from '../protobuf.ts'
import { isPlainObject, refuse, type Tensor } from '../tensor/index.ts'
import { numberOf, plugin, summary } from './summary.ts'

/** A hyperparameter; null leaves it out. */
export type HParam = number | string | boolean | Tensor | null

const isText = 1
const isNumber = 3
const success = 1

/** The three, as fields of events. @throws ArgumentError for other values */
export function hparams(
  op: string,
  values: Readonly<Record<string, HParam>>,
  metrics: readonly string[],
  domains: Readonly<Record<string, readonly HParam[]>>,
): Fields[] {
  for (const [name, domain] of Object.entries(domains)) checkDomain(op, name, domain, values[name])
  const known = Object.entries(values).filter(([, value]) => value !== null)
  const infos = known.map(([name, value]) => {
    const type = typeof value === 'string' ? isText : isNumber
    const domain = domains[name]?.map(one => bytes(1, hparamField(op, one)))
    return bytes(4, message(bytes(1, name), integer(4, type), ...(domain ? [bytes(5, message(...domain))] : [])))
  })
  const measured = metrics.map(name => bytes(5, bytes(1, bytes(2, name))))
  const started = known.map(([name, value]) => bytes(1, message(bytes(1, name), bytes(2, hparamField(op, value)))))
  return [
    summary('_hparams_/experiment', plugin('hparams', bytes(2, message(...infos, ...measured)))),
    summary('_hparams_/session_start_info', plugin('hparams', bytes(3, message(...started)))),
    summary('_hparams_/session_end_info', plugin('hparams', bytes(4, integer(1, success)))),
  ]
}

/** PyTorch writes a truth value as 1 or 0. */
function hparamField(op: string, value: HParam | undefined): Fields {
  if (typeof value === 'string') return bytes(3, value)
  return double(2, typeof value === 'boolean' ? Number(value) : numberOf(op, value as number | Tensor))
}

function checkDomain(op: string, name: string, domain: readonly HParam[], value: HParam | undefined): void {
  if (!Array.isArray(domain) || value == null || domain.some(one => typeof one !== typeof value)) {
    throw new ArgumentError(`${op}: hparamDomainDiscrete.${name} must be an array of what hparamDict.${name} is`)
  }
}

/** @throws ArgumentError unless it is an object of values by name */
export function checkRecord(op: string, what: string, value: unknown): void {
  if (!isPlainObject(value)) refuse(op, `${what} as an object of values by name`, value)
}
