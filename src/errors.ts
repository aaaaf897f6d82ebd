// Every failure a person can meet is a DtrainError with a stable `code`, so programs match on the code and people
// read the message. Native errors arrive here too: the addon names a code and `errorFromNative` picks the class.

/** Base of all errors thrown by dtrain. `code` is stable across versions, `message` is not. */
export class DtrainError extends Error {
  readonly code: string = 'DTRAIN_ERROR'
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = new.target.name
  }
}

/** An argument has the wrong value or type. */
export class ArgumentError extends DtrainError {
  override readonly code: string = 'DTRAIN_ARGUMENT'
}

/** Shapes do not fit together. */
export class ShapeError extends DtrainError {
  override readonly code = 'DTRAIN_SHAPE'
}

/** A dtype is not supported by an op or does not match another. */
export class DTypeError extends DtrainError {
  override readonly code = 'DTRAIN_DTYPE'
}

/** An index or dimension is out of range. */
export class IndexError extends DtrainError {
  override readonly code = 'DTRAIN_INDEX'
}

/** A matrix has no such factor: it is not positive-definite. PyTorch: torch.linalg.LinAlgError. */
export class LinAlgError extends DtrainError {
  override readonly code = 'DTRAIN_LINALG'
}

/** Autograd cannot do what was asked: no graph, graph already freed, saved tensor modified in place. */
export class AutogradError extends DtrainError {
  override readonly code = 'DTRAIN_AUTOGRAD'
}

/** A tensor was used after `dispose()` or after its `tidy()` scope ended. */
export class DisposedError extends DtrainError {
  override readonly code = 'DTRAIN_DISPOSED'
}

/** The memory budget is spent, and collecting garbage did not help. */
export class OutOfMemoryError extends DtrainError {
  override readonly code = 'DTRAIN_OUT_OF_MEMORY'
}

/** The op, device or option is not available in this build. */
export class UnsupportedError extends DtrainError {
  override readonly code = 'DTRAIN_UNSUPPORTED'
}

/** A collective failed: a peer died, was late, or called something else. */
export class DistributedError extends DtrainError {
  override readonly code: string = 'DTRAIN_DISTRIBUTED'
}

/** Something failed because another rank died or aborted; the launcher looks for the cause there. */
export class PeerError extends DistributedError {
  override readonly code = 'DTRAIN_PEER'
}

/** A worker thread of a DataLoader has ended or does not answer. */
export class WorkerError extends DtrainError {
  override readonly code = 'DTRAIN_WORKER'
}

/** A bug in dtrain itself. */
export class InternalError extends DtrainError {
  override readonly code = 'DTRAIN_INTERNAL'
}

const byCode = new Map<string, new (message: string) => DtrainError>([
  ['argument', ArgumentError],
  ['shape', ShapeError],
  ['dtype', DTypeError],
  ['index', IndexError],
  ['linalg', LinAlgError],
  ['autograd', AutogradError],
  ['disposed', DisposedError],
  ['outOfMemory', OutOfMemoryError],
  ['unsupported', UnsupportedError],
  ['distributed', DistributedError],
  ['peer', PeerError],
  ['internal', InternalError],
])

/** Called by the addon whenever a C++ `Error` crosses into JavaScript; returns what the addon then throws. */
export function errorFromNative(code: string, message: string): DtrainError {
  const error = new (byCode.get(code) ?? InternalError)(message)
  Error.captureStackTrace(error, errorFromNative) // begin with who called the addon
  return error
}

/**
 * For an error that comes when the call has long returned: what it gives a stack that shows where `caller` was called.
 */
export function later(caller: (...args: never[]) => unknown): <E>(error: E) => E {
  const site: { stack?: string } = {}
  Error.captureStackTrace(site, caller)
  return error => {
    if (error instanceof Error)
      error.stack = `${error.name}: ${error.message}${/\n +at [\s\S]*/.exec(site.stack ?? '') ?? ''}`
    return error
  }
}
