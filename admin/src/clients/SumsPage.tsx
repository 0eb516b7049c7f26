import '@mantine/charts/styles.css';
import { BarChart, LineChart } from '@mantine/charts';
import { Alert, Anchor, Group, Select, Stack, Table, Text, Title } from '@mantine/core';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { api, unwrap } from '../api/client';
import { asFailure } from '../api/errors';
import type { Rollups } from '../api/types';
import { usePrimarySource } from '../app/primarySource';
import { count, countOf, duration, useDates, words } from '../ui/format';
import { Empty, Failed, Loading } from '../ui/states';

/** The table below it is what is read out and walked through. */
const PICTURE = { accessibilityLayer: false };
const STRETCHES = ['6', '12', '24', '36'];

function sumsQuery(id: string, months: number) {
  return queryOptions({
    queryKey: ['rollups', id, months],
    queryFn: () =>
      unwrap(api().GET('/v1/companies/{id}/rollups', { params: { path: { id }, query: { months } } })),
  });
}

/** Tickets, contracts and opportunities of one company by month: what a business review needs. */
export function SumsPage() {
  const { id } = useParams({ strict: false });
  const [months, setMonths] = useState('12');
  const source = usePrimarySource();
  const { data, error, isPending, refetch } = useQuery(sumsQuery(id ?? '', Number(months)));
  const isHidden = !!error && asFailure(error).code === 'not_found';
  return (
    <Stack>
      <Group justify="space-between" align="flex-end">
        <Title order={2} size="h4">
          Sums of company {id} by month
        </Title>
        <Select
          label="Months"
          data={STRETCHES}
          value={months}
          allowDeselect={false}
          w={120}
          onChange={(value) => value && setMonths(value)}
        />
      </Group>
      {isPending && <Loading what="the sums" lines={8} />}
      {isHidden ? (
        <Empty title="Nothing is shown of this company">
          {source === 'it_glue' ? (
            <>
              It is not linked. <Back to="/company-links">Link Companies to IT GLUE</Back>
            </>
          ) : (
            <>
              The mappings hide it. <Back to="/companies">Company Mapping</Back>
            </>
          )}
        </Empty>
      ) : (
        error && !data && <Failed error={error} what="The sums" retry={() => void refetch()} />
      )}
      {data && <Sums sums={data} />}
    </Stack>
  );
}

function Back({ to, children }: { to: string; children: ReactNode }) {
  return (
    <Anchor component={Link} to={to} underline="always" inherit>
      {children}
    </Anchor>
  );
}

function Sums({ sums }: { sums: Rollups }) {
  const { ticket_totals: all, pipeline_total: pipeline, left_out: left } = sums;
  const stale = sums.freshness.filter((of) => !of.is_pulled);
  const hours = (minutes: number | null | undefined) =>
    minutes == null ? null : Math.round((minutes / 60) * 10) / 10;
  const times = sums.tickets.map((month) => ({
    month: month.month,
    response: hours(month.mean_first_response_min),
    resolve: hours(month.mean_resolve_min),
  }));
  return (
    <>
      {stale.length > 0 && <Stale of={stale} />}
      <Text size="sm">
        {countOf(all.tickets, 'ticket')}, {count(all.open)} of them open.{' '}
        {all.mean_first_response_min != null &&
          `First answer after ${duration(all.mean_first_response_min * 60)} on average. `}
        {all.mean_resolve_min != null && `Resolved after ${duration(all.mean_resolve_min * 60)} on average. `}
        Months begin and end in {sums.time_zone}.
      </Text>
      <Figure
        title="Tickets by month"
        columns={['Month', 'Opened', 'Closed']}
        rows={sums.tickets.map((month) => [month.month, count(month.opened), count(month.closed)])}
      >
        <BarChart
          aria-hidden
          barChartProps={PICTURE}
          h={220}
          data={sums.tickets}
          dataKey="month"
          withLegend
          series={[
            { name: 'opened', label: 'Opened', color: 'blue.6' },
            { name: 'closed', label: 'Closed', color: 'teal.7' },
          ]}
        />
      </Figure>
      <Figure
        title="Mean times of tickets, in hours"
        columns={['Month', 'To the first answer', 'To the resolution']}
        rows={times.map((month) => [month.month, shown(month.response), shown(month.resolve)])}
      >
        <LineChart
          aria-hidden
          lineChartProps={PICTURE}
          h={220}
          data={times}
          dataKey="month"
          withLegend
          connectNulls
          series={[
            { name: 'response', label: 'To the first answer', color: 'blue.6' },
            { name: 'resolve', label: 'To the resolution', color: 'orange.7' },
          ]}
        />
      </Figure>
      <Figure
        title="Contract value by month"
        columns={['Month', 'Contracts', 'Billed', 'Cost', 'Expected']}
        rows={sums.contracts.map((month) => [
          month.month,
          count(month.running),
          count(month.billed),
          count(month.billed_cost),
          count(month.expected),
        ])}
      >
        <BarChart
          aria-hidden
          barChartProps={PICTURE}
          h={220}
          data={sums.contracts}
          dataKey="month"
          withLegend
          series={[
            { name: 'billed', label: 'Billed', color: 'teal.7' },
            { name: 'expected', label: 'Expected', color: 'gray.6' },
          ]}
        />
      </Figure>
      <Figure
        title="Open opportunities by stage"
        columns={['Stage', 'Number', 'Amount', 'Weighted']}
        rows={sums.pipeline.map((stage) => [
          stage.stage ?? 'no stage',
          count(stage.count),
          count(stage.amount),
          count(stage.weighted_amount),
        ])}
      >
        <Text size="sm">
          {countOf(pipeline.count, 'open opportunity', 'open opportunities')} of {count(pipeline.amount)},
          weighted by probability {count(pipeline.weighted_amount)}.
        </Text>
      </Figure>
      {left.odd_durations + left.unplaced_values + left.opportunities_without_amount > 0 && (
        <Text size="sm" c="dimmed">
          In no sum: {countOf(left.odd_durations, 'ticket')} with times that cannot be,{' '}
          {countOf(left.unplaced_values, 'billed value')} without a month,{' '}
          {countOf(left.opportunities_without_amount, 'opportunity', 'opportunities')} without an amount.
        </Text>
      )}
    </>
  );
}

/** What is not pulled, and as of when what was pulled is known. */
function Stale({ of }: { of: Rollups['freshness'] }) {
  const { moment, zone } = useDates();
  return (
    <Alert color="yellow" title="Not up to date">
      {of.map(({ entity, as_of }) => (
        <Text size="sm" key={entity}>
          {as_of
            ? `${words(entity)} are no longer pulled: what is shown is as of ${moment(as_of)} (${zone}).`
            : `${words(entity)} are not pulled.`}
        </Text>
      ))}
      <Back to="/settings">Choose what is pulled</Back>
    </Alert>
  );
}

function shown(hours: number | null): string {
  return hours === null ? '–' : count(hours);
}

interface FigureProps {
  title: string;
  columns: string[];
  rows: string[][];
  children: ReactNode;
}

/** A picture, and the same as a table for whoever cannot see it. */
function Figure({ title, columns, rows, children }: FigureProps) {
  return (
    <section className="card" aria-label={title}>
      <Title order={3} size="h5" mb="xs">
        {title}
      </Title>
      {children}
      <details open={rows.length < 7}>
        <summary>As a table</summary>
        <div className="scroll-x">
          <Table aria-label={title}>
            <Table.Thead>
              <Table.Tr>
                {columns.map((column, at) => (
                  <Table.Th scope="col" key={column} className={at > 0 ? 'number' : undefined}>
                    {column}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map(([head, ...cells], at) => (
                <Table.Tr key={`${head}${at}`}>
                  <Table.Th scope="row" fw={500}>
                    {head}
                  </Table.Th>
                  {cells.map((cell, column) => (
                    <Table.Td key={columns[column + 1]} className="number">
                      {cell}
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      </details>
    </section>
  );
}
