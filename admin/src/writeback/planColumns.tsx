import { Anchor, Checkbox, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ColumnDef } from '@tanstack/react-table';
import { ExternalLink } from 'lucide-react';
import type { PlanRow } from '../api/warranties';
import { Day } from '../ui/Day';
import { Sign } from '../ui/Sign';
import { DECISION, lookOf, RESULT, sourceText, UNDONE } from './looks';

interface Context {
  canApprove: boolean;
  hasResults: boolean;
  picked: ReadonlySet<number>;
  pick: (id: number, isPicked: boolean) => void;
  pickAll: (isPicked: boolean) => void;
}

/** A row that can still be approved. */
export function isOpen(row: PlanRow): boolean {
  return row.decision === 'write' && (!row.result || row.result === 'planned');
}

export function columnsOf(context: Context): ColumnDef<PlanRow>[] {
  const { hasResults: has } = context;
  return [
    ...(context.canApprove ? [pickColumn(context)] : []),
    {
      id: 'asset',
      header: 'Asset',
      accessorFn: (row) => row.name?.toLowerCase() ?? '',
      meta: { width: has ? '19%' : '22%', isRowHeader: true },
      cell: ({ row: { original: row } }) => <Asset row={row} />,
    },
    {
      id: 'company',
      header: 'Company',
      accessorFn: (row) => row.company?.toLowerCase() ?? '',
      meta: { width: has ? '14%' : '17%' },
      cell: ({ row: { original: row } }) => row.company ?? `id ${row.company_id}`,
    },
    {
      id: 'verdict',
      header: 'Verdict',
      accessorFn: (row) => row.rule,
      meta: { width: has ? '22%' : '26%' },
      cell: ({ row: { original: row } }) => (
        <>
          <Sign {...DECISION[row.decision]} />
          <Text size="sm">{row.words}</Text>
        </>
      ),
    },
    {
      id: 'held',
      header: 'In Autotask',
      accessorFn: (row) => row.held ?? '',
      meta: { width: has ? '11%' : '14%' },
      cell: ({ row: { original: row } }) => <Day date={row.held} />,
    },
    {
      id: 'proposed',
      header: 'Our date',
      accessorFn: (row) => row.proposed ?? '',
      meta: { width: has ? '13%' : '16%' },
      cell: ({ row: { original: row } }) => (
        <>
          <Day date={row.proposed} none="none" />
          <Text size="xs" c="dimmed">
            {sourceText(row.source)}
          </Text>
        </>
      ),
    },
    ...(has ? [RESULTS] : []),
  ];
}

function pickColumn({ picked, pick, pickAll }: Context): ColumnDef<PlanRow> {
  return {
    id: 'pick',
    enableSorting: false,
    header: () => (
      <Checkbox
        aria-label="Pick every row shown that writes"
        checked={picked.size > 0}
        onChange={(event) => pickAll(event.currentTarget.checked)}
      />
    ),
    meta: { width: '5%' },
    cell: ({ row: { original: row } }) =>
      isOpen(row) && (
        <Checkbox
          aria-label={`Pick ${row.name ?? `asset ${row.asset_id}`}`}
          checked={picked.has(row.asset_id)}
          onChange={(event) => pick(row.asset_id, event.currentTarget.checked)}
        />
      ),
  };
}

const RESULTS: ColumnDef<PlanRow> = {
  id: 'result',
  header: 'Result',
  accessorFn: (row) => row.undo ?? row.result ?? '',
  meta: { width: '16%' },
  cell: ({ row: { original: row } }) => <Result row={row} />,
};

function Asset({ row }: { row: PlanRow }) {
  const name = row.name ?? `Asset ${row.asset_id}`;
  return (
    <>
      <Anchor
        component={Link}
        to="/write-back/assets/$id"
        params={{ id: String(row.asset_id) } as never}
        underline="always"
        size="sm"
      >
        {name}
      </Anchor>
      <Text size="xs" c="dimmed">
        {row.serial_number ? `serial ${row.serial_number}` : 'no serial number'}
      </Text>
      {row.link && (
        <Anchor href={row.link} target="_blank" rel="noreferrer" size="xs" underline="always">
          Open in Autotask <ExternalLink size={12} aria-hidden />
          <span className="visually-hidden"> (asset {row.asset_id}, new window)</span>
        </Anchor>
      )}
    </>
  );
}

function Result({ row }: { row: PlanRow }) {
  const { result, result_words: words, undo } = row;
  if (!result) return row.decision === 'write' ? <Text size="sm">Not approved</Text> : null;
  return (
    <>
      <Sign {...lookOf(undo ?? result, undo ? UNDONE : RESULT)} />
      <Text size="xs">{undo ? 'It was written before.' : words}</Text>
    </>
  );
}
