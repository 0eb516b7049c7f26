import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { countOf } from '../ui/format';
import { api, unwrap } from './client';
import type { components } from './schema';

type Schemas = components['schemas'];

export type TypesView = Schemas['TypesView'];
export type StatusesView = Schemas['StatusesView'];
export type TypeRow = Schemas['TypeRow'];
export type StatusRow = Schemas['StatusRow'];
export type Target = Schemas['Target'];
export type CompanyPage = Schemas['CompanyPage'];
export type CompanyRow = Schemas['CompanyRow'];
export type CompanyRef = Schemas['CompanyRef'];
export type Activation = Schemas['Activation'];
export type LinkPage = Schemas['LinkPage'];
export type LinkRow = Schemas['LinkRow'];
export type Link = Schemas['Link'];
export type Proposals = Schemas['ProposalsView'];
export type Proposal = Schemas['ProposalView'];
export type Suggestion = Schemas['SuggestionView'];
export type Effect = Schemas['EffectView'];
export type NamedEffect = Schemas['NamedEffect'];
export type Saved = Schemas['SavedView'];
export type VersionRow = Schemas['VersionRow'];
export type VersionPage = Schemas['VersionPage'];
export type Finding = Schemas['Finding'];
export type InboxItem = Schemas['InboxItem'];
export type Screen = Schemas['Screen'];

const ROOT = '/v1/integrations/autotask';
/** The largest page that the API gives. */
const PAGE_ROWS = 1_000;

/** A changed row as it is sent. */
export interface Change<C> {
  key: string;
  choice: C | null;
  /** Companies that an organization is not. */
  rejects?: number[];
}

/** How companies are matched. */
export interface MatchingRules {
  is_strict: boolean;
  excluded_types: number[];
}

/** What is sent to be tried out or saved. */
export interface MappingDraft<C> extends Partial<MatchingRules> {
  version: number;
  changes: Change<C>[];
  new_targets?: string[];
}

/** The calls of one mapping; all areas have the same. */
export interface Area<C> {
  name: 'asset-types' | 'asset-statuses' | 'companies' | 'company-links';
  preview: (draft: MappingDraft<C>) => Promise<Effect>;
  save: (draft: MappingDraft<C>, key: string) => Promise<Saved>;
  revert: (version: number, to: number, key: string) => Promise<Saved>;
  versions: (cursor: string) => Promise<VersionPage>;
  /** The choice in what history and conflicts hold of a row. */
  choiceIn: (stored: unknown) => C | null;
  /** The rules that are stored now, where rows are matched by some. */
  rules?: () => Promise<MatchingRules>;
  /** What they hold besides. */
  noteIn?: (stored: unknown) => string;
}

/** What is stored of an organization. */
interface Decision {
  link: Link | null;
  rejected: number[];
}

/** Other areas hold their choices alone. */
const asIs = (stored: unknown): never => (stored ?? null) as never;

const once = (key: string) => ({ params: { header: { 'Idempotency-Key': key } } });
const page = (cursor: string) => ({ params: { query: { limit: 25, ...(cursor ? { cursor } : {}) } } });

export const ASSET_TYPES: Area<string> = {
  name: 'asset-types',
  preview: (body) => unwrap(api().POST(`${ROOT}/asset-types/preview`, { body })),
  save: (body, key) => unwrap(api().PUT(`${ROOT}/asset-types`, { ...once(key), body })),
  revert: (version, to, key) =>
    unwrap(api().POST(`${ROOT}/asset-types/revert`, { ...once(key), body: { version, to } })),
  versions: (cursor) => unwrap(api().GET(`${ROOT}/asset-types/versions`, page(cursor))),
  choiceIn: asIs,
};

export const ASSET_STATUSES: Area<string> = {
  name: 'asset-statuses',
  preview: (body) => unwrap(api().POST(`${ROOT}/asset-statuses/preview`, { body })),
  save: (body, key) => unwrap(api().PUT(`${ROOT}/asset-statuses`, { ...once(key), body })),
  revert: (version, to, key) =>
    unwrap(api().POST(`${ROOT}/asset-statuses/revert`, { ...once(key), body: { version, to } })),
  versions: (cursor) => unwrap(api().GET(`${ROOT}/asset-statuses/versions`, page(cursor))),
  choiceIn: asIs,
};

export const COMPANIES: Area<Activation> = {
  name: 'companies',
  preview: (body) => unwrap(api().POST(`${ROOT}/companies/preview`, { body })),
  save: (body, key) => unwrap(api().PUT(`${ROOT}/companies`, { ...once(key), body })),
  revert: (version, to, key) =>
    unwrap(api().POST(`${ROOT}/companies/revert`, { ...once(key), body: { version, to } })),
  versions: (cursor) => unwrap(api().GET(`${ROOT}/companies/versions`, page(cursor))),
  choiceIn: asIs,
};

export const COMPANY_LINKS: Area<Link> = {
  name: 'company-links',
  preview: (body) => unwrap(api().POST(`${ROOT}/company-links/preview`, { body })),
  save: (body, key) => unwrap(api().PUT(`${ROOT}/company-links`, { ...once(key), body })),
  revert: (version, to, key) =>
    unwrap(api().POST(`${ROOT}/company-links/revert`, { ...once(key), body: { version, to } })),
  versions: (cursor) => unwrap(api().GET(`${ROOT}/company-links/versions`, page(cursor))),
  rules: () => unwrap(api().GET(`${ROOT}/company-links`, { params: { query: { limit: 1 } } })),
  choiceIn: (stored) => (stored as Decision | null)?.link ?? null,
  noteIn: (stored) => {
    const n = (stored as Decision | null)?.rejected.length ?? 0;
    return n === 0 ? '' : `${countOf(n, 'company', 'companies')} said not to be the one`;
  },
};

export const typesQuery = queryOptions({
  queryKey: ['asset-types'],
  queryFn: () => unwrap(api().GET(`${ROOT}/asset-types`)),
});

export const statusesQuery = queryOptions({
  queryKey: ['asset-statuses'],
  queryFn: () => unwrap(api().GET(`${ROOT}/asset-statuses`)),
});

/** All pages, one after the other; the first can be worked with meanwhile. */
export const companiesQuery = infiniteQueryOptions({
  queryKey: ['companies'],
  queryFn: ({ pageParam }) => {
    const query = { limit: PAGE_ROWS, ...(pageParam ? { cursor: pageParam } : {}) };
    return unwrap(api().GET(`${ROOT}/companies`, { params: { query } }));
  },
  initialPageParam: '',
  getNextPageParam: (last) => last.cursor ?? undefined,
});

export const linksQuery = infiniteQueryOptions({
  queryKey: ['company-links'],
  queryFn: ({ pageParam }) => {
    const query = { limit: PAGE_ROWS, ...(pageParam ? { cursor: pageParam } : {}) };
    return unwrap(api().GET(`${ROOT}/company-links`, { params: { query } }));
  },
  initialPageParam: '',
  getNextPageParam: (last) => last.cursor ?? undefined,
});

/** Proposes links; stores nothing. */
export function autoMap(rules: MatchingRules): Promise<Proposals> {
  return unwrap(api().POST(`${ROOT}/company-links/auto-map`, { body: rules }));
}

export function suggestionsQuery(key: string, search: string) {
  return queryOptions({
    queryKey: ['suggestions', key, search],
    queryFn: () =>
      unwrap(
        api().GET(`${ROOT}/company-links/{key}/suggestions`, {
          params: { path: { key }, query: { limit: 20, ...(search ? { search } : {}) } },
        }),
      ),
    staleTime: 60_000,
  });
}

export function whyMissingQuery(query: string) {
  return queryOptions({
    queryKey: ['why-missing', query],
    queryFn: () => unwrap(api().GET(`${ROOT}/why-missing`, { params: { query: { query } } })),
    enabled: query !== '',
  });
}

export const inboxQuery = queryOptions({
  queryKey: ['inbox'],
  queryFn: () => unwrap(api().GET(`${ROOT}/inbox`)),
  refetchInterval: 60_000,
});
