import { InMemoryWebStorage, type User, UserManager, WebStorageStateStore } from 'oidc-client-ts';
import { useSyncExternalStore } from 'react';
import type { PageConfig } from './config';

/** Who is signed in. */
export interface Person {
  tenant: string;
  email: string;
  /** A reader looks at everything and changes nothing. */
  isAdmin: boolean;
}

export type Session =
  | { state: 'signed_out'; reason?: string }
  | { state: 'signed_in'; person: Person }
  /** What is on the screen stays; nothing is asked for until the person signs in again. */
  | { state: 'expired'; person: Person };

let manager: UserManager | undefined;
let config: PageConfig | undefined;
let token: string | undefined;
let session: Session = { state: 'signed_out' };
const listeners = new Set<() => void>();

/** The ID token, held in memory alone; none without a session. */
export function currentToken(): string | undefined {
  return session.state === 'signed_in' ? token : undefined;
}

export function useSession(): Session {
  return useSyncExternalStore(subscribe, () => session);
}

/** Who is signed in; for use inside the signed-in part of the page. */
export function usePerson(): Person {
  const now = useSession();
  return now.state === 'signed_out' ? { tenant: '', email: '', isAdmin: false } : now.person;
}

/** Prepares the sign-in; nothing is stored but the verifier of a sign-in under way. */
export function prepare(given: PageConfig): void {
  config = given;
  const home = new URL('./', document.baseURI);
  manager = new UserManager({
    authority: given.issuer,
    client_id: given.client_id,
    scope: given.scope,
    redirect_uri: new URL('callback', home).href,
    post_logout_redirect_uri: new URL('?signed-out', home).href,
    response_type: 'code',
    userStore: new WebStorageStateStore({ store: new InMemoryWebStorage() }),
    stateStore: new WebStorageStateStore({ store: window.sessionStorage }),
    automaticSilentRenew: false,
    ...(given.sign_out_url ? { metadataSeed: { end_session_endpoint: given.sign_out_url } } : {}),
  });
}

/** Leaves for the issuer; comes back to the view that is shown now. */
export async function signIn(): Promise<void> {
  await ready().signinRedirect({ state: window.location.hash, nonce: crypto.randomUUID() });
}

/** Takes the answer of the issuer; gives the view to go on with. */
export async function finishSignIn(url: string): Promise<string> {
  const user = await ready().signinRedirectCallback(url);
  accept(user);
  return typeof user.state === 'string' && user.state ? user.state : '#/';
}

/**
 * Signs in again in a window of its own, so that nothing on the screen is lost.
 *
 * Somebody else must not find, and save, what the former person entered: the screen is left.
 */
export async function renewInWindow(): Promise<void> {
  const former = session.state === 'expired' ? session.person : undefined;
  const user = await ready().signinPopup({ nonce: crypto.randomUUID() });
  const { tenant, email } = personOf(user);
  if (former && (former.tenant !== tenant || former.email !== email)) {
    refuse(`You signed in as ${email} of ${tenant}, not as ${former.email}. Sign in once more to go on so.`);
    return;
  }
  accept(user);
}

/** The other end of {@link renewInWindow}. */
export async function finishInWindow(url: string): Promise<void> {
  await ready().signinPopupCallback(url);
}

/** Forgets the token, and ends the issuer's session where it has one. */
export async function signOut(): Promise<void> {
  token = undefined;
  set({ state: 'signed_out' });
  await ready()
    .signoutRedirect()
    // An issuer without an end of session leaves nothing to end.
    .catch(() => undefined);
}

/** The API or the clock says that the token is over. */
export function expireSession(): void {
  token = undefined;
  if (session.state === 'signed_in') set({ state: 'expired', person: session.person });
}

export function refuse(reason: string): void {
  set({ state: 'signed_out', reason });
}

function accept(user: User): void {
  token = user.id_token;
  set({ state: 'signed_in', person: personOf(user) });
  endWith(user.profile.exp);
}

function personOf({ profile }: User): Person {
  const claims = profile as Record<string, unknown>;
  const names = config?.claims ?? { tenant: 'tenant', role: 'role' };
  return {
    tenant: text(claims[names.tenant]),
    email: text(claims.email) || profile.sub,
    isAdmin: claims[names.role] === 'admin',
  };
}

function text(claim: unknown): string {
  return typeof claim === 'string' ? claim : '';
}

let timer: ReturnType<typeof setTimeout> | undefined;

function endWith(expiresAtS: number): void {
  clearTimeout(timer);
  const leftMs = expiresAtS * 1_000 - Date.now();
  if (Number.isFinite(leftMs)) timer = setTimeout(expireSession, Math.max(0, leftMs));
}

function ready(): UserManager {
  if (!manager) throw new Error('the sign-in is used before it is prepared');
  return manager;
}

function set(next: Session): void {
  session = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
