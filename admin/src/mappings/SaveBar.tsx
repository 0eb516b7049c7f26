import { Alert, Button, Group, Loader, Text } from '@mantine/core';
import { Save, TriangleAlert } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { asFailure } from '../api/errors';
import type { Effect } from '../api/mappings';
import { usePerson } from '../auth/session';
import { count, countOf } from '../ui/format';
import type { Editor } from './useEditor';
import classes from './mappings.module.css';

const EffectDialog = lazy(() => import('./EffectDialog'));

/** Stays on top of the table: what is unsaved, what saving does, and the button. */
export function SaveBar<C>({ editor, children }: { editor: Editor<C>; children?: ReactNode }) {
  const { isAdmin } = usePerson();
  const [isOpen, setOpen] = useState(false);
  const { edits, isDirty, effect, effectError, isSaving } = editor;
  const nChanges = edits.size + editor.newTargets.length + (editor.rules ? 1 : 0);
  const refusals = effect?.refusals ?? [];
  return (
    <div className={classes.bar}>
      <Group justify="space-between" gap="sm">
        <Group gap="sm">
          {isAdmin && (
            <Button
              leftSection={<Save size={16} aria-hidden />}
              disabled={!isDirty || refusals.length > 0}
              loading={isSaving}
              onClick={() => void editor.save()}
            >
              Save Changes
            </Button>
          )}
          {isDirty && (
            <Button variant="subtle" onClick={editor.discard}>
              Discard
            </Button>
          )}
          <div role="status" aria-live="polite" data-testid="effect">
            <Text size="sm" fw={isDirty ? 600 : 400}>
              {isDirty ? `${countOf(nChanges, 'unsaved change')}.` : 'No unsaved changes.'}
            </Text>
            {edits.size > 0 && <Text size="sm">{effect ? summary(effect) : unknown(effectError)}</Text>}
          </div>
          {edits.size > 0 && !effect && !effectError && <Loader size="xs" aria-hidden />}
          {effect && (
            <Button size="xs" variant="default" onClick={() => setOpen(true)}>
              Show effect
            </Button>
          )}
        </Group>
        <Group gap="xs">{children}</Group>
      </Group>
      {refusals.map((refusal) => (
        <Alert
          key={refusal}
          mt="xs"
          p="xs"
          color="red"
          role="alert"
          icon={<TriangleAlert aria-hidden />}
          title={refusal}
        />
      ))}
      <Suspense fallback={null}>
        {isOpen && effect && <EffectDialog effect={effect} onClose={() => setOpen(false)} />}
      </Suspense>
    </div>
  );
}

function unknown(error: unknown): string {
  return error
    ? `The effect could not be worked out: ${asFailure(error).message}. Saving is still checked.`
    : 'Working out the effect …';
}

/** The effect in a line. */
function summary(effect: Effect): string {
  const { assets, active_companies: companies, links, n_companies_changed: n } = effect;
  const lines = [];
  if (companies) {
    const limit = companies.limit == null ? '' : ` of ${count(companies.limit)} allowed`;
    lines.push(`Active companies: ${count(companies.before)} → ${count(companies.after)}${limit}.`);
  }
  if (links) lines.push(`Linked companies: ${count(links.before)} → ${count(links.after)}.`);
  else if (assets.added === 0 && assets.removed === 0 && assets.changed === 0) {
    lines.push('Shown assets stay the same.');
  } else if (assets.added > 0 || assets.removed > 0) {
    const where = countOf(n, 'company', 'companies');
    lines.push(`Shown assets: +${count(assets.added)}, −${count(assets.removed)}, in ${where}.`);
  }
  if (assets.changed > 0) lines.push(`${countOf(assets.changed, 'asset')} with another type or status.`);
  return lines.join(' ');
}
