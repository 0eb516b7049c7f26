import { Anchor, Group, Text, Title } from '@mantine/core';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { newIdempotencyKey } from '../api/client';
import { asFailure, type Failure } from '../api/errors';
import { useSave, type useTest } from '../api/queries';
import type { Settings } from '../api/types';
import { usePerson } from '../auth/session';
import { done, failed } from '../ui/notify';
import { UnsavedGuard } from '../ui/UnsavedGuard';
import { Actions } from './Actions';
import { ConflictDialog } from './ConflictDialog';
import { Fields } from './Fields';
import { changes, draftOf, type Field, type Form, fieldOf, formOf, keptSince } from './form';
import { SaveAnywayDialog } from './SaveAnywayDialog';
import { TestResult } from './TestResult';
import { useHoldOff } from './useHoldOff';

/** What a test is about: changed, what it found is said of something else. */
const TESTED: readonly Field[] = [
  'username',
  'password',
  'contracts',
  'tickets',
  'opportunities',
  'primarySource',
  'writeBack',
];

const Instructions = lazy(() => import('./Instructions'));

/** What is entered lives here until it is saved; a refreshed copy of the stored settings never overwrites it. */
export function SettingsForm({ stored, test }: { stored: Settings; test: ReturnType<typeof useTest> }) {
  const { isAdmin } = usePerson();
  const [base, setBase] = useState(stored);
  const [form, setForm] = useState(() => formOf(stored));
  const [wrong, setWrong] = useState<Failure>();
  const [refusal, setRefusal] = useState<Failure>();
  const [conflict, setConflict] = useState<Failure>();
  const [isHelpOpen, setHelpOpen] = useState(false);
  const [held, holdOff] = useHoldOff(stored.login.retry_after_s);
  const save = useSave();
  const isAtSave = useRef(false);
  const latest = useRef(form);
  useEffect(() => {
    latest.current = form;
  });
  const changed = changes(formOf(base), form, base);
  const isDirty = changed.length > 0;

  // Nothing is entered, so what others saved can be shown at once.
  if (!isDirty && stored.version !== base.version) {
    setBase(stored);
    setForm(formOf(stored));
  }

  async function runTest() {
    setWrong(undefined);
    holdOff();
    const { contracts, tickets, opportunities } = form;
    try {
      await test.mutateAsync({
        username: form.username,
        password: form.password,
        pulls: { contracts, tickets, opportunities },
        write_back: form.writeBack,
      });
    } catch (error) {
      take(asFailure(error), 'The test could not be made');
    }
  }

  async function runSave(values: Form, version: number, { saveAnyway = false, isUndo = false } = {}) {
    // The second of two quick clicks comes before the button is off.
    if (isAtSave.current) return;
    isAtSave.current = true;
    setWrong(undefined);
    const [before, sent] = [formOf(base), latest.current];
    // A former password is not known here, so neither can it be restored.
    const canUndo =
      !isUndo && base.version > 0 && values.password === '' && values.username === base.username;
    try {
      const saved = await save.mutateAsync({
        draft: draftOf(values, version, saveAnyway),
        key: newIdempotencyKey(),
      });
      setBase(saved);
      setForm((now) => keptSince(sent, now, formOf(saved)));
      setConflict(undefined);
      setRefusal(undefined);
      if (held?.leftS === 0) holdOff();
      const undo = canUndo ? () => void runSave(before, saved.version, { isUndo: true }) : undefined;
      const text = saved.warnings.join(' ') || savedText(saved);
      done('Settings saved', text, undo);
    } catch (error) {
      if (isUndo) failed('This could not be undone', error);
      else take(asFailure(error), 'The settings were not saved');
    } finally {
      isAtSave.current = false;
    }
  }

  function take(failure: Failure, title: string) {
    const field = fieldOf(failure.text('field'));
    if (failure.code === 'version_conflict') setConflict(failure);
    else if (failure.code === 'login_refused') setRefusal(failure);
    else if (failure.code === 'held_off') holdOff(failure);
    else if (failure.code === 'invalid_request' && field) setWrong(failure);
    else failed(title, failure);
  }

  return (
    <section className="card" aria-labelledby="settings-title">
      <Group justify="space-between" mb="md">
        <Title order={2} size="h4" id="settings-title">
          Configuration Settings for Autotask Data Integration
        </Title>
        <Anchor component="button" type="button" underline="always" onClick={() => setHelpOpen(true)}>
          Configuration Instructions
        </Anchor>
      </Group>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void runSave(form, base.version);
        }}
      >
        <Fields
          form={form}
          set={(part) => {
            if (TESTED.some((field) => field in part)) test.reset();
            setForm((now) => ({ ...now, ...part }));
          }}
          stored={base}
          wrong={wrong}
          isReadOnly={!isAdmin}
          test={test.data}
        />
        {isAdmin && (
          <Actions
            stored={base}
            form={form}
            changed={changed}
            held={held}
            isTesting={test.isPending}
            isSaving={save.isPending}
            onTest={() => void runTest()}
            onDiscard={() => {
              test.reset();
              setForm(formOf(base));
            }}
          />
        )}
      </form>
      <div aria-live="polite">{test.data && <TestResult answer={test.data} />}</div>
      <Text size="xs" c="dimmed" mt="md">
        The password is never shown again, nor kept in this browser.
      </Text>
      <UnsavedGuard isDirty={isDirty && isAdmin} staysAt="/settings" />
      <Suspense fallback={null}>{isHelpOpen && <Instructions onClose={() => setHelpOpen(false)} />}</Suspense>
      <SaveAnywayDialog
        refusal={refusal}
        onClose={() => setRefusal(undefined)}
        onSave={() => void runSave(form, base.version, { saveAnyway: true })}
      />
      {conflict && (
        <ConflictDialog
          mine={form}
          base={base}
          onClose={() => setConflict(undefined)}
          onResolve={(merged, theirs, isToBeSaved) => {
            setBase(theirs);
            setForm(merged);
            setConflict(undefined);
            if (isToBeSaved) void runSave(merged, theirs.version);
          }}
        />
      )}
    </section>
  );
}

function savedText(saved: Settings): string {
  if (saved.status === 'loading') return 'The initial sync has begun; an e-mail tells when it is complete.';
  return saved.active
    ? 'The integration is active; data is updated nightly.'
    : 'The integration is not active.';
}
