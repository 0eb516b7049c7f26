import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { companiesQuery } from '../api/mappings';
import { useAllPages } from '../api/useAllPages';
import { countOf } from '../ui/format';
import { Shortfall } from '../ui/Shortfall';
import { Failed } from '../ui/states';

/** Companies of Autotask by name, to choose one. */
export function useCompanies() {
  const list = useAllPages(useInfiniteQuery(companiesQuery));
  const { data, hasNextPage } = list;
  const options = useMemo(() => {
    const rows = data?.pages.flatMap((page) => page.rows) ?? [];
    const named = rows.map((row) => ({ value: row.key, label: `${row.name} (id ${row.key})` }));
    return named.sort((one, other) => one.label.localeCompare(other.label));
  }, [data]);
  const notFound = !data || hasNextPage ? 'Not among those that are loaded' : 'No such company';
  return { list, options, notFound };
}

/** Says that not all companies can be chosen; nothing while they can. */
export function CompaniesLack({ of }: { of: ReturnType<typeof useCompanies> }) {
  const { list, options } = of;
  if (list.error && !list.data) {
    return (
      <Failed error={list.error} what="The companies to choose from" retry={() => void list.refetch()} />
    );
  }
  return (
    <Shortfall
      of={list}
      what="The companies to choose from"
      loaded={countOf(options.length, 'company', 'companies')}
    />
  );
}
