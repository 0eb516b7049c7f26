import { Anchor, Button } from '@mantine/core';
import { Link as Router } from '@tanstack/react-router';
import type { ColumnDef } from '@tanstack/react-table';
import { CheckCircle2, CircleDashed, CopyX, Lightbulb, Split, Users, Wand2, XCircle } from 'lucide-react';
import type { CompanyRef, Link, LinkRow, Proposal } from '../api/mappings';
import { Moment } from '../ui/Moment';
import { Sign } from '../ui/Sign';
import { CompanyPicker } from './CompanyPicker';
import { about, called, linkName, linkTo, refusedOf, sharersOf } from './links';
import type { Edits } from './useEditor';

interface Context {
  isAdmin: boolean;
  /** All rows, since one company may be chosen for several. */
  rows: LinkRow[];
  editor: Edits<Link>;
  names: ReadonlyMap<number, CompanyRef>;
  /** What is still suggested for a row. */
  suggested: (row: LinkRow) => Proposal | undefined;
  choiceOf: (row: LinkRow) => Link | null;
  /** Whether other rows are, or would be, linked to the company of a row. */
  isShared: (row: LinkRow, companyId: number) => boolean;
  onPicked: (company: CompanyRef) => void;
}

export function columnsOf(context: Context): ColumnDef<LinkRow>[] {
  return [
    {
      id: 'name',
      header: 'IT Glue company',
      accessorFn: (row) => row.name.toLowerCase(),
      meta: { width: '20%', isRowHeader: true },
      cell: ({ row: { original: row } }) => (
        <div className="in-line">
          {row.name}
          {row.is_twin && <Sign tone="warn" icon={CopyX} text={`twin, id ${row.key}`} />}
          {!row.is_active && <Sign tone="calm" icon={XCircle} text="inactive in IT Glue" />}
        </div>
      ),
    },
    {
      id: 'state',
      header: 'State',
      enableSorting: false,
      meta: { width: '20%' },
      cell: ({ row }) => <State row={row.original} context={context} />,
    },
    {
      id: 'company',
      header: 'Autotask company',
      enableSorting: false,
      meta: { width: '27%' },
      cell: ({ row }) => <Picker row={row.original} context={context} />,
    },
    {
      id: 'why',
      header: 'Why',
      enableSorting: false,
      meta: { width: '19%' },
      cell: ({ row }) => <Why row={row.original} context={context} />,
    },
    {
      id: 'changed',
      header: 'Last change',
      accessorFn: (row) => row.changed_at ?? '',
      meta: { width: '14%' },
      cell: ({ row: { original: row } }) =>
        row.changed_at && (
          <div className="small">
            <Moment at={row.changed_at} /> by {row.changed_by}
          </div>
        ),
    },
  ];
}

interface CellProps {
  row: LinkRow;
  context: Context;
}

/** Colour, icon and text together. */
function State({ row, context }: CellProps) {
  const choice = context.choiceOf(row);
  const unsaved = context.editor.edits.has(row.key) ? ', unsaved' : '';
  if (choice?.is === 'linked') {
    const isAuto = choice.how === 'auto';
    const text = isAuto ? `auto-matched${unsaved}` : `linked${unsaved}`;
    return (
      <div className="in-line">
        <Sign tone="good" icon={isAuto ? Wand2 : CheckCircle2} text={text} />
        {context.isShared(row, choice.company_id) && <Sign tone="busy" icon={Users} text="shared" />}
      </div>
    );
  }
  if (choice) return <Sign tone="calm" icon={XCircle} text={`excluded${unsaved}`} />;
  const suggestion = context.suggested(row);
  if (suggestion?.is_ambiguous) return <Sign tone="warn" icon={Split} text="ambiguous" />;
  if (suggestion) return <Sign tone="warn" icon={Lightbulb} text="suggestion" />;
  return <Sign tone="calm" icon={CircleDashed} text={`open${unsaved}`} />;
}

function Picker({ row, context }: CellProps) {
  const { editor, names, choiceOf, isAdmin, onPicked, rows } = context;
  const choice = choiceOf(row);
  const company = choice?.is === 'linked' ? names.get(choice.company_id) : undefined;
  const edit = (next: Link | null) =>
    editor.change([[row.key, { choice: next, before: row.choice ?? null, name: called(row) }]]);
  return (
    <>
      <CompanyPicker
        rowKey={row.key}
        rowName={called(row)}
        shown={linkName(choice, names)}
        isDecided={choice !== null}
        isDisabled={!isAdmin}
        isTaken={(companyId) => sharersOf(companyId, row.key, rows, editor.edits).length > 0}
        onPick={(picked) => {
          onPicked(picked);
          editor.change(linkTo(row, picked, rows, editor.edits));
        }}
        onExclude={() => edit({ is: 'excluded' })}
        onReopen={() => edit(null)}
      />
      {company && (
        <div className="aside">
          {about(company)}
          {row.choice?.is === 'linked' && row.choice.company_id === company.id && (
            <>
              {' '}
              <Anchor
                component={Router}
                to="/clients/$id"
                params={{ id: String(company.id) } as never}
                underline="always"
                inherit
                aria-label={`Sums of ${company.name}`}
              >
                Sums by month
              </Anchor>
            </>
          )}
        </div>
      )}
    </>
  );
}

function Why({ row, context }: CellProps) {
  const choice = context.choiceOf(row);
  const suggestion = context.suggested(row);
  if (choice?.is === 'linked') return <div className="small">{choice.reason ?? 'chosen by hand'}</div>;
  if (choice) return null;
  if (!suggestion) return <Refused row={row} context={context} />;
  const { company, reason, score } = suggestion;
  return (
    <>
      <div className="small">
        {company.name} ({about(company)}): {reason}, {Math.round(score * 100)} %
      </div>
      {context.isAdmin && (
        <div className="in-line">
          <Button
            size="compact-xs"
            variant="default"
            aria-label={`Link ${called(row)} to ${company.name}`}
            onClick={() => context.editor.change(linkTo(row, company, context.rows, context.editor.edits))}
          >
            Link
          </Button>
          <Button
            size="compact-xs"
            variant="default"
            aria-label={`${company.name} is not ${called(row)}`}
            onClick={() =>
              context.editor.change([
                [row.key, { choice: null, before: null, name: called(row), rejects: [company.id] }],
              ])
            }
          >
            Not the same
          </Button>
        </div>
      )}
    </>
  );
}

/** Whom the organization is not, by somebody's word, and the way back while that is unsaved. */
function Refused({ row, context }: CellProps) {
  const { editor, names } = context;
  const edit = editor.edits.get(row.key);
  const refused = [...new Set(refusedOf(row, edit))];
  if (refused.length === 0) return null;
  const told = refused.map((id) => names.get(id)?.name ?? `Autotask company ${id}`).join(', ');
  const before = row.choice ?? null;
  return (
    <>
      <div className="small">Not the same as {told}</div>
      {edit?.rejects && (
        <Button
          size="compact-xs"
          variant="default"
          aria-label={`Take back that ${told} is not ${called(row)}`}
          onClick={() => editor.change([[row.key, { choice: before, before, name: called(row) }]])}
        >
          Take back
        </Button>
      )}
    </>
  );
}
