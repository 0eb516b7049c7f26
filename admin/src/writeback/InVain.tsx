import { Button, Table, Text, Title } from '@mantine/core';
import { type LocksView } from '../api/warranties';
import { usePerson } from '../auth/session';
import { Day } from '../ui/Day';
import { Moment } from '../ui/Moment';
import { Empty } from '../ui/states';
import { AssetLink } from './LocksPage';
import { useRelease } from './useRelease';

/** Dates that Autotask did not take in two plans: they are not sent again before something changes. */
export function InVain({ locks }: { locks: LocksView }) {
  const { isAdmin } = usePerson();
  const release = useRelease(locks, 'The date is held as before');
  return (
    <section className="card scroll-x" aria-labelledby="in-vain-title">
      <Title order={2} size="h5" id="in-vain-title">
        Dates that Autotask did not take
      </Title>
      <Text size="sm" c="dimmed">
        Two plans tried each of these dates in vain. They are tried again once the asset is edited in
        Autotask, another date comes, or you let them go on.
      </Text>
      {locks.in_vain.length === 0 ? (
        <Empty title="None" />
      ) : (
        <Table aria-labelledby="in-vain-title">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Asset</Table.Th>
              <Table.Th scope="col">Date</Table.Th>
              <Table.Th scope="col">Why</Table.Th>
              <Table.Th scope="col">Tried last</Table.Th>
              {isAdmin && <Table.Th scope="col">Change</Table.Th>}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {locks.in_vain.map((row) => (
              <Table.Tr key={row.asset_id}>
                <Table.Th scope="row" fw={500}>
                  <AssetLink id={row.asset_id} />
                </Table.Th>
                <Table.Td>
                  <Day date={row.date} />
                </Table.Td>
                <Table.Td>{row.reason}</Table.Td>
                <Table.Td>
                  <Moment at={row.tried_at} />
                </Table.Td>
                {isAdmin && (
                  <Table.Td>
                    <Button
                      size="compact-sm"
                      variant="default"
                      aria-label={`Try the date of asset ${row.asset_id} again`}
                      onClick={() => void release(row.asset_id)}
                    >
                      Try again
                    </Button>
                  </Table.Td>
                )}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </section>
  );
}
