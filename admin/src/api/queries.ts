import {
  infiniteQueryOptions,
  QueryClient,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import { api, newIdempotencyKey, unwrap } from './client';
import { isTransient } from './errors';
import type { Draft, Entity, LogKind, Run, RunKind, RunState, TestRequest } from './types';

const ROOT = '/v1/integrations/autotask';

/** How often a run at work is looked at. */
const RUNNING_LOOK_MS = 1_500;
/** How often everything else is. */
const IDLE_LOOK_MS = 30_000;

export function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (n, error) => n < 2 && isTransient(error),
      },
      // A change must fail at once, not be sent later when nobody looks any more.
      mutations: { networkMode: 'always', retry: false },
    },
  });
}

/** A run that goes on by itself. */
export function isUnderWay(run: Run | null | undefined): boolean {
  return !!run && ['queued', 'running', 'throttled', 'stalled'].includes(run.state);
}

export const settingsQuery = queryOptions({
  queryKey: ['settings'],
  queryFn: () => unwrap(api().GET(`${ROOT}/settings`)),
  refetchInterval: (query) => {
    const { run, status } = query.state.data ?? {};
    return isUnderWay(run) || status === 'closing' ? RUNNING_LOOK_MS : IDLE_LOOK_MS;
  },
});

export const usageQuery = queryOptions({
  queryKey: ['usage'],
  queryFn: () => unwrap(api().GET(`${ROOT}/usage`)),
  refetchInterval: IDLE_LOOK_MS,
});

/** What the pull log is narrowed down to. */
export interface RunFilter {
  kind?: LogKind | undefined;
  state?: RunState | undefined;
  /** First day, in the tenant's time zone turned into an instant, RFC 3339. */
  from?: string | undefined;
  /** End, exclusive. */
  until?: string | undefined;
}

export function runsQuery(filter: RunFilter, pageRows = 25) {
  return infiniteQueryOptions({
    queryKey: ['runs', filter, pageRows],
    queryFn: ({ pageParam }) => fetchRuns(filter, pageRows, pageParam),
    initialPageParam: '',
    getNextPageParam: (page) => page.cursor ?? undefined,
    refetchInterval: (query) => {
      const newest = query.state.data?.pages[0]?.runs ?? [];
      return newest.some(isUnderWay) ? RUNNING_LOOK_MS * 2 : IDLE_LOOK_MS;
    },
  });
}

export function fetchRuns(filter: RunFilter, limit: number, cursor: string) {
  const given = Object.fromEntries(Object.entries({ ...filter, cursor }).filter(([, value]) => value));
  const query = { limit, with_write_back: true, with_auto_map: true, ...given };
  return unwrap(api().GET(`${ROOT}/runs`, { params: { query } }));
}

export function runQuery(id: string) {
  return queryOptions({
    queryKey: ['run', id],
    queryFn: () => unwrap(api().GET(`${ROOT}/runs/{id}`, { params: { path: { id } } })),
    refetchInterval: (query) => (isUnderWay(query.state.data) ? RUNNING_LOOK_MS : false),
  });
}

export const versionsQuery = infiniteQueryOptions({
  queryKey: ['settings-versions'],
  queryFn: ({ pageParam }) => {
    const query = { limit: 25, ...(pageParam ? { cursor: pageParam } : {}) };
    return unwrap(api().GET(`${ROOT}/settings/versions`, { params: { query } }));
  },
  initialPageParam: '',
  getNextPageParam: (page) => page.cursor ?? undefined,
});

/** Tests a login and what it may do; stores nothing and starts nothing. */
export function useTest() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: TestRequest) => unwrap(api().POST(`${ROOT}/test`, { body })),
    // They tell how long to wait after a refusal.
    onSettled: () => client.invalidateQueries({ queryKey: settingsQuery.queryKey }),
  });
}

export function useSave() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ draft, key }: { draft: Draft; key: string }) =>
      unwrap(
        api().PUT(`${ROOT}/settings`, {
          params: { header: { 'Idempotency-Key': key } },
          body: draft,
        }),
      ),
    onSuccess: async (saved) => {
      // A look that began before the save would bring back what was stored then.
      await client.cancelQueries({ queryKey: settingsQuery.queryKey });
      client.setQueryData(settingsQuery.queryKey, saved);
      return Promise.all([
        client.invalidateQueries({ queryKey: ['runs'] }),
        client.invalidateQueries({ queryKey: versionsQuery.queryKey }),
      ]);
    },
    // As after a test.
    onError: () => client.invalidateQueries({ queryKey: settingsQuery.queryKey }),
  });
}

export function useRunNow() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (wish: { kind: RunKind; entities?: Entity[] } | { confirm_deletions_of: string }) =>
      unwrap(
        api().POST(`${ROOT}/runs`, {
          params: { header: { 'Idempotency-Key': newIdempotencyKey() } },
          body: wish,
        }),
      ),
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: settingsQuery.queryKey }),
        client.invalidateQueries({ queryKey: ['runs'] }),
      ]),
  });
}

export function useLeave() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (tenant: string) =>
      unwrap(api().DELETE(`${ROOT}/settings`, { params: { query: { confirm: tenant } } })),
    onSettled: () => client.invalidateQueries(),
  });
}
