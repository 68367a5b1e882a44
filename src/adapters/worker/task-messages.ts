/** What a task worker and the pool that owns it say to each other, by comlink. Errors cross as plain data, no stacks. */

import type { ErrorCode } from '../../base/errors.ts';

/** The codes a worker can fail with. Its pool adds TASK_TIMEOUT and ABORTED, for which it ends the worker. */
export type TaskFailureCode = Extract<
  ErrorCode,
  'NOT_WASM' | 'NO_ABI' | 'MEMORY_LIMIT' | 'TASK_TRAPPED' | 'OUTPUT_TOO_LARGE' | 'HOST_FAILURE'
>;

const taskFailureCodes: readonly TaskFailureCode[] = [
  'NOT_WASM',
  'NO_ABI',
  'MEMORY_LIMIT',
  'TASK_TRAPPED',
  'OUTPUT_TOO_LARGE',
  'HOST_FAILURE',
];

export interface Failed {
  readonly outcome: 'failed';
  readonly code: TaskFailureCode;
  readonly detail: string;
}

export type PrepareReply = { readonly outcome: 'ok' } | Failed;

/** `output` is the whole of its buffer, which moved here with the message. */
export type RunReply = { readonly outcome: 'ok'; readonly output: Uint8Array<ArrayBuffer> } | Failed;

/** What a worker answers to. One request at a time; a run blocks the worker until it is over. */
export interface TaskProgram {
  /** Answers as soon as the worker runs. */
  ready(): true;
  /** Compiles the module and keeps it under its name (the last PREPARED_MODULES_MAX used). */
  prepare(moduleId: string, bytes: Uint8Array<ArrayBuffer>): Promise<PrepareReply>;
  /** Runs a prepared module in a fresh instance. */
  run(moduleId: string, input: Uint8Array<ArrayBuffer>, outputBytesMax: number): RunReply;
}

/** A failure on its way to becoming a `Failed` reply. */
export class TaskFailure extends Error {
  readonly code: TaskFailureCode;

  constructor(code: TaskFailureCode, detail: string) {
    super(detail);
    this.code = code;
  }
}

/**
 * Reads a reply that came out of a worker. The worker ran a stranger's code, so nothing about it is taken on trust.
 * Anything but a well-formed reply, or an output above `outputBytesMax`, is HOST_FAILURE.
 */
export function readRunReply(reply: unknown, outputBytesMax: number): RunReply {
  const { outcome, output } = fieldsOf(reply);
  if (outcome !== 'ok') return readFailure(reply);
  if (output instanceof Uint8Array && output.buffer instanceof ArrayBuffer && output.length <= outputBytesMax) {
    return { outcome: 'ok', output: output as Uint8Array<ArrayBuffer> };
  }
  return strayReply;
}

/** Reads the reply to `prepare`. See readRunReply. */
export function readPrepareReply(reply: unknown): PrepareReply {
  return fieldsOf(reply).outcome === 'ok' ? { outcome: 'ok' } : readFailure(reply);
}

const strayReply: Failed = { outcome: 'failed', code: 'HOST_FAILURE', detail: 'the worker sent a reply out of order' };

function readFailure(reply: unknown): Failed {
  const { outcome, code, detail } = fieldsOf(reply);
  const known = taskFailureCodes.find(candidate => candidate === code);
  if (outcome !== 'failed' || known === undefined || typeof detail !== 'string') return strayReply;
  return { outcome: 'failed', code: known, detail };
}

function fieldsOf(reply: unknown): Partial<Record<'outcome' | 'output' | 'code' | 'detail', unknown>> {
  return typeof reply === 'object' && reply !== null ? reply : {};
}
