import { fetchRuns, type RunFilter } from '../api/queries';
import type { Run } from '../api/types';
import { csv } from '../ui/download';
import { COUNTS, firstRemark } from './totals';

/** All runs that fit, one line per entity and run; instants are UTC. */
export async function runsCsv(filter: RunFilter): Promise<string> {
  const runs: Run[] = [];
  let cursor: string | null | undefined = '';
  do {
    const page = await fetchRuns(filter, 100, cursor);
    runs.push(...page.runs);
    cursor = page.cursor;
  } while (cursor);
  const head = [
    'run',
    'kind',
    'trigger',
    'state',
    'started_at',
    'ended_at',
    'requests',
    'entity',
    ...COUNTS,
    'remark',
  ];
  const lines = runs.flatMap((run) =>
    rowsOf(run).map((row) => [
      run.id,
      run.kind,
      run.trigger,
      run.state,
      run.started_at,
      run.ended_at,
      run.requests,
      row.entity,
      ...COUNTS.map((name) => row[name]),
      firstRemark(run),
    ]),
  );
  return csv([head, ...lines]);
}

/** By entity; what has none is one line of what it changed: dates written or taken back, companies linked, nothing. */
function rowsOf({ entities, write_back: writeBack, auto_map: autoMap, instead }: Run) {
  if (instead) return [changed('', 0, 0)];
  const { verified = 0, failed = 0 } = writeBack?.n_by_phase ?? {};
  if (writeBack) return [changed('assets', verified, failed)];
  return autoMap ? [changed('company_links', autoMap.n_changes, 0)] : entities;
}

function changed(entity: string, updated: number, rejected: number) {
  return { entity, read: 0, created: 0, updated, unchanged: 0, tombstoned: 0, rejected };
}
