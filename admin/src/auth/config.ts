/** What the page learns from `config.json` beside it. */
export interface PageConfig {
  /** OpenID Connect issuer. */
  issuer: string;
  client_id: string;
  /** Base of the API; empty when it is this page's own origin. */
  api_base: string;
  /** Scopes of the sign-in. */
  scope: string;
  /** Where the issuer ends its own session, if it does not tell by discovery. */
  sign_out_url?: string;
  /** Names of the claims that hold tenant and role. */
  claims: { tenant: string; role: string };
}

/** Reads `config.json`; what it leaves out is as `lci serve` has it. */
export async function loadConfig(): Promise<PageConfig> {
  const response = await fetch('./config.json', { cache: 'no-store' });
  const given = (response.ok ? await response.json() : {}) as Partial<PageConfig>;
  return {
    issuer: window.location.origin,
    client_id: 'lci-admin',
    api_base: '',
    scope: 'openid',
    ...given,
    claims: { tenant: 'tenant', role: 'role', ...given.claims },
  };
}
