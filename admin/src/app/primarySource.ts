import { useQuery } from '@tanstack/react-query';
import { settingsQuery } from '../api/queries';
import type { Settings } from '../api/types';

/** Whose companies and assets the tenant works with. */
export type PrimarySource = Settings['primary_source'];

/** None until the settings are read. */
export function usePrimarySource(): PrimarySource | undefined {
  const { data } = useQuery(settingsQuery);
  return data?.primary_source;
}
