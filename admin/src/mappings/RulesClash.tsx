import { Table, Text } from '@mantine/core';
import type { Link, LinkPage } from '../api/mappings';
import { between, edited, type RulesEdit, STRICT, typeName } from './rules';
import type { Clash } from './useEditor';

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
      <Table mt="xs" aria-label="Matching rules">
        <Table.Thead>
          <Table.Tr>
            {['Rule', 'Before', 'Theirs', 'After saving'].map((name) => (
              <Table.Th scope="col" key={name}>
                {name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(([name, ...states]) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" fw={500}>
                {name}
              </Table.Th>
              {states.map((state, at) => (
                <Table.Td key={at}>{state}</Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </>
  );
}

function onOff(is: boolean): string {
  return is ? 'on' : 'off';
}
