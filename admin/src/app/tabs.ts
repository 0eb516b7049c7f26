import type { PrimarySource } from './primarySource';

export interface Tab {
  path: string;
  title: string;
}

/** The tabs, in the order in which the instructions show them; never both sets at once. */
export const TABS: Record<PrimarySource, readonly Tab[]> = {
  autotask: [
    { path: '/settings', title: 'Settings and Pull Log' },
    { path: '/asset-types', title: 'Asset Mapping' },
    { path: '/companies', title: 'Company Mapping' },
    { path: '/asset-statuses', title: 'Asset Status Mapping' },
  ],
  it_glue: [
    { path: '/settings', title: 'Settings and Pull Log' },
    { path: '/company-links', title: 'Link Companies to IT GLUE' },
  ],
};

/** The one source that a view belongs to; none for a view of both. */
export function sourceOf(path: string): PrimarySource | undefined {
  const sources = (['autotask', 'it_glue'] as const).filter((source) =>
    TABS[source].some((tab) => tab.path === path),
  );
  return sources.length === 1 ? sources[0] : undefined;
}
