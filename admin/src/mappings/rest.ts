/** What a list in pages still lacks: nothing, pages on their way, or pages that failed. */
export type Rest = '' | 'coming' | 'failed';

export function restOf(list: { hasNextPage: boolean; isFetchNextPageError: boolean }): Rest {
  if (!list.hasNextPage) return '';
  return list.isFetchNextPageError ? 'failed' : 'coming';
}

export const REST = { coming: 'more are coming', failed: 'the rest is missing' } as const;
