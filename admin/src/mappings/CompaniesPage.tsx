import { Button, Chip, Group, Select, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import type { ColumnDef } from '@tanstack/react-table';
import { CheckCheck, CopyX, Sparkles, Trash2, XCircle } from 'lucide-react';
import { type ReactNode, useCallback, useMemo, useState } from 'react';
import {
  type Activation,
  COMPANIES,
  type CompanyPage,
  type CompanyRow,
  companiesQuery,
} from '../api/mappings';
import { useAllPages } from '../api/useAllPages';
import { usePerson } from '../auth/session';
import { DataTable } from '../ui/DataTable';
import { count, countOf } from '../ui/format';
import { Moment } from '../ui/Moment';
import { asWanted, SearchBox } from '../ui/SearchBox';
import { Shortfall } from '../ui/Shortfall';
import { Sign } from '../ui/Sign';
import { Empty, Failed, Loading } from '../ui/states';
import { MappingFrame } from './MappingFrame';
import { REST, type Rest, restOf } from './rest';
import classes from './mappings.module.css';
import { type Edit, type Editor, type Edits, useEditor } from './useEditor';

/** The tab "Company Mapping". */
export function CompaniesPage() {
  const list = useAllPages(useInfiniteQuery(companiesQuery));
  const { data, error, isPending, refetch } = list;
  const rows = useMemo(() => data?.pages.flatMap((page) => page.rows) ?? [], [data]);
  const first = data?.pages[0];
  if (isPending) return <Loading what="companies" lines={10} />;
  if (!first) return <Failed error={error} what="The companies" retry={() => void refetch()} />;
  return (
    <Companies page={first} rows={rows} rest={restOf(list)}>
      <Shortfall of={list} what="The companies" loaded={countOf(rows.length, 'company', 'companies')}>
        Search and filters look at these alone, and those listed cannot be activated or deactivated at once.
        The counts beside the filters and the CSV are of all companies.
      </Shortfall>
    </Companies>
  );
}

const FILTERS = {
  all: ['All', () => true],
  active: ['Active', (row) => row.is_active],
  inactive: ['Not active', (row) => row.choice === 'inactive'],
  undecided: ['Undecided', (row) => row.choice == null],
  source_inactive: ['Inactive in Autotask', (row) => !row.is_source_active && !row.is_gone],
  gone: ['Gone', (row) => row.is_gone],
} satisfies Record<string, [string, (row: CompanyRow) => boolean]>;
type Filter = keyof typeof FILTERS;

const CHOICES: Record<Activation, string> = { active: 'Active', inactive: 'Not active' };

interface Props {
  page: CompanyPage;
  rows: CompanyRow[];
  rest: Rest;
  /** What stands above the table. */
  children: ReactNode;
}

function Companies({ page, rows, rest, children }: Props) {
  const { isAdmin } = usePerson();
  const editor = useEditor(COMPANIES, page.version);
  const [filter, setFilter] = useState<Filter>('all');
  const [type, setType] = useState<string | null>(null);
  const { find = '' } = useSearch({ from: '/autotask/companies' });
  const [wanted, setWanted] = useState(asWanted(find));
  const texts = useMemo(() => rows.map(textOf), [rows]);
  const shown = useMemo(() => {
    const fits = (row: CompanyRow, at: number) =>
      FILTERS[filter][1](row) && (!type || row.type_name === type) && !!texts[at]?.includes(wanted);
    return rows.filter(fits);
  }, [rows, texts, filter, type, wanted]);
  const { edits, change } = editor;
  const columns = useMemo(() => columnsOf({ edits, change }, isAdmin), [edits, change, isAdmin]);
  const rowClass = useCallback(
    (row: CompanyRow) => (edits.has(row.key) ? classes.changed : undefined),
    [edits],
  );
  return (
    <MappingFrame
      title="Company Mapping"
      help="Which companies of Autotask are shown here, with their assets. Renamed companies keep their choice."
      area={COMPANIES}
      version={page.version}
      editor={editor}
      shown={(choice) => (choice ? CHOICES[choice] : 'Undecided')}
      actions={isAdmin && <Bulk shown={shown} editor={editor} isComplete={!rest} />}
    >
      <Group mb="sm" gap="sm" role="search" aria-label="Filter companies" align="flex-end">
        <SearchBox
          label="Search name, city or id"
          placeholder="Name, city or id"
          initial={find}
          onSearch={setWanted}
        />
        <Select
          aria-label="Company type"
          placeholder="Any type"
          data={[...new Set(page.company_types.map((one) => one.name))]}
          value={type}
          clearable
          searchable
          clearButtonProps={{ 'aria-label': 'Any type' }}
          onChange={setType}
        />
        <Chip.Group value={filter} onChange={(value) => setFilter(value)}>
          <Group gap="xs">
            {Object.entries(FILTERS).map(([name, [text]]) => (
              <Chip key={name} value={name} size="xs">
                {text} ({count(page.counters[name as Filter])})
              </Chip>
            ))}
          </Group>
        </Chip.Group>
      </Group>
      <Text size="sm" mb="xs" role="status" data-testid="shown">
        {countOf(shown.length, 'company', 'companies')} listed{rest && `, ${REST[rest]}`}; active{' '}
        {count(page.counters.active)}
        {page.plan_limit == null ? '' : ` of ${count(page.plan_limit)} that your plan allows`}.
      </Text>
      {children}
      <DataTable
        label="Companies"
        columns={columns}
        rows={shown}
        rowKey={keyOf}
        rowClass={rowClass}
        minWidth={60}
        empty={rest ? NONE_SO_FAR : rows.length === 0 ? NONE_YET : NONE_FITS}
      />
    </MappingFrame>
  );
}

const keyOf = (row: CompanyRow) => row.key;

function textOf({ name, was_name, city, key }: CompanyRow): string {
  return `${name}\n${was_name ?? ''}\n${city ?? ''}\n${key}`.toLowerCase();
}

const NONE_YET = <Empty title="No companies yet">They come with the initial sync.</Empty>;
const NONE_SO_FAR = <Empty title="None so far">It may be among those that are not loaded.</Empty>;
const NONE_FITS = <Empty title="No company fits">Widen the search or the filters.</Empty>;

function editOf(row: CompanyRow, choice: Activation | null): Edit<Activation> {
  return { choice, before: row.choice ?? null, name: row.name };
}

interface BulkProps {
  shown: CompanyRow[];
  editor: Editor<Activation>;
  isComplete: boolean;
}

/** Decides on everything that the filters leave. */
function Bulk({ shown, editor, isComplete }: BulkProps) {
  const set = (choice: Activation) => editor.change(shown.map((row) => [row.key, editOf(row, choice)]));
  return (
    <>
      <Button
        size="xs"
        variant="default"
        disabled={!isComplete}
        leftSection={<CheckCheck size={14} aria-hidden />}
        onClick={() => set('active')}
      >
        Activate {count(shown.length)} listed
      </Button>
      <Button
        size="xs"
        variant="default"
        disabled={!isComplete}
        leftSection={<XCircle size={14} aria-hidden />}
        onClick={() => set('inactive')}
      >
        Deactivate {count(shown.length)} listed
      </Button>
    </>
  );
}

function columnsOf(editor: Edits<Activation>, isAdmin: boolean): ColumnDef<CompanyRow>[] {
  const choiceOf = (row: CompanyRow) =>
    editor.edits.get(row.key)?.choice ?? (editor.edits.has(row.key) ? null : (row.choice ?? null));
  return [
    {
      id: 'active',
      header: 'Active',
      accessorFn: (row) => Number(row.is_active),
      meta: { width: '8%' },
      cell: ({ row: { original: row } }) => {
        const choice = choiceOf(row);
        return (
          <input
            type="checkbox"
            className={classes.tick}
            aria-label={`${row.name} active`}
            checked={choice === 'active'}
            ref={(box) => {
              if (box) box.indeterminate = choice === null;
            }}
            disabled={!isAdmin}
            onChange={(event) =>
              editor.change([[row.key, editOf(row, event.currentTarget.checked ? 'active' : 'inactive')]])
            }
          />
        );
      },
    },
    {
      id: 'name',
      header: 'Company',
      accessorFn: (row) => row.name.toLowerCase(),
      meta: { width: '30%', isRowHeader: true },
      cell: ({ row: { original: row } }) => <Name row={row} />,
    },
    {
      id: 'city',
      header: 'City',
      accessorFn: (row) => row.city ?? '',
      meta: { width: '13%' },
      cell: ({ row }) => row.original.city ?? '',
    },
    {
      id: 'type',
      header: 'Type',
      accessorFn: (row) => row.type_name ?? '',
      meta: { width: '12%' },
      cell: ({ row }) => row.original.type_name ?? '',
    },
    {
      id: 'assets',
      header: 'Active assets',
      accessorFn: (row) => row.n_active_assets,
      meta: { width: '11%', isNumber: true },
      cell: ({ row }) => count(row.original.n_active_assets),
    },
    {
      id: 'state',
      header: 'Choice',
      enableSorting: false,
      meta: { width: '10%' },
      cell: ({ row: { original: row } }) => {
        const choice = choiceOf(row);
        return `${choice ? CHOICES[choice] : 'Undecided'}${editor.edits.has(row.key) ? ', unsaved' : ''}`;
      },
    },
    {
      id: 'changed',
      header: 'Last change',
      accessorFn: (row) => row.changed_at ?? '',
      meta: { width: '16%' },
      cell: ({ row: { original: row } }) =>
        row.changed_at && (
          <Text size="sm">
            <Moment at={row.changed_at} /> by {row.changed_by}
          </Text>
        ),
    },
  ];
}

function Name({ row }: { row: CompanyRow }) {
  return (
    <>
      <Group gap={6}>
        {row.name}
        {row.is_new && <Sign tone="busy" icon={Sparkles} text="new" />}
        {row.is_twin && <Sign tone="warn" icon={CopyX} text={`twin, id ${row.key}`} />}
        {row.is_gone && <Sign tone="warn" icon={Trash2} text="gone from Autotask" />}
        {!row.is_source_active && !row.is_gone && (
          <Sign tone="calm" icon={XCircle} text="inactive in Autotask" />
        )}
      </Group>
      {row.was_name && (
        <Text size="xs" c="dimmed">
          was {row.was_name}
        </Text>
      )}
    </>
  );
}
