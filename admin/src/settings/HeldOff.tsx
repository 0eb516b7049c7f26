import { Text } from '@mantine/core';
import type { Settings } from '../api/types';
import { duration } from '../ui/format';
import { type Form, hasNewLogin, needsLogin } from './form';
import type { HoldOff } from './useHoldOff';

interface Props {
  id: string;
  held: HoldOff;
  stored: Settings;
  form: Form;
  /** Something is changed that could be saved. */
  canSave: boolean;
}

/** What waits for a login, for how long, and what can be done meanwhile. */
export function HeldOff({ id, held, stored, form, canSave }: Props) {
  const isOver = held.leftS === 0;
  return (
    <Text size="sm" mt="md" role="status" data-testid="hold-off" id={id}>
      {isOver ? (
        'A login may be tried again now.'
      ) : (
        <>
          {held.reason}.{' '}
          {needsLogin(form, stored) ? '“Test Settings” and “Save Settings” wait' : '“Test Settings” waits'}{' '}
          for that: <span role="timer">{duration(held.leftS)}</span> left. {meanwhile(form, stored, canSave)}
        </>
      )}
    </Text>
  );
}

function meanwhile(form: Form, stored: Settings, canSave: boolean): string {
  if (needsLogin(form, stored)) {
    return 'Meanwhile you can go on editing; with “Autotask Integration Active” unchecked, saving needs no login.';
  }
  if (!canSave) return 'Meanwhile you can go on editing.';
  return hasNewLogin(form, stored)
    ? 'Meanwhile you can save: the integration is not active, so the login is stored without being tried.'
    : 'Meanwhile you can save: what you changed needs no login.';
}
