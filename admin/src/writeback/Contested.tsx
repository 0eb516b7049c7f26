import { Button, List, Table, Text, Title } from '@mantine/core';
import { type LocksView, type Suspect } from '../api/warranties';
import { usePerson } from '../auth/session';
import { Day } from '../ui/Day';
import { Moment } from '../ui/Moment';
import { Empty } from '../ui/states';
import { AssetLink } from './LocksPage';
import { useRelease } from './useRelease';

/** Assets whose date came back different twice: they are not written until a person says so. */
export function Contested({ locks }: { locks: LocksView }) {
  const { isAdmin } = usePerson();
  const release = useRelease(locks, 'The asset is held as before');
  return (
    <section className="card scroll-x" aria-labelledby="contested-title">
      <Title order={2} size="h5" id="contested-title">
        Contested assets
      </Title>
      <Text size="sm" c="dimmed">
        Our date came back different twice, so we stopped writing these assets. Find out who changes them
        before you let them go on.
      </Text>
      {locks.contested.length === 0 ? (
        <Empty title="None" />
      ) : (
        <Table aria-labelledby="contested-title">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Asset</Table.Th>
              <Table.Th scope="col">What came back</Table.Th>
              <Table.Th scope="col">Edited last by</Table.Th>
              {isAdmin && <Table.Th scope="col">Change</Table.Th>}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {locks.contested.map((row) => (
              <Table.Tr key={row.asset_id}>
                <Table.Th scope="row" fw={500}>
                  <AssetLink id={row.asset_id} />
                </Table.Th>
                <Table.Td>
                  <List size="sm">
                    {row.returns.map((one) => (
                      <List.Item key={one.run_id}>
                        <Day date={one.ours} /> became <Day date={one.found} none="blank" />
                        {one.edited_at && (
                          <>
                            , <Moment at={one.edited_at} />
                          </>
                        )}
                      </List.Item>
                    ))}
                  </List>
                </Table.Td>
                <Table.Td>{suspectText(row.suspect)}</Table.Td>
                {isAdmin && (
                  <Table.Td>
                    <Button
                      size="compact-sm"
                      variant="default"
                      aria-label={`Let asset ${row.asset_id} be written again`}
                      onClick={() => void release(row.asset_id)}
                    >
                      Let go on
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

/** Who edited the asset last, as far as Autotask tells. */
export function suspectText(suspect: Suspect | null | undefined): string {
  const { api_vendor_id: vendor, person_id: person } = suspect ?? {};
  const named = [
    vendor == null ? '' : `integration ${vendor}`,
    person == null ? '' : `Autotask resource ${person}`,
  ].filter(Boolean);
  return named.join(', ') || 'Autotask does not tell';
}
