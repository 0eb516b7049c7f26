import { Table } from '@mantine/core';
import {
  type ColumnDef,
  type FilterFn,
  flexRender,
  getCoreRowModel,
  getFilteredRowModel,
  getSortedRowModel,
  type Row as TableRow,
  type RowData,
  type SortingState,
  useReactTable,
} from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp, ArrowUpDown } from 'lucide-react';
import { memo, type ReactNode, type Ref, useMemo, useRef, useState } from 'react';
import classes from './DataTable.module.css';

declare module '@tanstack/react-table' {
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- the library's own parameters
  interface ColumnMeta<TData extends RowData, TValue> {
    /** Share of the width. */
    width?: string;
    isNumber?: boolean;
    /** The cell that names its row. */
    isRowHeader?: boolean;
  }
}

interface Props<Row> {
  label: string;
  columns: ColumnDef<Row>[];
  rows: Row[];
  /** All that the rows are some of, in the same order: they are then narrowed down without being made anew. */
  all?: Row[];
  rowKey: (row: Row) => string;
  /** Height before it is measured, in pixels. */
  rowHeight?: number;
  rowClass?: (row: Row) => string | undefined;
  /** Smallest width in rem, below which the table scrolls sideways. */
  minWidth?: number;
  empty: ReactNode;
}

/** Rows beyond the window that are drawn ahead, so that fast scrolling shows no gap. */
const OVERSCAN_ROWS = 10;

/** Takes the rows that are wanted; the column does not matter. */
const isWanted: FilterFn<unknown> = (row, _column, wanted: ReadonlySet<unknown>) => wanted.has(row.original);

function PlainTable<Row>(props: Props<Row>) {
  const { label, columns, rows, all, rowKey, rowHeight = 52, rowClass, minWidth = 56, empty } = props;
  const [sorting, setSorting] = useState<SortingState>([]);
  const window = useRef<HTMLDivElement>(null);
  const wanted = useMemo(() => (all ? new Set(rows) : undefined), [all, rows]);
  // eslint-disable-next-line react-hooks/incompatible-library -- no compiler is in use
  const table = useReactTable({
    data: all ?? rows,
    columns,
    state: { sorting, globalFilter: wanted },
    onSortingChange: setSorting,
    getRowId: rowKey,
    globalFilterFn: isWanted as FilterFn<Row>,
    getColumnCanGlobalFilter: () => true,
    // There are no pages to go back from, and the look for them draws everything twice.
    autoResetPageIndex: false,
    getCoreRowModel: getCoreRowModel(),
    getFilteredRowModel: getFilteredRowModel(),
    getSortedRowModel: getSortedRowModel(),
  });
  const sorted = table.getRowModel().rows;
  const virtual = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => window.current,
    estimateSize: () => rowHeight,
    getItemKey: (at) => sorted[at]?.id ?? at,
    overscan: OVERSCAN_ROWS,
  });
  const items = virtual.getVirtualItems();
  const above = items[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    <section ref={window} className={classes.window} aria-label={`${label}, scrollable`} tabIndex={0}>
      <Table
        stickyHeader
        layout="fixed"
        miw={`${minWidth}rem`}
        aria-label={label}
        aria-rowcount={sorted.length + 1}
      >
        <Table.Thead className={classes.head}>
          {table.getHeaderGroups().map((group) => (
            <Table.Tr key={group.id} aria-rowindex={1}>
              {group.headers.map((header) => (
                <Header key={header.id} header={header} />
              ))}
            </Table.Tr>
          ))}
        </Table.Thead>
        <Table.Tbody>
          <Spacer height={above} />
          {items.map((item) => {
            const row = sorted[item.index];
            return row ? (
              <DrawnRow
                key={row.id}
                measure={virtual.measureElement}
                at={item.index}
                row={row}
                columns={columns}
                className={rowClass?.(row.original)}
              />
            ) : null;
          })}
          <Spacer height={below} />
        </Table.Tbody>
      </Table>
      {sorted.length === 0 && empty}
    </section>
  );
}

/**
 * A sortable table that draws only the rows in sight, and says so to screen readers.
 *
 * It is drawn anew only when what it shows changes, not with every letter of a search.
 */
export const DataTable = memo(PlainTable) as typeof PlainTable;

interface DrawnRowProps {
  measure: Ref<HTMLTableRowElement>;
  at: number;
  row: TableRow<unknown>;
  /** What the cells are made by. */
  columns: unknown;
  className: string | undefined;
}

/**
 * Plain elements, since hundreds of cells come and go with every letter of a search. The library makes its rows anew
 * whenever any of them changes, so a row is told by what it shows.
 */
const DrawnRow = memo(
  function DrawnRow({ measure, at, row, className }: DrawnRowProps) {
    return (
      <tr
        ref={measure}
        data-index={at}
        data-key={row.id}
        aria-rowindex={at + 2}
        className={`${classes.row} ${className ?? ''}`}
      >
        {row.getVisibleCells().map((cell) => {
          const { meta, cell: content } = cell.column.columnDef;
          const drawn = flexRender(content, cell.getContext());
          return meta?.isRowHeader ? (
            <th key={cell.id} scope="row">
              {drawn}
            </th>
          ) : (
            <td key={cell.id} className={meta?.isNumber ? 'number' : undefined}>
              {drawn}
            </td>
          );
        })}
      </tr>
    );
  },
  (before, after) =>
    before.row.original === after.row.original &&
    before.columns === after.columns &&
    before.at === after.at &&
    before.className === after.className,
);

function Spacer({ height }: { height: number }) {
  return height > 0 ? (
    <tr aria-hidden="true">
      <td style={{ height, padding: 0 }} />
    </tr>
  ) : null;
}

function Header<Row>({ header }: { header: import('@tanstack/react-table').Header<Row, unknown> }) {
  const { column } = header;
  const { width, isNumber } = column.columnDef.meta ?? {};
  const text = flexRender(column.columnDef.header, header.getContext());
  const sorted = column.getIsSorted();
  const Icon = sorted === 'asc' ? ArrowUp : sorted === 'desc' ? ArrowDown : ArrowUpDown;
  const order = sorted === 'asc' ? 'ascending' : sorted === 'desc' ? 'descending' : undefined;
  return (
    <Table.Th scope="col" w={width} className={isNumber ? 'number' : undefined} aria-sort={order}>
      {column.getCanSort() ? (
        <button type="button" className={classes.sort} onClick={column.getToggleSortingHandler()}>
          {text} <Icon size={14} aria-hidden />
        </button>
      ) : (
        text
      )}
    </Table.Th>
  );
}
