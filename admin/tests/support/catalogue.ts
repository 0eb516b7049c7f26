import type { Page } from '@playwright/test';

const ROOT = '/v1/integrations/autotask';

export interface CompanyRow {
  key: string;
  name: string;
  type_name: string | null;
  is_source_active: boolean;
  is_active: boolean;
  n_assets: number;
  n_active_assets: number;
}

export interface StoredLinks {
  version: number;
  counters: { linked: number; auto: number; excluded: number; open: number };
  rows: { key: string; name: string; state: string; rejected: number[] }[];
}

export interface Asset {
  id: number;
  company_id: number;
  [field: string]: unknown;
}

/** Reads the API as the signed-in person does, past the page. */
export class Catalogue {
  private authorization = '';

  /** Must be made before the person signs in. */
  constructor(
    page: Page,
    private readonly url: string,
  ) {
    page.on('request', (request) => {
      this.authorization = request.headers().authorization ?? this.authorization;
    });
  }

  async get<T>(path: string): Promise<T> {
    const response = await fetch(`${this.url}${path}`, { headers: { authorization: this.authorization } });
    if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  async put<T>(path: string, body: unknown): Promise<T> {
    const response = await fetch(`${this.url}${path}`, {
      method: 'PUT',
      headers: {
        authorization: this.authorization,
        'content-type': 'application/json',
        'idempotency-key': crypto.randomUUID(),
      },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`PUT ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  async companies(): Promise<CompanyRow[]> {
    const { rows } = await this.get<{ rows: CompanyRow[] }>(`${ROOT}/companies?limit=1000`);
    return rows;
  }

  /** The assets that the mappings show, counted record by record. */
  async shownAssets(): Promise<number> {
    const pages = (await this.companies()).map(({ key }) => this.assetsOf(key));
    return (await Promise.all(pages)).reduce((n, { rows }) => n + rows.length, 0);
  }

  assetsOf(company: string): Promise<{ rows: Asset[]; n_hidden: number }> {
    return this.get(`/v1/companies/${company}/assets`);
  }

  /** What is stored of the links to IT Glue. */
  links(): Promise<StoredLinks> {
    return this.get(`${ROOT}/company-links?limit=1000`);
  }
}
