import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, fetchText, newIdempotencyKey, unwrap } from './client';
import type { components } from './schema';

type Schemas = components['schemas'];

export type Policy = Required<Schemas['WarrantyPolicy']>;
export type PolicyView = Schemas['PolicyView'];
export type Mode = Schemas['WarrantyMode'];
export type Simulation = Schemas['WarrantySimulation'];
export type RuleCount = Schemas['WarrantyRuleCount'];
export type Rule = Schemas['WarrantyRule'];
export type Decision = Schemas['WarrantyDecision'];
export type Plan = Schemas['WarrantyPlanHead'];
export type PlanRow = Schemas['WarrantyPlanRowView'];
export type Job = Schemas['WarrantyJobView'];
export type Approval = Schemas['WarrantyApproval'];
export type LocksView = Schemas['LocksView'];
export type LockChange = Schemas['LockChange'];
export type LockRow = Schemas['LockRow'];
export type ContestedRow = Schemas['ContestedRow'];
export type InVainRow = Schemas['InVainRow'];
export type Suspect = Schemas['WarrantySuspect'];
export type Card = Schemas['CardView'];
export type Source = Schemas['WarrantySource'];

const BASE = '/v1/integrations/autotask/warranty-writeback';
const KEY = 'write-back';
/** How often a job at work is looked at, and how often where much is shown. */
const JOB_LOOK_MS = 1_500;
const LONG_JOB_LOOK_MS = 8_000;
const PAGE_ROWS = 1_000;

const once = () => ({ header: { 'Idempotency-Key': newIdempotencyKey() } });

/** What is written or taken back now, or goes on by itself. */
export function isAtWork(job: Job | undefined): boolean {
  return job?.state === 'queued' || job?.state === 'running' || job?.state === 'waiting';
}

export const policyQuery = queryOptions({
  queryKey: [KEY, 'policy'],
  queryFn: () => unwrap(api().GET(`${BASE}/policy`)),
});

/** What a policy would do with the present data; the stored one if none is given. */
export function simulationQuery(policy?: Policy) {
  return queryOptions({
    queryKey: [KEY, 'simulation', policy],
    queryFn: () => unwrap(api().POST(`${BASE}/policy/simulate`, { body: policy ? { policy } : {} })),
    staleTime: 30_000,
  });
}

export const plansQuery = infiniteQueryOptions({
  queryKey: [KEY, 'plans'],
  queryFn: ({ pageParam }) => {
    const query = { limit: 25, ...(pageParam ? { cursor: pageParam } : {}) };
    return unwrap(api().GET(`${BASE}/plans`, { params: { query } }));
  },
  initialPageParam: '',
  getNextPageParam: (page) => page.cursor ?? undefined,
  refetchInterval: (query) => {
    const plans = query.state.data?.pages.flatMap((page) => page.plans) ?? [];
    return plans.some((plan) => isAtWork(plan.jobs.at(-1))) ? JOB_LOOK_MS * 2 : false;
  },
});

/** What of a plan is shown. */
export interface RowFilter {
  decision?: Decision | undefined;
  rule?: Rule | undefined;
  company?: number | undefined;
}

export function planQuery(id: string, filter: RowFilter) {
  return infiniteQueryOptions({
    queryKey: [KEY, 'plan', id, filter],
    queryFn: ({ pageParam }) => fetchRows(id, filter, pageParam),
    initialPageParam: '',
    getNextPageParam: (page) => page.cursor ?? undefined,
    refetchInterval: (query) => {
      const pages = query.state.data?.pages ?? [];
      if (!isAtWork(pages[0]?.plan.jobs.at(-1))) return false;
      return pages.length === 1 ? JOB_LOOK_MS : LONG_JOB_LOOK_MS;
    },
  });
}

function fetchRows(id: string, { decision, rule, company }: RowFilter, cursor: string) {
  const query = {
    limit: PAGE_ROWS,
    ...(decision ? { decision } : {}),
    ...(rule ? { rule } : {}),
    ...(company === undefined ? {} : { company }),
    ...(cursor ? { cursor } : {}),
  };
  return unwrap(api().GET(`${BASE}/plans/{id}`, { params: { path: { id }, query } }));
}

/** Makes a plan; writes nothing to Autotask. */
export function useMakePlan() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(api().POST(`${BASE}/plans`, { params: once() })),
    onSuccess: () => client.invalidateQueries({ queryKey: plansQuery.queryKey }),
  });
}

/** Applies what was approved of exactly the plan that was seen. */
export function useApply(plan: Plan) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (approval: Approval) =>
      unwrap(
        api().POST(`${BASE}/plans/{id}/apply`, {
          params: { path: { id: plan.id }, ...once() },
          body: { hash: plan.hash, approvals: [approval] },
        }),
      ),
    onSettled: () => client.invalidateQueries({ queryKey: [KEY] }),
  });
}

/** Takes back what a plan wrote, where Autotask still holds our date. */
export function useUndo(plan: Plan) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () =>
      unwrap(api().POST(`${BASE}/plans/{id}/undo`, { params: { path: { id: plan.id }, ...once() } })),
    onSettled: () => client.invalidateQueries({ queryKey: [KEY] }),
  });
}

export function useSavePolicy() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (draft: { version: number; policy: Policy }) =>
      unwrap(api().PUT(`${BASE}/policy`, { params: once(), body: draft })),
    onSettled: () => client.invalidateQueries({ queryKey: [KEY] }),
  });
}

export const locksQuery = queryOptions({
  queryKey: [KEY, 'locks'],
  queryFn: () => unwrap(api().GET(`${BASE}/locks`)),
});

/** Sets locks, takes them off, or lets contested assets go on. */
export function useSaveLocks() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (draft: { version: number; changes?: LockChange[]; released_asset_ids?: number[] }) =>
      unwrap(api().PUT(`${BASE}/locks`, { params: once(), body: draft })),
    onSettled: () => client.invalidateQueries({ queryKey: [KEY] }),
  });
}

/** The journal, newest plan first; of one plan only, if it is named. */
export function journalQuery(plan?: string) {
  return infiniteQueryOptions({
    queryKey: [KEY, 'journal', plan],
    queryFn: ({ pageParam }) => {
      const query = {
        limit: PAGE_ROWS,
        ...(plan ? { plan } : {}),
        ...(pageParam ? { cursor: pageParam } : {}),
      };
      return unwrap(api().GET(`${BASE}/journal`, { params: { query } }));
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.cursor ?? undefined,
  });
}

export function journalCsv(plan?: string): Promise<string> {
  return fetchText(`${BASE}/journal/csv${plan ? `?plan=${encodeURIComponent(plan)}` : ''}`);
}

export function cardQuery(id: number) {
  return queryOptions({
    queryKey: [KEY, 'card', id],
    queryFn: () => unwrap(api().GET('/v1/assets/{id}/warranty', { params: { path: { id: String(id) } } })),
  });
}
