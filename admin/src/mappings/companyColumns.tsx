import type { ColumnDef } from '@tanstack/react-table';
import { CopyX, Sparkles, Trash2, XCircle } from 'lucide-react';
import type { Activation, CompanyRow } from '../api/mappings';
import { count } from '../ui/format';
import { Moment } from '../ui/Moment';
import { Sign } from '../ui/Sign';
import classes from './mappings.module.css';
import type { Edit, Edits } from './useEditor';

/** Choices as they are read. */
export const CHOICES: Record<Activation, string> = { active: 'Active', inactive: 'Not active' };

/** The edit that makes a choice for a company. */
export function editOf(row: CompanyRow, choice: Activation | null): Edit<Activation> {
  return { choice, before: row.choice ?? null, name: row.name };
}

export function columnsOf(editor: Edits<Activation>, isAdmin: boolean): ColumnDef<CompanyRow>[] {
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
            aria-label={`${row.is_twin ? `${row.name}, id ${row.key},` : row.name} active`}
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
          <div className="small">
            <Moment at={row.changed_at} /> by {row.changed_by}
          </div>
        ),
    },
  ];
}

function Name({ row }: { row: CompanyRow }) {
  return (
    <>
      <div className="in-line">
        {row.name}
        {row.is_new && <Sign tone="busy" icon={Sparkles} text="new" />}
        {row.is_twin && <Sign tone="warn" icon={CopyX} text={`twin, id ${row.key}`} />}
        {row.is_gone && <Sign tone="warn" icon={Trash2} text="gone from Autotask" />}
        {!row.is_source_active && !row.is_gone && (
          <Sign tone="calm" icon={XCircle} text="inactive in Autotask" />
        )}
      </div>
      {row.was_name && <div className="aside">was {row.was_name}</div>}
    </>
  );
}
