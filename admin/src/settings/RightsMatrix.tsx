import { Table, Text, Title } from '@mantine/core';
import type { Feature, TestAnswer } from '../api/types';
import { words } from '../ui/format';
import { Sign } from '../ui/Sign';
import { FEATURE_STATE, RIGHT_STATE } from '../ui/status';

const FEATURES: Record<string, string> = {
  assets: 'Companies, contacts and assets',
  contracts: 'Contracts',
  tickets: 'Tickets',
  opportunities: 'Opportunities',
  warranty_write_back: 'Warranty write-back',
};

/** Which rights each feature needs and has; what is missing names its box in the security level. */
export function RightsMatrix({ answer }: { answer: TestAnswer }) {
  return (
    <section className="card scroll-x" aria-labelledby="rights-title" tabIndex={0}>
      <Title order={2} size="h4" id="rights-title">
        Rights of the API user
      </Title>
      <Table aria-labelledby="rights-title">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Right</Table.Th>
            <Table.Th scope="col">State</Table.Th>
            <Table.Th scope="col">Box in Autotask’s security level</Table.Th>
          </Table.Tr>
        </Table.Thead>
        {answer.features.map((feature) => (
          <Rows key={feature.feature} feature={feature} />
        ))}
      </Table>
      {answer.excess.length > 0 && <Excess answer={answer} />}
    </section>
  );
}

function Rows({ feature }: { feature: Feature }) {
  const state = FEATURE_STATE[feature.state];
  return (
    <Table.Tbody>
      <Table.Tr bg="#f5f7f9">
        <Table.Th scope="rowgroup">
          {FEATURES[feature.feature] ?? words(feature.feature)}
          <Text size="xs" c="dimmed" fw={400}>
            {feature.is_needed ? 'switched on' : 'switched off'}
          </Text>
        </Table.Th>
        <Table.Td>
          <Sign tone={state.tone} icon={state.icon} text={state.text} />
        </Table.Td>
        <Table.Td>{feature.is_needed ? feature.message : ''}</Table.Td>
      </Table.Tr>
      {feature.is_needed &&
        feature.rights.map((right) => {
          const look = RIGHT_STATE[right.state];
          return (
            <Table.Tr key={`${right.entity}${right.action}`} data-state={right.state}>
              <Table.Td pl="xl">
                {words(right.entity)}: {right.action}
              </Table.Td>
              <Table.Td>
                <Sign tone={look.tone} icon={look.icon} text={look.text} />
              </Table.Td>
              <Table.Td>{right.setting}</Table.Td>
            </Table.Tr>
          );
        })}
    </Table.Tbody>
  );
}

function Excess({ answer }: { answer: TestAnswer }) {
  const rights = answer.excess.map((right) => `${right.action} ${words(right.entity).toLowerCase()}`);
  return (
    <Text size="sm" mt="xs">
      Never needed, and better taken away: {rights.join(', ')}.
    </Text>
  );
}
