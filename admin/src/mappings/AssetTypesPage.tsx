import { Button, Chip, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import type { ColumnDef } from '@tanstack/react-table';
import { CircleHelp, Hand, Lightbulb, Sparkles, Trash2, UserCheck } from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import { ASSET_TYPES, type TypeRow, type TypesView, typesQuery } from '../api/mappings';
import { usePerson } from '../auth/session';
import { DataTable } from '../ui/DataTable';
import { count, countOf } from '../ui/format';
import { Moment } from '../ui/Moment';
import { asWanted, SearchBox } from '../ui/SearchBox';
import { Shortfall } from '../ui/Shortfall';
import { Sign } from '../ui/Sign';
import { Empty, Failed, Loading } from '../ui/states';
import { AddTargetButton } from './AddTargetButton';
import { MappingFrame } from './MappingFrame';
import classes from './mappings.module.css';
import { TargetPicker } from './TargetPicker';
import { IGNORE, targetName } from './targets';
import { type Editor, useEditor } from './useEditor';

/** The tab "Asset Mapping". */
export function AssetTypesPage() {
  const query = useQuery(typesQuery);
  const { data, error, isPending, refetch } = query;
  if (isPending) return <Loading what="asset types" lines={8} />;
  if (!data) return <Failed error={error} what="The asset types" retry={() => void refetch()} />;
  return (
    <>
      <Shortfall of={query} what="The asset types" />
      <AssetTypes view={data} />
    </>
  );
}

const FILTERS = {
  all: ['All', () => true],
  new: ['New', (row) => row.is_new],
  undecided: ['Not chosen yet', (row) => row.choice == null],
  ignored: ['Ignored', (row) => row.target === IGNORE],
} satisfies Record<string, [string, (row: TypeRow) => boolean]>;
type Filter = keyof typeof FILTERS;

function AssetTypes({ view }: { view: TypesView }) {
  const { isAdmin } = usePerson();
  const editor = useEditor(ASSET_TYPES, view.version);
  const [filter, setFilter] = useState<Filter>('all');
  const { find = '' } = useSearch({ from: '/autotask/asset-types' });
  const [wanted, setWanted] = useState(asWanted(find));
  const rows = useMemo(
    () =>
      view.rows.filter(
        (row) => FILTERS[filter][1](row) && `${row.name}\n${row.key}`.toLowerCase().includes(wanted),
      ),
    [view.rows, filter, wanted],
  );
  const { edits, change, newTargets } = editor;
  const columns = useMemo(
    () => columnsOf(view, { edits, change, newTargets }, isAdmin),
    [view, edits, change, newTargets, isAdmin],
  );
  const rowClass = useCallback((row: TypeRow) => (edits.has(row.key) ? classes.changed : undefined), [edits]);
  const suggested = view.rows.filter(
    (row) => row.choice == null && row.suggestion && !editor.edits.has(row.key),
  );
  return (
    <MappingFrame
      title="Asset Mapping"
      help="What each asset (Configuration Item) type of Autotask is shown as here. “Ignore” hides its assets from lists and budgets; they stay stored, so showing them again is instant."
      area={ASSET_TYPES}
      version={view.version}
      editor={editor}
      shown={(choice) => targetName(view.targets, choice)}
      actions={
        isAdmin && (
          <>
            {suggested.length > 0 && (
              <Button
                size="xs"
                variant="default"
                leftSection={<Lightbulb size={14} aria-hidden />}
                onClick={() =>
                  editor.change(suggested.map((row) => [row.key, editOf(row, row.suggestion ?? null)]))
                }
              >
                Confirm {countOf(suggested.length, 'suggestion')}
              </Button>
            )}
            <AddTargetButton what="type" targets={view.targets} editor={editor} />
          </>
        )
      }
    >
      <Group mb="sm" gap="sm" role="search" aria-label="Filter asset types">
        <SearchBox label="Search asset types" placeholder="Search" initial={find} onSearch={setWanted} />
        <Chip.Group value={filter} onChange={(value) => setFilter(value)}>
          <Group gap="xs">
            {Object.entries(FILTERS).map(([name, [text, fits]]) => (
              <Chip key={name} value={name} size="xs">
                {text} ({count(view.rows.filter(fits).length)})
              </Chip>
            ))}
          </Group>
        </Chip.Group>
      </Group>
      <DataTable
        label="Asset types"
        columns={columns}
        rows={rows}
        rowKey={keyOf}
        rowClass={rowClass}
        empty={view.rows.length === 0 ? NONE_YET : NONE_FITS}
      />
    </MappingFrame>
  );
}

const MAX_CATEGORIES = 3;
const keyOf = (row: TypeRow) => row.key;
const NONE_YET = <Empty title="No asset types yet">They come with the initial sync.</Empty>;
const NONE_FITS = <Empty title="No type fits">Widen the search or the filter.</Empty>;

function editOf(row: TypeRow, choice: string | null) {
  return { choice, before: row.choice ?? null, name: row.name };
}

/** Autotask's categories of a type's assets: help to choose by. */
function categoriesOf({ categories }: TypeRow): string {
  const told = categories.slice(0, MAX_CATEGORIES).map((one) => `${one.name} (${count(one.n_assets)})`);
  const nMore = categories.length - told.length;
  const more = nMore > 0 ? [`${count(nMore)} more`] : [];
  return `${categories.length === 1 ? 'Category' : 'Categories'}: ${[...told, ...more].join(', ')}`;
}

type Choices = Pick<Editor<string>, 'edits' | 'change' | 'newTargets'>;

function columnsOf(view: TypesView, editor: Choices, isAdmin: boolean): ColumnDef<TypeRow>[] {
  return [
    {
      id: 'name',
      header: 'Type in Autotask',
      accessorFn: (row) => row.name,
      meta: { width: '28%', isRowHeader: true },
      cell: ({ row: { original: row } }) => (
        <>
          <Group gap="xs">
            {row.name}
            {row.is_new && <Sign tone="busy" icon={Sparkles} text="new" />}
            {row.is_gone && <Sign tone="warn" icon={Trash2} text="gone from Autotask" />}
            {!row.is_active && !row.is_gone && <Sign tone="calm" icon={Hand} text="inactive" />}
          </Group>
          {row.categories.length > 0 && <div className="aside">{categoriesOf(row)}</div>}
        </>
      ),
    },
    {
      id: 'assets',
      header: 'Assets',
      accessorFn: (row) => row.n_assets,
      meta: { width: '9%', isNumber: true },
      cell: ({ row }) => count(row.original.n_assets),
    },
    {
      id: 'active',
      header: 'Active ones',
      accessorFn: (row) => row.n_active_assets,
      meta: { width: '10%', isNumber: true },
      cell: ({ row }) => count(row.original.n_active_assets),
    },
    {
      id: 'target',
      header: 'Shown as',
      enableSorting: false,
      meta: { width: '22%' },
      cell: ({ row: { original: row } }) => {
        const edit = editor.edits.get(row.key);
        return (
          <TargetPicker
            label={`${row.name} is shown as`}
            targets={view.targets}
            newTargets={editor.newTargets}
            choice={edit ? edit.choice : (row.choice ?? null)}
            otherwise={row.suggestion ?? view.default_target}
            isDisabled={!isAdmin}
            onChange={(choice) => editor.change([[row.key, editOf(row, choice)]])}
          />
        );
      },
    },
    {
      id: 'because',
      header: 'Why',
      accessorFn: (row) => row.because,
      meta: { width: '13%' },
      cell: ({ row: { original: row } }) => <Because row={row} isEdited={editor.edits.has(row.key)} />,
    },
    {
      id: 'changed',
      header: 'Last change',
      accessorFn: (row) => row.changed_at ?? '',
      meta: { width: '18%' },
      cell: ({ row: { original: row } }) =>
        row.changed_at && (
          <Text size="sm">
            <Moment at={row.changed_at} /> by {row.changed_by}
          </Text>
        ),
    },
  ];
}

function Because({ row, isEdited }: { row: TypeRow; isEdited: boolean }) {
  if (isEdited) return <Sign tone="busy" icon={UserCheck} text="unsaved" />;
  if (row.because === 'chosen') return <Sign tone="good" icon={UserCheck} text="chosen" />;
  if (row.because === 'suggested') return <Sign tone="warn" icon={Lightbulb} text="suggested" />;
  return <Sign tone="calm" icon={CircleHelp} text="default" />;
}
