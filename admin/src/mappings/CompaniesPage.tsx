import { Button, Chip, Group, Select, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { CheckCheck, XCircle } from 'lucide-react';
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
import { asWanted, SearchBox } from '../ui/SearchBox';
import { Shortfall } from '../ui/Shortfall';
import { Empty, Failed, Loading } from '../ui/states';
import { CHOICES, columnsOf, editOf } from './companyColumns';
import { MappingFrame } from './MappingFrame';
import { REST, type Rest, restOf } from './rest';
import classes from './mappings.module.css';
import { type Editor, useEditor } from './useEditor';

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
        all={rows}
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
