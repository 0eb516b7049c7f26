import type { LinkPage, MatchingRules } from '../api/mappings';

/** Rules that somebody changed, each switch by itself: the others stay as whoever saved last left them. */
export interface RulesEdit {
  is_strict?: boolean;
  /** By company type: whether it is never matched. */
  types: ReadonlyMap<number, boolean>;
}

/** What leads from one state of the rules to another; none where nothing does. */
export function between(before: MatchingRules, after: MatchingRules): RulesEdit | undefined {
  const had = new Set(before.excluded_types);
  const has = new Set(after.excluded_types);
  const all = [...before.excluded_types, ...after.excluded_types];
  const changed = [...new Set(all)].filter((id) => had.has(id) !== has.has(id));
  const isStrict = before.is_strict === after.is_strict ? {} : { is_strict: after.is_strict };
  const isSame = changed.length === 0 && before.is_strict === after.is_strict;
  return isSame ? undefined : { ...isStrict, types: new Map(changed.map((id) => [id, has.has(id)])) };
}

/** The rules with an edit on top. */
export function edited(rules: MatchingRules, edit: RulesEdit | undefined): MatchingRules {
  if (!edit) return rules;
  const kept = rules.excluded_types.filter((id) => edit.types.get(id) !== false);
  const added = [...edit.types].filter(([, isExcluded]) => isExcluded).map(([id]) => id);
  return {
    is_strict: edit.is_strict ?? rules.is_strict,
    excluded_types: [...new Set([...kept, ...added])].sort((a, b) => a - b),
  };
}

/** What is sent upon a version with these rules: only what was changed. */
export function draftOf(stored: MatchingRules, edit: RulesEdit | undefined): Partial<MatchingRules> {
  if (!edit) return {};
  return {
    ...(edit.is_strict === undefined ? {} : { is_strict: edit.is_strict }),
    ...(edit.types.size === 0 ? {} : { excluded_types: edited(stored, edit).excluded_types }),
  };
}

/** How the switch for legal forms is called. */
export const STRICT = 'Only suggest where one side has a legal form';

/** A type of company by name; one that Autotask has no longer by its id. */
export function typeName(id: number, types: LinkPage['company_types']): string {
  return types.find((type) => type.id === id)?.name ?? `Type ${id}, gone from Autotask`;
}
