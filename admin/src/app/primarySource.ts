import { useQuery } from '@tanstack/react-query';
import { primaryQuery } from '../api/mappings';

/** Whose companies and assets the tenant works with. */
export type PrimarySource = 'autotask' | 'it_glue';

/** IT Glue is the primary source where its companies are read; Autotask is otherwise. */
export function usePrimarySource(): PrimarySource {
  const { data } = useQuery(primaryQuery);
  return (data?.counters.all ?? 0) > 0 ? 'it_glue' : 'autotask';
}
