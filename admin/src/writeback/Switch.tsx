import { Alert, Button, Group, Switch, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { newIdempotencyKey } from '../api/client';
import { asFailure } from '../api/errors';
import { settingsQuery, useSave, useTest } from '../api/queries';
import type { Settings, TestAnswer } from '../api/types';
import { usePerson } from '../auth/session';
import { draftOf, formOf } from '../settings/form';
import { done, failed } from '../ui/notify';
import { Sign } from '../ui/Sign';
import { Failed, Loading } from '../ui/states';
import { FEATURE_STATE } from '../ui/status';

/** Whether dates may be written at all, and whether Autotask lets us. */
export function WriteBackSwitch() {
  const { data, error, refetch } = useQuery(settingsQuery);
  if (data) return <Card settings={data} />;
  return error ? (
    <Failed error={error} what="The switch" retry={() => void refetch()} />
  ) : (
    <Loading what="the switch" lines={2} />
  );
}

function Card({ settings }: { settings: Settings }) {
  const { isAdmin } = usePerson();
  const save = useSave();
  const test = useTest();
  const isOn = settings.warranty_write_back;
  const isSetUp = settings.version > 0;

  async function check(writeBack: boolean) {
    try {
      const { username, pulls } = settings;
      await test.mutateAsync({ username, password: '', pulls, write_back: writeBack });
    } catch (error) {
      failed('The right could not be checked', error);
    }
  }

  async function set(next: boolean) {
    try {
      const draft = draftOf({ ...formOf(settings), writeBack: next }, settings.version);
      await save.mutateAsync({ draft, key: newIdempotencyKey() });
      done(
        next ? 'Write-back switched on' : 'Write-back switched off',
        next
          ? 'Nothing is written before somebody has approved a whole plan.'
          : 'Nothing is written from now on.',
      );
      if (next) await check(true);
    } catch (error) {
      const failure = asFailure(error);
      failed('The switch was not changed', failure);
    }
  }

  return (
    <section className="card" aria-labelledby="switch-title">
      <Group justify="space-between" align="flex-start">
        <div>
          <Title order={2} size="h5" id="switch-title" mb="xs">
            Switch
          </Title>
          <Switch
            label="Write warranty expiration dates back to Autotask"
            description={
              isOn
                ? 'On. A plan is made after each night. It waits for your approval, until you have once approved a whole plan; from then on nights write by themselves, up to the number of dates that the policy allows. Taking a plan back ends that.'
                : isSetUp
                  ? 'Off. Plans can be made and looked at; nothing can be written.'
                  : 'Off. Enter the API user in the settings of Autotask first; then it can be switched on.'
            }
            checked={isOn}
            disabled={!isAdmin || !isSetUp || save.isPending}
            onChange={(event) => void set(event.currentTarget.checked)}
          />
        </div>
        {isAdmin && isSetUp && (
          <Button
            size="xs"
            variant="default"
            leftSection={<KeyRound size={14} aria-hidden />}
            loading={test.isPending}
            onClick={() => void check(true)}
          >
            Check the right in Autotask
          </Button>
        )}
      </Group>
      <div aria-live="polite">{test.data && <Right answer={test.data} />}</div>
    </section>
  );
}

function Right({ answer }: { answer: TestAnswer }) {
  const feature = answer.features.find((one) => one.feature === 'warranty_write_back');
  if (!feature) {
    return (
      <Alert color="red" mt="sm" title="The right could not be checked">
        {answer.message}
      </Alert>
    );
  }
  const { tone, icon, text } = FEATURE_STATE[feature.state];
  const isMissing = feature.state === 'missing';
  return (
    <Group gap="sm" mt="sm" align="flex-start">
      <Sign tone={tone} icon={icon} text={`Configuration Items, Edit: ${text}`} />
      <Text size="sm">
        {feature.message}{' '}
        {isMissing &&
          'In Autotask: Admin > Security Levels > CRM > Object Permissions > Configuration Items & Subscriptions: Edit = All.'}
      </Text>
    </Group>
  );
}
