import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, newIdempotencyKey, unwrap } from './client';
import type { ItGlueDraft } from './types';

const ROOT = '/v1/integrations/it-glue';

export const itGlueQuery = queryOptions({
  queryKey: ['it-glue'],
  queryFn: () => unwrap(api().GET(`${ROOT}/settings`)),
  refetchInterval: 15_000,
});

/** Tests a key; stores nothing. */
export function useItGlueTest() {
  return useMutation({
    mutationFn: (body: Pick<ItGlueDraft, 'region' | 'api_key'>) =>
      unwrap(api().POST(`${ROOT}/test`, { body })),
  });
}

export function useItGlueSave() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: ItGlueDraft) =>
      unwrap(
        api().PUT(`${ROOT}/settings`, {
          params: { header: { 'Idempotency-Key': newIdempotencyKey() } },
          body,
        }),
      ),
    onSuccess: async (saved) => {
      await client.cancelQueries({ queryKey: itGlueQuery.queryKey });
      client.setQueryData(itGlueQuery.queryKey, saved);
      return client.invalidateQueries({ queryKey: ['runs'] });
    },
  });
}
