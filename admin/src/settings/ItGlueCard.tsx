import { Alert, Button, Group, PasswordInput, Select, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { asFailure } from '../api/errors';
import { itGlueQuery, useItGlueSave, useItGlueTest } from '../api/itGlue';
import type { ItGlue, ItGlueTest } from '../api/types';
import { usePerson } from '../auth/session';
import { countOf } from '../ui/format';
import { Moment } from '../ui/Moment';
import { done, failed } from '../ui/notify';
import { Failed, Loading } from '../ui/states';
import { UnsavedGuard } from '../ui/UnsavedGuard';

type Region = ItGlue['region'];

const REGIONS: { value: Region; label: string }[] = [
  { value: 'us', label: 'United States' },
  { value: 'eu', label: 'Europe' },
  { value: 'au', label: 'Australia' },
];

/** How IT Glue is reached, and what its organizations showed last. */
export function ItGlueCard() {
  const { data, error, isPending, refetch } = useQuery(itGlueQuery);
  return (
    <section className="card" aria-labelledby="it-glue-title">
      <Title order={2} size="h4" mb="sm" id="it-glue-title">
        IT Glue
      </Title>
      {isPending && <Loading what="IT Glue’s settings" />}
      {error && !data && <Failed error={error} what="IT Glue’s settings" retry={() => void refetch()} />}
      {data && <ItGlueForm stored={data} />}
    </section>
  );
}

function ItGlueForm({ stored }: { stored: ItGlue }) {
  const { isAdmin } = usePerson();
  // None while it is as stored, so that what others save is shown.
  const [chosen, setRegion] = useState<Region>();
  const region = chosen ?? stored.region;
  const [key, setKey] = useState('');
  const [wrong, setWrong] = useState<string>();
  const test = useItGlueTest();
  const save = useItGlueSave();
  const isDirty = key !== '' || region !== stored.region;
  const values = { region, api_key: key || null };

  async function attempt(what: string, work: () => Promise<void>) {
    setWrong(undefined);
    try {
      await work();
    } catch (error) {
      const failure = asFailure(error);
      if (failure.text('field') === 'api_key' || failure.text('reason') === 'key_refused')
        setWrong(failure.message);
      else failed(what, error);
    }
  }

  async function runTest() {
    await test.mutateAsync(values);
  }

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void attempt('The API key was not saved', async () => {
          await save.mutateAsync({ ...values, version: stored.version });
          // What was entered while the save was under way is still to be saved.
          setKey((now) => (now === key ? '' : now));
          setRegion((now) => (now === chosen ? undefined : now));
          done(
            'IT Glue saved',
            'Its companies are read by the next run; an active integration begins one now.',
          );
        });
      }}
    >
      <Stack gap="sm">
        <Reading stored={stored} />
        <Select
          label="Region"
          data={REGIONS}
          value={region}
          allowDeselect={false}
          disabled={!isAdmin}
          onChange={(value) => value && setRegion(value)}
        />
        {isAdmin && (
          <>
            <PasswordInput
              label="API key"
              autoComplete="new-password"
              maxLength={200}
              value={key}
              placeholder={stored.api_key.stored ? 'Leave empty to keep the stored one' : ''}
              description="IT Glue: Account > Settings > API Keys. It only has to read organizations."
              visibilityToggleButtonProps={{ 'aria-label': 'Show the key that is entered' }}
              error={wrong}
              onChange={(event) => setKey(event.currentTarget.value)}
            />
            <Group>
              <Button
                variant="default"
                loading={test.isPending}
                onClick={() => void attempt('The test could not be made', runTest)}
              >
                Test IT Glue
              </Button>
              <Button type="submit" loading={save.isPending} disabled={!isDirty}>
                Save IT Glue
              </Button>
            </Group>
          </>
        )}
        <div aria-live="polite">{test.data && <Tested answer={test.data} />}</div>
      </Stack>
      <UnsavedGuard isDirty={isDirty && isAdmin} staysAt="/settings" />
    </form>
  );
}

function Tested({ answer }: { answer: ItGlueTest }) {
  return (
    <Alert color={answer.ok ? 'green' : 'red'} role={answer.ok ? 'status' : 'alert'} title={answer.message}>
      {answer.n_organizations != null && `The key sees ${countOf(answer.n_organizations, 'organization')}.`}
    </Alert>
  );
}

function Reading({ stored }: { stored: ItGlue }) {
  const { organizations: read, api_key: key } = stored;
  return (
    <>
      <Text size="sm" data-testid="it-glue-note">
        {key.stored ? (
          <>
            API key: stored, changed on {key.changed_at && <Moment at={key.changed_at} />} by {key.changed_by}
            .
          </>
        ) : (
          'No API key is stored yet.'
        )}{' '}
        {read && !read.error && (
          <>
            {countOf(read.n_organizations, 'organization')}, read <Moment at={read.at} />.
          </>
        )}
      </Text>
      {read?.error && (
        <Alert color={read.key_fault ? 'red' : 'yellow'} title="IT Glue’s organizations were not read">
          {read.error}
        </Alert>
      )}
    </>
  );
}
