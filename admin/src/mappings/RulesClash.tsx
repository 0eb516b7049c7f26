import { Text } from '@mantine/core';
import type { Link, LinkPage, MatchingRules } from '../api/mappings';
import { between, edited, type RulesEdit, STRICT, typeName } from './rules';
import type { Clash } from './useEditor';
import { TextTable } from '../ui/TextTable';

interface Props {
  clash: Clash<Link> | undefined;
  mine: RulesEdit | undefined;
  types: LinkPage['company_types'];
}

/** Matching rules that somebody else changed meanwhile, beside one's own; each is a switch, so both sides add up. */
export function RulesClash({ clash, mine, types }: Props) {
  if (!clash?.rules) return null;
  const { before, theirs } = clash.rules;
  const change = between(before, theirs);
  if (!change) return null;
  const after = edited(theirs, mine);
  const isChanged = change.is_strict !== undefined || mine?.is_strict !== undefined;
  const ids = [...new Set([...change.types.keys(), ...(mine?.types.keys() ?? [])])];
  const rows = [
    ...(isChanged ? [[STRICT, ...[before, theirs, after].map((rules) => onOff(rules.is_strict))]] : []),
    ...ids.map((id) => [
      `Never matched: ${typeName(id, types)}`,
      ...[before, theirs, after].map((rules) => onOff(rules.excluded_types.includes(id))),
    ]),
  ];
  return (
    <>
      <Text size="sm" mt="sm">
        They changed the matching rules, too. {mine ? 'What each of you changed stays.' : 'Theirs stay.'}
      </Text>
      <TextTable label="Matching rules" headings={['Rule', 'Before', 'Theirs', 'After saving']} rows={rows} />
    </>
  );
}

interface ChangeProps {
  before: MatchingRules;
  after: MatchingRules;
  types: LinkPage['company_types'];
}

/** Matching rules that a version of the history changed. */
export function RulesChange({ before, after, types }: ChangeProps) {
  const change = between(before, after);
  if (!change) return null;
  const rows = [
    ...(change.is_strict === undefined ? [] : [[STRICT, onOff(before.is_strict), onOff(after.is_strict)]]),
    ...[...change.types].map(([id, is]) => [`Never matched: ${typeName(id, types)}`, onOff(!is), onOff(is)]),
  ];
  return <TextTable label="Matching rules" headings={['Rule', 'Before', 'After']} rows={rows} />;
}

function onOff(is: boolean): string {
  return is ? 'on' : 'off';
}
