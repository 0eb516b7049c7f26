import { Button, Group, List, Text } from '@mantine/core';
import { PlugZap, Save } from 'lucide-react';
import { useId } from 'react';
import type { Settings } from '../api/types';
import { countOf } from '../ui/format';
import { type Change, type Form, needsLogin } from './form';
import { HeldOff } from './HeldOff';
import type { HoldOff } from './useHoldOff';

interface Props {
  stored: Settings;
  form: Form;
  changed: Change[];
  held: HoldOff | undefined;
  isTesting: boolean;
  isSaving: boolean;
  onTest: () => void;
  onDiscard: () => void;
}

/** What will happen, then the buttons. */
export function Actions({ stored, form, changed, held, isTesting, isSaving, onTest, onDiscard }: Props) {
  const [pauseId, namelessId] = [useId(), useId()];
  const isDirty = changed.length > 0;
  const isNameless = isDirty && form.username === '';
  const isHeld = held !== undefined && held.leftS > 0;
  return (
    <>
      {changed.length > 0 && (
        <div data-testid="unsaved">
          <Text size="sm" fw={600} mt="md">
            {countOf(changed.length, 'unsaved change')}
          </Text>
          <List size="sm">
            {changed.map(({ field, name, before, after }) => (
              <List.Item key={field}>
                {name}: {before} <span aria-hidden>→</span>
                <span className="visually-hidden">becomes</span> {after}
              </List.Item>
            ))}
          </List>
          <Text size="sm">{effect(stored, form)}</Text>
        </div>
      )}
      {held && (
        <HeldOff id={pauseId} held={held} stored={stored} form={form} canSave={isDirty && !isNameless} />
      )}
      {isNameless && (
        <Text size="sm" mt="md" id={namelessId}>
          Enter the API user name to save.
        </Text>
      )}
      <Group mt="md">
        <Button
          variant="default"
          leftSection={<PlugZap size={16} aria-hidden />}
          loading={isTesting}
          disabled={isHeld}
          {...(held ? { 'aria-describedby': pauseId } : {})}
          onClick={onTest}
        >
          Test Settings
        </Button>
        <Button
          type="submit"
          leftSection={<Save size={16} aria-hidden />}
          loading={isSaving}
          disabled={!isDirty || isNameless || (isHeld && needsLogin(form, stored))}
          {...(held || isNameless ? { 'aria-describedby': isNameless ? namelessId : pauseId } : {})}
        >
          Save Settings
        </Button>
        {changed.length > 0 && (
          <Button variant="subtle" onClick={onDiscard}>
            Discard changes
          </Button>
        )}
      </Group>
    </>
  );
}

/** What saving sets in motion. */
function effect(stored: Settings, form: Form): string {
  const neverLoaded = stored.run === null && stored.last_run === null;
  if (form.active && !stored.active && neverLoaded) {
    return 'Saving starts the initial sync at once. It can take up to 1 hour; an e-mail tells when it is complete.';
  }
  if (form.active && !stored.active) return 'Saving goes on where the integration was switched off.';
  if (!form.active && stored.active)
    return 'Saving stops nightly updates, and a run under way after the page in hand.';
  return '';
}
