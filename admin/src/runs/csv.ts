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
    run.entities.map((row) => [
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
