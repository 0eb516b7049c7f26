import type { AutoMap, EntityRow, Run, WriteBack } from '../api/types';
import { count, countOf, secondsBetween } from '../ui/format';

export const COUNTS = ['read', 'created', 'updated', 'unchanged', 'tombstoned', 'rejected'] as const;

/** How the counts are called on the page. */
export const COUNT_NAMES: Record<(typeof COUNTS)[number], string> = {
  read: 'Read',
  created: 'New',
  updated: 'Changed',
  unchanged: 'Unchanged',
  tombstoned: 'Gone',
  rejected: 'Rejected',
};

/** Whether it reads records; a write-back, a save of links and a night that was skipped do not. */
export function isPull({ write_back: writeBack, auto_map: autoMap, instead }: Run): boolean {
  return !writeBack && !autoMap && !instead;
}

/** Sums of all entities of a run. */
export function totals(run: Run): Record<(typeof COUNTS)[number], number> {
  const sum = (pick: (row: EntityRow) => number) => run.entities.reduce((all, row) => all + pick(row), 0);
  return {
    read: sum((row) => row.read),
    created: sum((row) => row.created),
    updated: sum((row) => row.updated),
    unchanged: sum((row) => row.unchanged),
    tombstoned: sum((row) => row.tombstoned),
    rejected: sum((row) => row.rejected),
  };
}

/** Seconds that a run took; none while it works, and for a save or a skipped night, which take none. */
export function seconds(run: Run): number | undefined {
  return run.ended_at && !run.auto_map && !run.instead
    ? secondsBetween(run.started_at, run.ended_at)
    : undefined;
}

/** The first thing that went wrong or should be known. */
export function firstRemark(run: Run): string {
  return run.error ?? run.notes[0]?.text ?? outcome(run);
}

/** What came of something that pulls no records. */
function outcome({ write_back: writeBack, auto_map: autoMap, instead }: Run): string {
  if (instead) return 'An earlier sync was not over';
  if (writeBack) return datesWritten(writeBack);
  return autoMap ? companiesLinked(autoMap) : '';
}

function companiesLinked({ n_auto: nAuto, n_changes: nChanges, version }: AutoMap): string {
  const besides = nChanges > nAuto ? `, ${count(nChanges - nAuto)} decided by hand` : '';
  return `${countOf(nAuto, 'company', 'companies')} linked as proposed${besides}; version ${version} of the links`;
}

function datesWritten({ kind, n_by_phase: byPhase }: WriteBack): string {
  const all = Object.entries(byPhase).reduce((sum, [phase, n]) => sum + (phase === 'not_written' ? 0 : n), 0);
  return `${count(byPhase.verified ?? 0)} of ${countOf(all, 'date')} ${kind === 'undo' ? 'taken back' : 'written'}`;
}
