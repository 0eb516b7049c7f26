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
