import type { Code } from './types';

/** Codes of the page itself, besides those of the API. */
export type FailureCode = Code | 'offline' | 'gateway';

/** What every call that does not succeed is thrown as. */
export class Failure extends Error {
  readonly status: number;
  readonly code: FailureCode;
  readonly details: Record<string, unknown>;
  /** Names the request in the logs of the API; absent when it never got there. */
  readonly requestId: string | undefined;

  constructor(status: number, code: FailureCode, message: string, details?: unknown, requestId?: string) {
    super(message);
    this.name = 'Failure';
    this.status = status;
    this.code = code;
    this.details = isRecord(details) ? details : {};
    this.requestId = requestId;
  }

  /** A number of `details`, if it is one. */
  number(name: string): number | undefined {
    const value = this.details[name];
    return typeof value === 'number' ? value : undefined;
  }

  /** A text of `details`, if it is one. */
  text(name: string): string | undefined {
    const value = this.details[name];
    return typeof value === 'string' ? value : undefined;
  }
}

/** Reads the envelope of the API, or what a gateway says in its place. */
export function failureOf(status: number, body: unknown): Failure {
  if (isRecord(body) && isRecord(body.error)) {
    const { code, message, details, request_id } = body.error;
    return new Failure(status, code as Code, String(message), details, String(request_id));
  }
  const text = isRecord(body) && typeof body.message === 'string' ? body.message : `HTTP ${status}`;
  return new Failure(status, status === 401 ? 'unauthorized' : 'gateway', text);
}

/** Anything thrown, as a failure: what is none of ours never reached the API. */
export function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const text = error instanceof Error ? error.message : String(error);
  return error instanceof TypeError
    ? new Failure(0, 'offline', 'The server cannot be reached. Check your connection.')
    : new Failure(0, 'internal', text);
}

/** True where nobody answered for the API itself: what was asked for may have been done all the same. */
export function isUnanswered(failure: Failure): boolean {
  return failure.code === 'offline' || failure.code === 'gateway';
}

/** True where the same call may succeed a moment later. */
export function isTransient(error: unknown): boolean {
  const { status, code } = asFailure(error);
  return code === 'offline' || status === 502 || status === 503 || status === 504;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
