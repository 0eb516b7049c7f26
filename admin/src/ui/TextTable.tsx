import { Table } from '@mantine/core';

/** The headings of a table's columns. */
export function Headings({ names }: { names: readonly string[] }) {
  return (
    <Table.Thead>
      <Table.Tr>
        {names.map((name) => (
          <Table.Th scope="col" key={name}>
            {name}
          </Table.Th>
        ))}
      </Table.Tr>
    </Table.Thead>
  );
}

interface Props {
  label: string;
  headings: readonly string[];
  /** The first cell names its row, and no other row has its name. */
  rows: readonly (readonly string[])[];
}

/** A small table of words. */
export function TextTable({ label, headings, rows }: Props) {
  return (
    <Table mt="xs" aria-label={label}>
      <Headings names={headings} />
      <Table.Tbody>
        {rows.map(([name, ...cells]) => (
          <Table.Tr key={name}>
            <Table.Th scope="row" fw={500}>
              {name}
            </Table.Th>
            {cells.map((cell, at) => (
              <Table.Td key={at}>{cell}</Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
