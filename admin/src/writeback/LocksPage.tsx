import {
  Anchor,
  Button,
  Group,
  NumberInput,
  Select,
  Stack,
  Table,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useId, useState } from 'react';
import { type LockRow, type LocksView, locksQuery, useSaveLocks } from '../api/warranties';
import { usePerson } from '../auth/session';
import { Moment } from '../ui/Moment';
import { done, failed } from '../ui/notify';
import { Empty, Failed, Loading } from '../ui/states';
import { Contested } from './Contested';
import { CompaniesLack, useCompanies } from './companies';
import { InVain } from './InVain';

/** Clients and assets that are left alone, and assets with which somebody plays tug of war. */
export function LocksPage() {
  const { data, error, isPending, refetch } = useQuery(locksQuery);
  if (isPending) return <Loading what="the locks" lines={8} />;
  if (!data) return <Failed error={error} what="The locks" retry={() => void refetch()} />;
  return <Locks locks={data} />;
}

function Locks({ locks }: { locks: LocksView }) {
  const { isAdmin } = usePerson();
  const save = useSaveLocks();
  async function release(kind: 'company_id' | 'asset_id', row: LockRow) {
    try {
      const changes = [{ [kind]: row.id, is_locked: false }];
      await save.mutateAsync({ version: locks.version, changes });
      done('Lock taken off', 'The next plan judges it like any other.');
    } catch (error) {
      failed('The lock is as it was', error);
    }
  }
  return (
    <Stack>
      {isAdmin && <NewLock version={locks.version} />}
      <LockTable
        title="Locked clients"
        rows={locks.companies}
        onRelease={(row) => void release('company_id', row)}
      />
      <LockTable
        title="Locked assets"
        rows={locks.assets}
        isAssets
        onRelease={(row) => void release('asset_id', row)}
      />
      <Contested locks={locks} />
      <InVain locks={locks} />
    </Stack>
  );
}

function NewLock({ version }: { version: number }) {
  const save = useSaveLocks();
  const companies = useCompanies();
  const [company, setCompany] = useState<string | null>(null);
  const [asset, setAsset] = useState<number | string>('');
  const [note, setNote] = useState('');
  const whyId = useId();
  const isEither = (company !== null) !== (asset !== '');
  async function run() {
    try {
      const what = company === null ? { asset_id: Number(asset) } : { company_id: Number(company) };
      await save.mutateAsync({ version, changes: [{ ...what, is_locked: true, note }] });
      done('Locked', 'It is left alone from now on, also by plans that were approved already.');
      setCompany(null);
      setAsset('');
      setNote('');
    } catch (error) {
      failed('It was not locked', error);
    }
  }
  return (
    <section className="card" aria-labelledby="new-lock-title">
      <Title order={2} size="h5" id="new-lock-title">
        Leave a client or an asset alone
      </Title>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void run();
        }}
      >
        <Group align="flex-end" mt="xs">
          <Select
            label="Client"
            placeholder="Choose a company"
            data={companies.options}
            value={company}
            searchable
            clearable
            limit={50}
            disabled={asset !== ''}
            nothingFoundMessage={companies.notFound}
            clearButtonProps={{ 'aria-label': 'No client' }}
            onChange={setCompany}
          />
          <NumberInput
            label="or asset, by Autotask’s id"
            min={1}
            allowDecimal={false}
            hideControls
            disabled={company !== null}
            value={asset}
            onChange={setAsset}
          />
          <TextInput
            label="Why"
            maxLength={200}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          <Button type="submit" disabled={!isEither} loading={save.isPending} aria-describedby={whyId}>
            Lock
          </Button>
        </Group>
        <Text size="sm" mt="xs" id={whyId}>
          {isEither
            ? 'To lock both a client and an asset, lock one after the other.'
            : 'Choose a client or enter an asset to lock it.'}
        </Text>
        <CompaniesLack of={companies} />
      </form>
    </section>
  );
}

interface TableProps {
  title: string;
  rows: LockRow[];
  isAssets?: boolean;
  onRelease: (row: LockRow) => void;
}

function LockTable({ title, rows, isAssets = false, onRelease }: TableProps) {
  const { isAdmin } = usePerson();
  const id = title.toLowerCase().replaceAll(' ', '-');
  return (
    <section className="card scroll-x" aria-labelledby={id}>
      <Title order={2} size="h5" id={id}>
        {title}
      </Title>
      {rows.length === 0 ? (
        <Empty title="None" />
      ) : (
        <Table aria-labelledby={id}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{isAssets ? 'Asset' : 'Client'}</Table.Th>
              <Table.Th scope="col">Why</Table.Th>
              <Table.Th scope="col">Locked</Table.Th>
              {isAdmin && <Table.Th scope="col">Change</Table.Th>}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Table.Tr key={row.id}>
                <Table.Th scope="row" fw={500}>
                  {isAssets ? <AssetLink id={row.id} /> : `${row.name ?? 'Company'} (id ${row.id})`}
                </Table.Th>
                <Table.Td>{row.note}</Table.Td>
                <Table.Td>
                  <Text size="sm">
                    <Moment at={row.at} /> by {row.by}
                  </Text>
                </Table.Td>
                {isAdmin && (
                  <Table.Td>
                    <Button
                      size="compact-sm"
                      variant="default"
                      aria-label={`Take the lock off ${row.name ?? `id ${row.id}`}`}
                      onClick={() => onRelease(row)}
                    >
                      Take off
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

/** An asset by its id, with the way to all that is known of its dates. */
export function AssetLink({ id }: { id: number | string }) {
  return (
    <Anchor
      component={Link}
      to="/write-back/assets/$id"
      params={{ id: String(id) } as never}
      underline="always"
      size="sm"
    >
      Asset {id}
    </Anchor>
  );
}
