import type { Screen } from '../api/mappings';

/** Screens whose table can be narrowed down to a row. */
const SEARCHED: readonly Screen[] = ['asset-types', 'companies', 'company-links'];

/** Where a screen of the API's words is, and which row it is about. */
export function screenLink(screen: Screen, key: string | null | undefined): { to: string; search: never } {
  const find = key && SEARCHED.includes(screen) ? { find: key } : {};
  // The router cannot know which view's search this is.
  const search = find as never;
  if (screen === 'runs') return { to: key ? `/runs/${encodeURIComponent(key)}` : '/settings', search };
  if (screen === 'write-back' && key) {
    return { to: `/write-back/plans/${encodeURIComponent(key)}`, search };
  }
  return { to: `/${screen}`, search };
}
