import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { isUnderWay, settingsQuery } from '../api/queries';

/** What was read before a run ended is old: all of it is read again, but for what told of the end. */
export function useRefreshAfterRuns(): void {
  const client = useQueryClient();
  const { data } = useQuery(settingsQuery);
  const isWorking = isUnderWay(data?.run);
  const wasWorking = useRef(isWorking);
  useEffect(() => {
    if (wasWorking.current && !isWorking) {
      void client.invalidateQueries({
        predicate: ({ queryKey }) => queryKey[0] !== settingsQuery.queryKey[0],
      });
    }
    wasWorking.current = isWorking;
  }, [client, isWorking]);
}
