import { Alert, Anchor, List, Text } from '@mantine/core';
import { CheckCircle2, XCircle } from 'lucide-react';
import type { TestAnswer } from '../api/types';
import { count } from '../ui/format';

/** What a test found: the verdict, and what to do. */
export function TestResult({ answer }: { answer: TestAnswer }) {
  return (
    <div data-testid="test-result">
      <Alert
        mt="md"
        color={answer.ok ? 'green' : 'red'}
        role={answer.ok ? 'status' : 'alert'}
        icon={answer.ok ? <CheckCircle2 aria-hidden /> : <XCircle aria-hidden />}
        title={answer.message}
      >
        {answer.fix && <Text size="sm">{answer.fix}</Text>}
        {!answer.ok && (
          <Text size="sm" mt={4}>
            If that does not help,{' '}
            <Anchor
              href={`mailto:support@lifecycleinsights.io?subject=${encodeURIComponent(`Autotask integration, reference ${answer.reference}`)}`}
              underline="always"
              inherit
            >
              e-mail support
            </Anchor>{' '}
            with the reference <code>{answer.reference}</code>.
          </Text>
        )}
        <Facts answer={answer} />
      </Alert>
      {answer.warnings.length > 0 && (
        <Alert mt="sm" color="yellow" title="Worth knowing">
          <List size="sm">
            {answer.warnings.map((warning) => (
              <List.Item key={`${warning.code}${warning.message}`}>{warning.message}</List.Item>
            ))}
          </List>
        </Alert>
      )}
    </div>
  );
}

function Facts({ answer }: { answer: TestAnswer }) {
  const { zone, usage, duration_ms: ms, clock_skew_s: skew } = answer;
  const facts = [
    zone && `Zone ${zone.host}${zone.database ? `, database ${zone.database}` : ''}.`,
    usage &&
      `${count(usage.used)} of ${count(usage.limit)} API calls used in the last hour by all integrations.`,
    skew != null && Math.abs(skew) > 5 && `Autotask’s clock differs from ours by ${skew} s.`,
    `The test took ${(ms / 1_000).toFixed(1)} s and made one login.`,
  ];
  return (
    <Text size="sm" mt={4}>
      {facts.filter(Boolean).join(' ')}
    </Text>
  );
}
