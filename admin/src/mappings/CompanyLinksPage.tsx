import { Button, Chip, Group, Text } from '@mantine/core';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { Wand2 } from 'lucide-react';
import { type ReactNode, useCallback, useMemo, useState } from 'react';
import {
  autoMap,
  COMPANY_LINKS,
  type CompanyRef,
  type Link,
  type LinkPage,
  type LinkRow,
  linksQuery,
  type Proposal,
} from '../api/mappings';
import { useAllPages } from '../api/useAllPages';
import { usePerson } from '../auth/session';
import { DataTable } from '../ui/DataTable';
import { count, countOf } from '../ui/format';
import { done, failed } from '../ui/notify';
import { asWanted, SearchBox } from '../ui/SearchBox';
import { Shortfall } from '../ui/Shortfall';
import { Empty, Failed, Loading } from '../ui/states';
import { columnsOf } from './linkColumns';
import { choiceIn, editsOf, linkedBy, linkName, suggestionOf } from './links';
import { MappingFrame } from './MappingFrame';
import { MatchingRulesButton } from './MatchingRules';
import { between, edited } from './rules';
import { RulesChange, RulesClash } from './RulesClash';
import { REST, type Rest, restOf } from './rest';
import classes from './mappings.module.css';
import { useEditor } from './useEditor';

/** The tab "Link Companies to IT GLUE". */
export function CompanyLinksPage() {
  const list = useAllPages(useInfiniteQuery(linksQuery));
  const { data, error, isPending, refetch } = list;
  const rows = useMemo(() => data?.pages.flatMap((page) => page.rows) ?? [], [data]);
  const first = data?.pages[0];
  if (isPending) return <Loading what="IT Glue companies" lines={10} />;
  if (!first) return <Failed error={error} what="The IT Glue companies" retry={() => void refetch()} />;
  return (
    <CompanyLinks page={first} rows={rows} rest={restOf(list)}>
      <Shortfall of={list} what="The IT Glue companies" loaded={countOf(rows.length, 'company', 'companies')}>
        “map companies” waits for the rest, since it would fill in these alone; search and filters look at
        these alone, too. The line of counts above and the CSV are of all companies.
      </Shortfall>
    </CompanyLinks>
  );
}

const FILTERS = {
  all: ['All', () => true],
  auto: ['Auto-matched, unsaved', (_row, choice) => choice?.is === 'linked' && choice.how === 'auto'],
  linked: ['Linked', (_row, choice) => choice?.is === 'linked'],
  open: ['Open', (_row, choice) => !choice],
  suggested: ['Suggested', (_row, _choice, suggestion) => !!suggestion],
  ambiguous: ['Ambiguous', (_row, _choice, suggestion) => !!suggestion?.is_ambiguous],
  excluded: ['Excluded', (_row, choice) => choice?.is === 'excluded'],
  inactive: ['Inactive', (row) => !row.is_active],
} satisfies Record<string, [string, (row: LinkRow, choice: Link | null, suggestion?: Proposal) => boolean]>;
type Filter = keyof typeof FILTERS;

interface Props {
  page: LinkPage;
  rows: LinkRow[];
  rest: Rest;
  /** What stands above the table. */
  children: ReactNode;
}

function CompanyLinks({ page, rows, rest, children }: Props) {
  const { isAdmin } = usePerson();
  const editor = useEditor(COMPANY_LINKS, page.version, page);
  const [proposals, setProposals] = useState<ReadonlyMap<string, Proposal>>(new Map());
  const [picked, setPicked] = useState<ReadonlyMap<number, CompanyRef>>(new Map());
  const [filter, setFilter] = useState<Filter>('all');
  const { find = '' } = useSearch({ from: '/autotask/company-links' });
  const [wanted, setWanted] = useState(asWanted(find));
  const { edits, change } = editor;

  const names = useMemo(() => {
    const linked = rows.flatMap((row) => (row.company ? [row.company] : []));
    const proposed = [...proposals.values()].map((proposal) => proposal.company);
    return new Map([...linked, ...proposed, ...picked.values()].map((company) => [company.id, company]));
  }, [rows, proposals, picked]);

  const choiceOf = useMemo(() => {
    return (row: LinkRow): Link | null => choiceIn(row, edits);
  }, [edits]);

  const isShared = useMemo(() => {
    const n = linkedBy(rows, edits);
    // What is not listed yet may share as well; the server has counted it.
    const isStored = (row: LinkRow) => !edits.has(row.key) && row.n_shared > 1;
    return (row: LinkRow, id: number) => (n.get(id) ?? 0) > 1 || (rest !== '' && isStored(row));
  }, [rows, edits, rest]);

  const suggested = useMemo(() => {
    return (row: LinkRow) => suggestionOf(row, edits.get(row.key), proposals.get(row.key));
  }, [edits, proposals]);

  const fits = useMemo(() => {
    return (row: LinkRow, name: Filter) => {
      const isUnsaved = name !== 'auto' || edits.has(row.key);
      return isUnsaved && FILTERS[name][1](row, choiceOf(row), suggested(row));
    };
  }, [edits, choiceOf, suggested]);

  const texts = useMemo(
    () => rows.map((row) => `${row.name}\n${linkName(choiceOf(row), names)}\n${row.key}`.toLowerCase()),
    [rows, choiceOf, names],
  );
  const shown = useMemo(
    () => rows.filter((row, at) => fits(row, filter) && !!texts[at]?.includes(wanted)),
    [rows, texts, fits, filter, wanted],
  );
  const counts = useMemo(() => {
    const names = Object.keys(FILTERS) as Filter[];
    const countOne = (name: Filter) => rows.filter((row) => fits(row, name)).length;
    return new Map(names.map((name) => [name, countOne(name)]));
  }, [rows, fits]);

  const { is_strict, excluded_types } = edited(page, editor.rules);
  const map = useMutation({
    mutationFn: () => autoMap({ is_strict, excluded_types }),
    onSuccess: (answer) => {
      setProposals(new Map(answer.proposals.map((proposal) => [proposal.key, proposal])));
      const made = editsOf(rows, answer, edits);
      const nMatched = made.filter(([, edit]) => edit.choice).length;
      editor.change(made);
      done(
        'Companies mapped',
        `${countOf(nMatched, 'company', 'companies')} auto-matched. Review, then save.`,
      );
    },
    onError: (error) => failed('The companies could not be mapped', error),
  });

  const columns = useMemo(
    () =>
      columnsOf({
        isAdmin,
        rows,
        editor: { edits, change },
        names,
        suggested,
        choiceOf,
        isShared,
        onPicked: (company) => setPicked((now) => new Map(now).set(company.id, company)),
      }),
    [isAdmin, rows, edits, change, names, suggested, choiceOf, isShared],
  );

  const colour = useCallback(
    (row: LinkRow) => rowClass(choiceOf(row), suggested(row)),
    [choiceOf, suggested],
  );

  return (
    <MappingFrame
      title="Link Companies to IT GLUE"
      help="Match your active IT Glue companies to those of Autotask: by this link, tickets, contracts and opportunities find their company."
      area={COMPANY_LINKS}
      version={page.version}
      editor={editor}
      shown={(choice) => linkName(choice, names)}
      besides={({ options }) => options && <RulesChange {...options} types={page.company_types} />}
      clashNote={<RulesClash clash={editor.clash} mine={editor.rules} types={page.company_types} />}
      actions={
        isAdmin && (
          <>
            <Button
              size="xs"
              leftSection={<Wand2 size={14} aria-hidden />}
              loading={map.isPending}
              disabled={!!rest}
              onClick={() => map.mutate()}
            >
              map companies
            </Button>
            <MatchingRulesButton
              rules={{ is_strict, excluded_types }}
              types={page.company_types}
              onChange={(wanted) => editor.setRules(between(page, wanted))}
            />
          </>
        )
      }
    >
      <Text fw={600} role="status" data-testid="matched" mb="xs">
        {countOf(counts.get('auto') ?? 0, 'company', 'companies')} auto-matched and not saved yet;{' '}
        {count(page.counters.linked)} linked ({count(page.counters.auto)} of them auto-matched),{' '}
        {count(page.counters.open)} open of {count(page.counters.all)}.
        {rest && ` ${count(rows.length)} of them are listed, ${REST[rest]}.`}
      </Text>
      <Group mb="sm" gap="sm" role="search" aria-label="Filter companies">
        <SearchBox label="Search companies" placeholder="Search" initial={find} onSearch={setWanted} />
        <Chip.Group value={filter} onChange={(value) => setFilter(value)}>
          <Group gap="xs">
            {[...counts].map(([name, n]) => (
              <Chip key={name} value={name} size="xs">
                {FILTERS[name][0]} ({count(n)}
                {rest && ' so far'})
              </Chip>
            ))}
          </Group>
        </Chip.Group>
      </Group>
      {children}
      <DataTable
        label="IT Glue companies"
        columns={columns}
        rows={shown}
        all={rows}
        rowKey={keyOf}
        rowHeight={64}
        minWidth={72}
        rowClass={colour}
        empty={rest ? NONE_SO_FAR : rows.length === 0 ? NONE_YET : NONE_FITS}
      />
    </MappingFrame>
  );
}

const keyOf = (row: LinkRow) => row.key;
const NONE_YET = (
  <Empty title="No IT Glue companies yet">They are listed once IT Glue is connected and read.</Empty>
);
const NONE_SO_FAR = <Empty title="None so far">It may be among those that are not loaded.</Empty>;
const NONE_FITS = <Empty title="No company fits">Widen the search or the filter.</Empty>;

function rowClass(choice: Link | null, suggestion: Proposal | undefined): string | undefined {
  if (choice?.is === 'linked') return classes.linked;
  return suggestion && classes.proposed;
}
