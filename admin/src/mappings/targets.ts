import type { Target } from '../api/mappings';

/** Keeps assets out of lists and budgets; they stay stored. */
export const IGNORE = 'ignore';

/** How a choice of a target is read. */
export function targetName(targets: Target[], choice: string | null): string {
  if (choice === null) return 'no choice';
  if (choice === IGNORE) return 'Ignore';
  return targets.find((target) => target.id === choice)?.name ?? choice;
}
