import createClient, { type Client } from 'openapi-fetch';
import { currentToken, expireSession } from '../auth/session';
import { Failure, failureOf } from './errors';
import type { paths } from './schema';

let client: Client<paths> | undefined;
let base = '';

/** Must be called once, before the first request. */
export function connect(apiBase: string): void {
  base = apiBase.replace(/\/$/, '');
  client = createClient<paths>({ baseUrl: base, fetch: (request) => send(request) });
}

/** The typed client; its answers go through {@link unwrap}. */
export function api(): Client<paths> {
  if (!client) throw new Failure(0, 'internal', 'the API client is used before it is connected');
  return client;
}

/** The body of an answer, or its failure as an exception. */
export async function unwrap<T>(
  answer: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<T> {
  const { data, error, response } = await answer;
  if (data === undefined) throw failureOf(response.status, error);
  return data;
}

/** A text answer, such as CSV. */
export async function fetchText(path: string): Promise<string> {
  const response = await send(new Request(`${base}${path}`));
  if (!response.ok) throw failureOf(response.status, await response.json().catch(() => undefined));
  return response.text();
}

/** One per user action, so that a repeated request is done once. */
export function newIdempotencyKey(): string {
  return crypto.randomUUID();
}

async function send(request: Request): Promise<Response> {
  const token = currentToken();
  if (!token) {
    expireSession();
    throw new Failure(401, 'unauthorized', 'Your session has ended. Sign in again to go on.');
  }
  request.headers.set('Authorization', `Bearer ${token}`);
  const response = await fetch(request);
  if (response.status === 401) expireSession();
  return response;
}
