import { useEffect } from 'react';

/** What is needed of a list in pages. */
interface Pages {
  hasNextPage: boolean;
  fetchStatus: 'idle' | 'fetching' | 'paused';
  isFetchNextPageError: boolean;
  fetchNextPage: () => Promise<unknown>;
}

/** Fetches page after page; one that fails ends this until somebody asks for it again. */
export function useAllPages<List extends Pages>(list: List): List {
  const { hasNextPage, fetchStatus, isFetchNextPageError, fetchNextPage } = list;
  // Asking for a page would break off a refresh under way.
  const isDue = hasNextPage && fetchStatus === 'idle' && !isFetchNextPageError;
  useEffect(() => {
    if (isDue) void fetchNextPage();
  }, [isDue, fetchNextPage]);
  return list;
}
