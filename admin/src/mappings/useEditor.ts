import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useDebouncedValue } from '@mantine/hooks';
import { useCallback, useMemo, useState } from 'react';
import { newIdempotencyKey } from '../api/client';
import { asFailure, type Failure } from '../api/errors';
import type { Area, Change, Effect, MatchingRules } from '../api/mappings';
import { countOf } from '../ui/format';
import { done, failed } from '../ui/notify';
import { draftOf, edited, type RulesEdit } from './rules';

/** How long a person may go on clicking before the effect is asked for. */
const PAUSE_MS = 250;

/** A row that is to be changed. */
export interface Edit<C> {
  choice: C | null;
  /** What is stored now; what an undo goes back to. */
  before: C | null;
  name: string;
  rejects?: number[];
}

/** Somebody else saved meanwhile. */
export interface Clash<C> {
  version: number;
  /** Rows that both changed, as far as they are told. */
  rows: ClashRow<C>[];
  /** Keys of all rows that both changed. */
  keys: ReadonlySet<string>;
  /** They changed rows besides. */
  hasOtherRows: boolean;
  /** The rules as one read them, and as they are now. */
  rules: { before: MatchingRules; theirs: MatchingRules } | undefined;
}

/** What was stored when it was looked at. */
interface Seen {
  version: number;
  rules: MatchingRules | undefined;
}

export interface ClashRow<C> {
  key: string;
  name: string;
  before: C | null;
  theirs: C | null;
  yours: C | null;
  changed_by: string | null;
  changed_at: string | null;
}

/** What a table needs to show and make edits; stays the same while nothing is edited. */
export interface Edits<C> {
  edits: ReadonlyMap<string, Edit<C>>;
  change: (changed: Iterable<[string, Edit<C>]>) => void;
}

export interface Editor<C> extends Edits<C> {
  /** Names of targets to be added with the save. */
  newTargets: string[];
  addTarget: (name: string) => void;
  /** Changed rules of matching; none while they are as stored. */
  rules: RulesEdit | undefined;
  setRules: (rules: RulesEdit | undefined) => void;
  isDirty: boolean;
  discard: () => void;
  /** What saving would do; none while nothing is changed, and until it is known. */
  effect: Effect | undefined;
  effectError: unknown;
  isSaving: boolean;
  save: () => Promise<void>;
  clash: Clash<C> | undefined;
  /** Keeps the rows of one's own that are named, takes the others', and saves. */
  resolve: (keysToKeep: ReadonlySet<string>) => Promise<void>;
  closeClash: () => void;
}

/** What is changed and not yet saved in one mapping; `version` is that of the rows shown, `stored` are the rules with them. */
export function useEditor<C>(area: Area<C>, version: number, stored?: MatchingRules): Editor<C> {
  const client = useQueryClient();
  const [edits, setEdits] = useState<ReadonlyMap<string, Edit<C>>>(new Map());
  const [newTargets, setNewTargets] = useState<string[]>([]);
  const [rules, setRules] = useState<RulesEdit>();
  const [clash, setClash] = useState<Clash<C>>();
  const [isSaving, setSaving] = useState(false);
  // What the person has seen; a refreshed table must not lift it silently.
  const [seen, setSeen] = useState<Seen>({ version, rules: stored });
  const isDirty = edits.size > 0 || newTargets.length > 0 || rules !== undefined;
  if (!isDirty && seen.version !== version) setSeen({ version, rules: stored });

  const changes = useMemo(() => changesOf(edits), [edits]);
  const [settled] = useDebouncedValue(changes, PAUSE_MS);
  const isSettled = settled === changes && changes.length > 0;
  const preview = useQuery({
    queryKey: ['preview', area.name, seen.version, settled, newTargets],
    queryFn: () => area.preview({ version: seen.version, changes: settled, ...own(newTargets) }),
    // What was saved a moment ago, or is being saved, is no change any more.
    enabled: isSettled && !isSaving,
    gcTime: 60_000,
  });

  const change = useCallback((changed: Iterable<[string, Edit<C>]>) => {
    setEdits((now) => merged(now, changed));
  }, []);

  async function store(wanted: ReadonlyMap<string, Edit<C>>, from: Seen): Promise<void> {
    setSaving(true);
    try {
      const changed = from.rules && draftOf(from.rules, rules);
      const draft = { version: from.version, changes: changesOf(wanted), ...own(newTargets), ...changed };
      const saved = await area.save(draft, newIdempotencyKey());
      forgetWhatIsSaved(wanted);
      setSeen({ version: saved.version, rules: from.rules && edited(from.rules, rules) });
      await refresh();
      // A save that changed nothing made no version: the last one is somebody else's then.
      const isUndoable = saved.version > from.version;
      done(
        'Changes saved',
        `${countOf(saved.n_changes, 'row')} changed${rules ? ', and the matching rules' : ''}.`,
        isUndoable ? () => void undo(saved.version) : undefined,
      );
    } catch (error) {
      await refused(asFailure(error), from);
    } finally {
      setSaving(false);
    }
  }

  async function undo(version: number): Promise<void> {
    try {
      const back = await area.revert(version, version - 1, newIdempotencyKey());
      // What is being changed meanwhile is no conflict with what one took back oneself.
      setSeen((now) => (now.version === version ? { ...now, version: back.version } : now));
      await refresh();
      done('Undone', `${countOf(back.n_changes, 'row')} as before.`);
    } catch (error) {
      failed('This could not be undone', error);
    }
  }

  async function refused(failure: Failure, from: Seen): Promise<void> {
    if (failure.code !== 'version_conflict') {
      failed('Nothing was saved', failure);
      return;
    }
    const { conflicts, conflict_keys: all, changed } = failure.details;
    const told = Array.isArray(conflicts) ? (conflicts as ClashRow<unknown>[]) : [];
    const hasOtherRows = Array.isArray(changed) && changed.length > 0;
    const rows = told.map((row) => ({
      ...row,
      before: area.choiceIn(row.before),
      theirs: area.choiceIn(row.theirs),
      yours: area.choiceIn(row.yours),
    }));
    const keys = new Set(Array.isArray(all) ? all.map(String) : told.map((row) => row.key));
    try {
      const theirs = await area.rules?.();
      const rules = from.rules && theirs && { before: from.rules, theirs };
      setClash({ version: failure.number('version') ?? 0, rows, keys, hasOtherRows, rules });
    } catch (error) {
      failed('Nothing was saved, and what somebody else saved meanwhile could not be read', error);
    }
    void refresh();
  }

  async function refresh(): Promise<void> {
    const keys = [area.name, 'versions', 'inbox', 'why-missing', 'runs', 'suggestions'];
    await Promise.all(keys.map((key) => client.invalidateQueries({ queryKey: [key] })));
  }

  /** What was changed while the save was under way is still to be saved. */
  function forgetWhatIsSaved(saved: ReadonlyMap<string, Edit<C>>): void {
    const since = (now: ReadonlyMap<string, Edit<C>>) =>
      [...now].filter(([key, edit]) => saved.get(key) !== edit);
    const onTop = ([key, edit]: [string, Edit<C>]): [string, Edit<C>] => {
      const below = saved.get(key);
      return [key, below ? { ...edit, before: below.choice } : edit];
    };
    setEdits((now) => new Map(since(now).map(onTop)));
    setNewTargets((now) => now.filter((name) => !newTargets.includes(name)));
    setRules((now) => (now === rules ? undefined : now));
    setClash(undefined);
  }

  function forget(): void {
    setEdits(new Map());
    setNewTargets([]);
    setRules(undefined);
    setClash(undefined);
  }

  return {
    edits,
    newTargets,
    addTarget: (name) => setNewTargets((now) => (now.includes(name) ? now : [...now, name])),
    rules,
    setRules,
    isDirty,
    change,
    discard: forget,
    // The effect of what was changed a moment ago would be taken for that of what is shown now.
    effect: isSettled ? preview.data : undefined,
    effectError: isSettled ? preview.error : null,
    isSaving,
    save: () => store(edits, seen),
    clash,
    resolve: async (keysToKeep) => {
      if (!clash) return;
      const before = new Map(clash.rows.map((row) => [row.key, row.theirs]));
      const kept = [...edits].filter(([key]) => !clash.keys.has(key) || keysToKeep.has(key));
      const mine = new Map(
        kept.map(([key, edit]) => [key, { ...edit, before: before.get(key) ?? edit.before }]),
      );
      const now = { version: clash.version, rules: clash.rules?.theirs };
      setEdits(mine);
      setSeen(now);
      setClash(undefined);
      if (mine.size > 0 || rules) await store(mine, now);
      else done('Nothing is left to be saved', 'What somebody else saved stays.');
    },
    closeClash: () => setClash(undefined),
  };
}

/** What is stored is no edit, unless something was refused along with it. */
function merged<C>(
  now: ReadonlyMap<string, Edit<C>>,
  changed: Iterable<[string, Edit<C>]>,
): ReadonlyMap<string, Edit<C>> {
  const next = new Map(now);
  for (const [key, edit] of changed) {
    const isAsStored = JSON.stringify(edit.choice) === JSON.stringify(edit.before);
    if (isAsStored && !edit.rejects?.length) next.delete(key);
    else next.set(key, edit);
  }
  return next;
}

function changesOf<C>(edits: ReadonlyMap<string, Edit<C>>): Change<C>[] {
  return [...edits].map(([key, { choice, rejects }]) => ({ key, choice, ...(rejects ? { rejects } : {}) }));
}

function own(newTargets: string[]): { new_targets?: string[] } {
  return newTargets.length > 0 ? { new_targets: newTargets } : {};
}
