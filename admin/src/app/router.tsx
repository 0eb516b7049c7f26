import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import type { LogKind, RunState } from '../api/types';
import type { Decision, Rule } from '../api/warranties';
import { Failed } from '../ui/states';
import { RUN_KIND, RUN_STATE } from '../ui/status';
import { AutotaskTabs } from './AutotaskTabs';
import { NotFound } from './NotFound';
import { Shell } from './Shell';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

const start = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/integrations', replace: true });
  },
});

const integrations = createRoute({
  getParentRoute: () => root,
  path: '/integrations',
  component: lazyRouteComponent(() => import('../integrations/Integrations'), 'Integrations'),
});

const autotask = createRoute({ getParentRoute: () => root, id: 'autotask', component: AutotaskTabs });

/** What the address may say about the pull log. */
export interface PullLogSearch {
  kind?: LogKind;
  state?: RunState;
  from?: string;
  to?: string;
}

const settings = createRoute({
  getParentRoute: () => autotask,
  path: '/settings',
  validateSearch: (search: Record<string, unknown>): PullLogSearch => ({
    ...(String(search.kind) in RUN_KIND ? { kind: search.kind as LogKind } : {}),
    ...(String(search.state) in RUN_STATE ? { state: search.state as RunState } : {}),
    ...(isDay(search.from) ? { from: search.from } : {}),
    ...(isDay(search.to) ? { to: search.to } : {}),
  }),
  component: lazyRouteComponent(() => import('../settings/SettingsPage'), 'SettingsPage'),
});

const run = createRoute({
  getParentRoute: () => autotask,
  path: '/runs/$id',
  component: lazyRouteComponent(() => import('../runs/RunPage'), 'RunPage'),
});

const assetTypes = createRoute({
  getParentRoute: () => autotask,
  path: '/asset-types',
  validateSearch: findOf,
  component: lazyRouteComponent(() => import('../mappings/AssetTypesPage'), 'AssetTypesPage'),
});

const companies = createRoute({
  getParentRoute: () => autotask,
  path: '/companies',
  validateSearch: findOf,
  component: lazyRouteComponent(() => import('../mappings/CompaniesPage'), 'CompaniesPage'),
});

const assetStatuses = createRoute({
  getParentRoute: () => autotask,
  path: '/asset-statuses',
  component: lazyRouteComponent(() => import('../mappings/AssetStatusesPage'), 'AssetStatusesPage'),
});

const companyLinks = createRoute({
  getParentRoute: () => autotask,
  path: '/company-links',
  validateSearch: findOf,
  component: lazyRouteComponent(() => import('../mappings/CompanyLinksPage'), 'CompanyLinksPage'),
});

const sums = createRoute({
  getParentRoute: () => autotask,
  path: '/clients/$id',
  component: lazyRouteComponent(() => import('../clients/SumsPage'), 'SumsPage'),
});

const whyMissing = createRoute({
  getParentRoute: () => root,
  path: '/why-missing',
  validateSearch: (search: Record<string, unknown>): { query?: string } =>
    // The router reads digits in an address as a number.
    typeof search.query === 'string' || typeof search.query === 'number'
      ? { query: String(search.query) }
      : {},
  component: lazyRouteComponent(() => import('../missing/WhyMissingPage'), 'WhyMissingPage'),
});

const inbox = createRoute({
  getParentRoute: () => root,
  path: '/inbox',
  component: lazyRouteComponent(() => import('../inbox/InboxPage'), 'InboxPage'),
});

const writeBack = createRoute({
  getParentRoute: () => root,
  path: '/write-back',
  component: lazyRouteComponent(() => import('../writeback/WriteBackFrame'), 'WriteBackFrame'),
});

const plans = createRoute({
  getParentRoute: () => writeBack,
  path: '/',
  component: lazyRouteComponent(() => import('../writeback/PlansPage'), 'PlansPage'),
});

/** What the address may say about a plan's rows. */
export interface PlanSearch {
  decision?: Decision;
  rule?: Rule;
  company?: number;
}

const plan = createRoute({
  getParentRoute: () => writeBack,
  path: '/plans/$id',
  // What is no verdict or rule is refused by the API, which knows them.
  validateSearch: ({ decision, rule, company }: Record<string, unknown>): PlanSearch => ({
    ...(typeof decision === 'string' ? { decision: decision as Decision } : {}),
    ...(typeof rule === 'string' ? { rule: rule as Rule } : {}),
    ...(typeof company === 'number' ? { company } : {}),
  }),
  component: lazyRouteComponent(() => import('../writeback/PlanPage'), 'PlanPage'),
});

const policy = createRoute({
  getParentRoute: () => writeBack,
  path: '/policy',
  component: lazyRouteComponent(() => import('../writeback/PolicyPage'), 'PolicyPage'),
});

const locks = createRoute({
  getParentRoute: () => writeBack,
  path: '/locks',
  component: lazyRouteComponent(() => import('../writeback/LocksPage'), 'LocksPage'),
});

const journal = createRoute({
  getParentRoute: () => writeBack,
  path: '/journal',
  validateSearch: ({ plan: id }: Record<string, unknown>): { plan?: string } =>
    typeof id === 'string' ? { plan: id } : {},
  component: lazyRouteComponent(() => import('../writeback/JournalPage'), 'JournalPage'),
});

const assetCard = createRoute({
  getParentRoute: () => writeBack,
  path: '/assets/$id',
  component: lazyRouteComponent(() => import('../writeback/AssetCardPage'), 'AssetCardPage'),
});

const warrantyViews = [plans, plan, policy, locks, journal, assetCard];
const views = [settings, run, assetTypes, companies, assetStatuses, companyLinks, sums];

export const router = createRouter({
  routeTree: root.addChildren([
    start,
    integrations,
    autotask.addChildren(views),
    writeBack.addChildren(warrantyViews),
    whyMissing,
    inbox,
  ]),
  history: createHashHistory(),
  defaultPreload: 'intent',
  defaultErrorComponent: ({ error, reset }) => <Failed error={error} what="This view" retry={reset} />,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

/** What a link to a row says about it; the router reads digits in an address as a number. */
function findOf(search: Record<string, unknown>): { find?: string } {
  const { find } = search;
  return typeof find === 'string' || typeof find === 'number' ? { find: String(find) } : {};
}

function isDay(value: unknown): value is string {
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value);
}
