import { Table, Text, Title } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type Policy, type RuleCount, type Simulation, simulationQuery } from '../api/warranties';
import { count, countOf } from '../ui/format';
import { Sign } from '../ui/Sign';
import { Failed, Loading } from '../ui/states';
import { DECISION, hasNoDates, RULE } from './looks';

/** How many rows each rule lets through or holds, with the policy as entered beside the stored one. */
export function Simulator({ policy, stored }: { policy: Policy; stored: Policy }) {
  const tried = useQuery({ ...simulationQuery(policy), placeholderData: keepPreviousData });
  const before = useQuery(simulationQuery(stored));
  return (
    <section className="card" aria-labelledby="simulator-title" aria-busy={tried.isFetching}>
      <Title order={2} size="h5" id="simulator-title">
        What this means on your present data
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        Worked out as you choose; it stores nothing and writes nothing.
      </Text>
      {tried.isPending && <Loading what="the simulation" lines={6} />}
      {tried.error && <Failed error={tried.error} what="The simulation" retry={() => void tried.refetch()} />}
      {tried.data && <Counts tried={tried.data} before={before.data ?? tried.data} />}
    </section>
  );
}

function Counts({ tried, before }: { tried: Simulation; before: Simulation }) {
  const rules = rulesOf(tried, before);
  return (
    <>
      <Text size="sm" fw={600} role="status" data-testid="simulated">
        {countOf(tried.n_writes, 'date')} of {countOf(tried.n_assets, 'asset')} would be written
        {tried.n_over_cap > 0 ? `, ${count(tried.n_over_cap)} more wait for later runs` : ''}. The stored
        policy: {count(before.n_writes)}.
      </Text>
      {hasNoDates(tried.rules) && (
        <Text size="sm" mt="xs">
          No warranty dates yet: none is known for any asset that may be written.
        </Text>
      )}
      <div className="scroll-x">
        <Table aria-labelledby="simulator-title" mt="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Rule</Table.Th>
              <Table.Th scope="col">Does</Table.Th>
              <Table.Th scope="col" className="number">
                Rows
              </Table.Th>
              <Table.Th scope="col" className="number">
                Stored policy
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rules.map(({ rule, decision, words, n_rows, n_before }) => (
              <Table.Tr key={rule} fw={n_rows === n_before ? 400 : 600}>
                <Table.Th scope="row" fw={500}>
                  {RULE[rule]}
                  <Text size="xs" c="dimmed" fw={400}>
                    {words}
                  </Text>
                </Table.Th>
                <Table.Td>
                  <Sign {...DECISION[decision]} />
                </Table.Td>
                <Table.Td className="number">{count(n_rows)}</Table.Td>
                <Table.Td className="number">{count(n_before)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </>
  );
}

/** Every rule that decides with either policy, in the order of asking. */
function rulesOf(tried: Simulation, before: Simulation): (RuleCount & { n_before: number })[] {
  const order = Object.keys(RULE);
  const all = new Map([...before.rules, ...tried.rules].map((one) => [one.rule, one]));
  const nOf = (simulation: Simulation, rule: string) =>
    simulation.rules.find((one) => one.rule === rule)?.n_rows ?? 0;
  return [...all.values()]
    .sort((one, other) => order.indexOf(one.rule) - order.indexOf(other.rule))
    .map((one) => ({ ...one, n_rows: nOf(tried, one.rule), n_before: nOf(before, one.rule) }));
}
