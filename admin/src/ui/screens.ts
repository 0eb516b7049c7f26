import type { Screen } from '../api/mappings';

/** Where a screen of the API's words is. */
export function screenLink(screen: Screen, key: string | null | undefined): { to: string } {
  return { to: screen === 'runs' ? (key ? `/runs/${encodeURIComponent(key)}` : '/settings') : `/${screen}` };
}
