import { Table, Text, Title } from '@mantine/core';
import type { Effect, NamedEffect } from '../api/mappings';
import { Dialog } from '../ui/Dialog';
import { count } from '../ui/format';

/** What saving would change, by type and by company. */
export default function EffectDialog({ effect, onClose }: { effect: Effect; onClose: () => void }) {
  const { assets, targets, states, companies, n_companies_changed: n } = effect;
  return (
    <Dialog onClose={onClose} size="lg" title="Effect of saving">
      {effect.links ? <LinksEffect {...effect.links} /> : <AssetsEffect {...assets} />}
      <Rows title="By type" rows={targets} />
      <Rows title="By status" rows={states} />
      <Rows
        title={
          n > companies.length
            ? `The ${companies.length} companies that change most, of ${count(n)}`
            : 'By company'
        }
        rows={companies}
      />
    </Dialog>
  );
}

function LinksEffect({ before, after }: { before: number; after: number }) {
  return (
    <Text size="sm">
      Linked companies: {count(before)} now, {count(after)} then. By these links, tickets, contracts and
      opportunities find their company.
    </Text>
  );
}

function AssetsEffect({ before, after, added, removed, changed }: Effect['assets']) {
  return (
    <Text size="sm">
      Shown assets: {count(before)} now, {count(after)} then; {count(added)} come in, {count(removed)} go out,
      {count(changed)} stay with another type or status. Nothing is deleted: what is hidden comes back at once
      when it is shown again.
    </Text>
  );
}

function Rows({ title, rows }: { title: string; rows: NamedEffect[] }) {
  const changed = rows.filter((row) => row.before !== row.after);
  if (changed.length === 0) return null;
  return (
    <>
      <Title order={3} size="h5" mt="md">
        {title}
      </Title>
      <Table aria-label={title}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Name</Table.Th>
            {['Now', 'Then', 'Change'].map((name) => (
              <Table.Th scope="col" className="number" key={name}>
                {name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {changed.map(({ id, name, before, after }) => (
            <Table.Tr key={id}>
              <Table.Th scope="row" fw={500}>
                {name}
              </Table.Th>
              <Table.Td className="number">{count(before)}</Table.Td>
              <Table.Td className="number">{count(after)}</Table.Td>
              <Table.Td className="number">
                {after > before ? '+' : '−'}
                {count(Math.abs(after - before))}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </>
  );
}
