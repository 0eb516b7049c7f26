import { type LocksView, useSaveLocks } from '../api/warranties';
import { done, failed } from '../ui/notify';

/** Lets an asset be written again that was left alone for what happened to its date; `kept` says so when that failed. */
export function useRelease({ version }: LocksView, kept: string): (assetId: number) => Promise<void> {
  const save = useSaveLocks();
  return async (assetId) => {
    try {
      await save.mutateAsync({ version, released_asset_ids: [assetId] });
      done('Released', 'The next plan judges the asset like any other.');
    } catch (error) {
      failed(kept, error);
    }
  };
}
