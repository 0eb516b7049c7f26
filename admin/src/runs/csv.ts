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

/** By entity; a write-back, which has none, is one line whose changes are the dates that it wrote or took back. */
function rowsOf(run: Run) {
  if (!run.write_back) return run.entities;
  const { verified = 0, failed = 0 } = run.write_back.n_by_phase;
  const counts = { read: 0, created: 0, updated: verified, unchanged: 0, tombstoned: 0, rejected: failed };
  return [{ entity: 'assets', ...counts }];
}
