import { Anchor, Button, Group, Text, Title } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import type { ColumnDef } from '@tanstack/react-table';
import { useMemo } from 'react';
import { journalCsv, journalQuery } from '../api/warranties';
import { CsvButton } from '../ui/CsvButton';
import { DataTable } from '../ui/DataTable';
import { Day } from '../ui/Day';
import { countOf } from '../ui/format';
import { Moment, ZoneNote } from '../ui/Moment';
import { Shortfall } from '../ui/Shortfall';
import { Sign } from '../ui/Sign';
import { Empty, Failed, Loading } from '../ui/states';
import { AssetLink } from './LocksPage';
import { lookOf, RULE, UNDONE } from './looks';

type Entry = Record<string, string>;

/** What was written, what became of it and of its undo; of one plan where the address names it. */
export function JournalPage() {
  const { plan } = useSearch({ from: '/write-back/journal' });
  const journal = useInfiniteQuery(journalQuery(plan));
  const entries = useMemo(() => journal.data?.pages.flatMap((page) => page.entries) ?? [], [journal.data]);
  if (journal.isPending) return <Loading what="the journal" lines={10} />;
  if (!journal.data) {
    return <Failed error={journal.error} what="The journal" retry={() => void journal.refetch()} />;
  }
  return (
    <section aria-labelledby="journal-title">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4" id="journal-title">
          Journal
        </Title>
        <CsvButton
          file="autotask-warranty-journal.csv"
          what="The journal"
          read={() => journalCsv(plan)}
          isEmpty={entries.length === 0}
        />
      </Group>
      <Group justify="space-between" mb="xs">
        <Text size="sm" role="status" data-testid="shown">
          {countOf(entries.length, 'row')} {plan ? 'of one plan ' : ''}shown
          {journal.hasNextPage ? ', there are more' : ''}. <ZoneNote />{' '}
          {plan && (
            <Anchor component={Link} to="/write-back/journal" underline="always" size="sm">
              Show every plan
            </Anchor>
          )}
        </Text>
        {journal.hasNextPage && (
          <Button
            size="xs"
            variant="default"
            loading={journal.isFetchingNextPage}
            onClick={() => void journal.fetchNextPage()}
          >
            Show more rows
          </Button>
        )}
      </Group>
      <Shortfall of={journal} what="The journal" loaded={countOf(entries.length, 'row')}>
        The CSV has all of them.
      </Shortfall>
      <DataTable
        label="Journal of written dates"
        columns={COLUMNS}
        rows={entries}
        rowKey={keyOf}
        minWidth={64}
        empty={NOTHING}
      />
    </section>
  );
}

const keyOf = (entry: Entry) => `${entry.run_id}/${entry.asset_id}`;
const NOTHING = (
  <Empty title="Nothing was written yet">Each date that is written, and each undo, is kept here.</Empty>
);

const COLUMNS: ColumnDef<Entry>[] = [
  {
    id: 'written',
    header: 'Written',
    accessorFn: (entry) => entry.written_at ?? '',
    meta: { width: '16%' },
    cell: ({ row: { original: entry } }) => (entry.written_at ? <Moment at={entry.written_at} /> : 'never'),
  },
  {
    id: 'asset',
    header: 'Asset',
    accessorFn: (entry) => Number(entry.asset_id),
    meta: { width: '14%', isRowHeader: true },
    cell: ({ row: { original: entry } }) => (
      <>
        <AssetLink id={entry.asset_id ?? ''} />
        {entry.is_canary === 'true' && (
          <Text size="xs" c="dimmed">
            compared whole
          </Text>
        )}
      </>
    ),
  },
  {
    id: 'old',
    header: 'Before',
    accessorFn: (entry) => entry.old_date ?? '',
    meta: { width: '11%' },
    cell: ({ row: { original: entry } }) => <Day date={entry.old_date} />,
  },
  {
    id: 'new',
    header: 'Written date',
    accessorFn: (entry) => entry.new_date ?? '',
    meta: { width: '11%' },
    cell: ({ row: { original: entry } }) => <Day date={entry.new_date} />,
  },
  {
    id: 'why',
    header: 'Rule and source',
    accessorFn: (entry) => entry.rule ?? '',
    meta: { width: '17%' },
    cell: ({ row: { original: entry } }) => (
      <Text size="sm">
        {(RULE as Record<string, string>)[entry.rule ?? ''] ?? entry.rule}; {entry.source_name}
      </Text>
    ),
  },
  {
    id: 'result',
    header: 'Result',
    accessorFn: (entry) => entry.result ?? '',
    meta: { width: '17%' },
    cell: ({ row: { original: entry } }) => (
      <>
        <Sign {...lookOf(entry.result ?? '')} />
        <Found date={entry.found_date} />
        {entry.reason && <Text size="xs">{entry.reason}</Text>}
      </>
    ),
  },
  {
    id: 'undo',
    header: 'Undo',
    accessorFn: (entry) => entry.undo_result ?? '',
    meta: { width: '14%' },
    cell: ({ row: { original: entry } }) =>
      entry.undo_result && (
        <>
          <Sign {...lookOf(entry.undo_result, UNDONE)} />
          <Found date={entry.undo_found_date} />
        </>
      ),
  },
];

function Found({ date }: { date: string | undefined }) {
  return date ? (
    <Text size="xs">
      Autotask holds <Day date={date} />
    </Text>
  ) : null;
}
