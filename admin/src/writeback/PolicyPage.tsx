import { Alert, Button, Checkbox, Group, NumberInput, Radio, Stack, Text, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { asFailure, type Failure } from '../api/errors';
import { type Mode, type Policy, type PolicyView, policyQuery, useSavePolicy } from '../api/warranties';
import { usePerson } from '../auth/session';
import { Moment } from '../ui/Moment';
import { done, failed } from '../ui/notify';
import { Shortfall } from '../ui/Shortfall';
import { Failed, Loading } from '../ui/states';
import { UnsavedGuard } from '../ui/UnsavedGuard';
import { MODE, policyText } from './looks';
import { Simulator } from './Simulator';

/** Longest wait after the last key before the policy is tried out. */
const SETTLE_MS = 300;

/** Which dates may be written, and what that means on the present data. */
export function PolicyPage() {
  const query = useQuery(policyQuery);
  const { data, error, isPending, refetch } = query;
  if (isPending) return <Loading what="the policy" lines={8} />;
  if (!data) return <Failed error={error} what="The policy" retry={() => void refetch()} />;
  return (
    <>
      <Shortfall of={query} what="The policy" />
      <PolicyForm stored={data} />
    </>
  );
}

function PolicyForm({ stored }: { stored: PolicyView }) {
  const { isAdmin, email } = usePerson();
  const [read, setRead] = useState(stored);
  const [base, setBase] = useState(stored);
  const [policy, setPolicy] = useState(stored.policy as Policy);
  const [wrong, setWrong] = useState<Failure>();
  const [tried] = useDebouncedValue(policy, SETTLE_MS);
  const save = useSavePolicy();
  const isDirty = JSON.stringify(policy) !== JSON.stringify(base.policy);

  // Nothing is entered, so what was read since can be shown at once: what others saved, or when one's own save was.
  if (!isDirty && stored !== read) {
    setRead(stored);
    setBase(stored);
    setPolicy(stored.policy as Policy);
  }

  function set(part: Partial<Policy>) {
    setWrong(undefined);
    setPolicy((now) => ({ ...now, ...part }));
  }

  function discard() {
    setWrong(undefined);
    setBase(stored);
    setPolicy(stored.policy as Policy);
  }

  async function run() {
    try {
      const { version } = await save.mutateAsync({ version: base.version, policy });
      setBase({ version, policy, by: email, at: '' });
      done('Policy saved', 'It judges the next plan. Nothing was written to Autotask.');
    } catch (error) {
      const failure = asFailure(error);
      if (failure.code === 'invalid_request' && failure.text('field')) setWrong(failure);
      else failed('The policy was not saved', failure);
    }
  }

  const errorOf = (field: keyof Policy) =>
    wrong?.text('field') === `policy.${field}` ? { error: wrong.message } : {};
  const number = (field: 'tolerance_days' | 'far_future_years' | 'cap_rows', label: string, max: number) => (
    <NumberInput
      label={label}
      min={1}
      max={max}
      allowDecimal={false}
      clampBehavior="blur"
      value={policy[field]}
      disabled={!isAdmin}
      onChange={(value) => typeof value === 'number' && set({ [field]: value })}
      {...errorOf(field)}
    />
  );
  const check = (
    field: 'vendor_sourced_only' | 'skips_inactive' | 'skips_junk_serials',
    label: string,
    description: string,
  ) => (
    <Checkbox
      label={label}
      description={description}
      checked={policy[field]}
      disabled={!isAdmin}
      onChange={(event) => set({ [field]: event.currentTarget.checked })}
    />
  );

  return (
    <div className="columns">
      <section className="card" aria-labelledby="policy-title">
        <Title order={2} size="h5" id="policy-title">
          Which dates may be written
        </Title>
        <Text size="sm" c="dimmed" mb="md">
          {base.version === 0 ? (
            'Nobody changed it yet.'
          ) : (
            <>
              Version {base.version}, {base.at && <Moment at={base.at} />} by {base.by}.
            </>
          )}
        </Text>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void run();
          }}
        >
          <Stack>
            <Radio.Group
              label="Where Autotask and we differ"
              value={policy.mode}
              onChange={(mode) => set({ mode: mode })}
            >
              <Stack gap="xs" mt="xs">
                {(Object.keys(MODE) as Mode[]).map((mode) => (
                  <Radio
                    key={mode}
                    value={mode}
                    label={MODE[mode].label}
                    description={MODE[mode].help}
                    disabled={!isAdmin}
                  />
                ))}
              </Stack>
            </Radio.Group>
            {check(
              'vendor_sourced_only',
              'Only what a vendor itself answered',
              'Estimates, dates typed by hand and copies from other integrations are not written.',
            )}
            {check('skips_inactive', 'Skip inactive assets', 'Autotask would keep a new version of each.')}
            {check(
              'skips_junk_serials',
              'Skip assets without a usable serial number',
              'A placeholder such as “To be filled by O.E.M.” tells no vendor which device is meant.',
            )}
            <div className="pair">
              {number('tolerance_days', 'Leave differences of up to (days)', 365)}
              {number('far_future_years', 'Skip dates further ahead than (years)', 50)}
              {number('cap_rows', 'Most dates of one run', 50_000)}
            </div>
            {isDirty && stored.version !== base.version && !save.isPending && (
              <Newer stored={stored} onKeep={() => setBase(stored)} onTake={discard} />
            )}
            {isAdmin && (
              <Group>
                <Button type="submit" disabled={!isDirty} loading={save.isPending}>
                  Save policy
                </Button>
                <Button variant="default" disabled={!isDirty} onClick={discard}>
                  Discard
                </Button>
                <Text size="sm">{isDirty ? 'Not saved yet.' : 'No unsaved changes.'}</Text>
              </Group>
            )}
          </Stack>
        </form>
        <UnsavedGuard isDirty={isDirty && isAdmin} staysAt="/write-back/policy" />
      </section>
      <Simulator policy={tried} stored={base.policy as Policy} />
    </div>
  );
}

interface NewerProps {
  stored: PolicyView;
  onKeep: () => void;
  onTake: () => void;
}

/** Somebody else saved since the policy was read: what it is now, and which one stays. */
function Newer({ stored, onKeep, onTake }: NewerProps) {
  return (
    <Alert color="yellow" role="alert" title="Somebody else saved meanwhile">
      <Text size="sm">
        {stored.by} saved version {stored.version}, <Moment at={stored.at} />. It is now:{' '}
        {policyText(stored.policy as Policy)}. Nothing of yours is stored yet.
      </Text>
      <Group mt="xs" gap="xs">
        <Button size="xs" variant="default" onClick={onKeep}>
          Keep mine, to be saved over it
        </Button>
        <Button size="xs" variant="default" onClick={onTake}>
          Take theirs
        </Button>
      </Group>
    </Alert>
  );
}
