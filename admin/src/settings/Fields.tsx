import {
  Checkbox,
  Fieldset,
  Group,
  NumberInput,
  PasswordInput,
  Radio,
  Select,
  Stack,
  TagsInput,
  Text,
  TextInput,
} from '@mantine/core';
import { useMemo } from 'react';
import type { Failure } from '../api/errors';
import type { Settings, TestAnswer } from '../api/types';
import { Moment } from '../ui/Moment';
import { FEATURE_STATE } from '../ui/status';
import type { PrimarySource } from '../app/primarySource';
import { blanks, type Field, type Form, fieldOf, LABELS, SOURCE_NAMES } from './form';

interface Props {
  form: Form;
  set: (part: Partial<Form>) => void;
  stored: Settings;
  wrong: Failure | undefined;
  isReadOnly: boolean;
  /** The last test, for what it says of the write-back. */
  test: TestAnswer | undefined;
}

export function Fields({ form, set, stored, wrong, isReadOnly, test }: Props) {
  const zones = useMemo(
    () => [...new Set(['UTC', form.timeZone, ...Intl.supportedValuesOf('timeZone')])],
    [form.timeZone],
  );
  // Beside IT Glue the assets are IT Glue's; what was ticked before can still be taken back.
  const isSupplement = form.primarySource === 'it_glue';
  const hasWriteBack = !isSupplement || stored.warranty_write_back;
  const errorOf = (field: Field) =>
    wrong && fieldOf(wrong.text('field')) === field ? { error: wrong.message } : {};
  const check = (field: 'contracts' | 'tickets' | 'opportunities') => (
    <Checkbox
      label={LABELS[field]}
      checked={form[field]}
      disabled={isReadOnly}
      onChange={(event) => set({ [field]: event.currentTarget.checked })}
    />
  );
  return (
    <Stack>
      <Checkbox
        label={LABELS.active}
        description={
          <>
            When <b>Checked</b>, the integration will be considered <b>Active</b> and Lifecycle Insights will
            update data <b>Nightly</b>.
          </>
        }
        checked={form.active}
        disabled={isReadOnly}
        onChange={(event) => set({ active: event.currentTarget.checked })}
      />
      <TextInput
        label={LABELS.username}
        autoComplete="off"
        spellCheck={false}
        maxLength={200}
        value={form.username}
        readOnly={isReadOnly}
        description={blanks(form.username)}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        onChange={(event) => set({ username: event.currentTarget.value })}
        {...errorOf('username')}
      />
      {!isReadOnly && (
        <PasswordInput
          label={LABELS.password}
          // Keeps password managers from filling in somebody's own.
          autoComplete="new-password"
          maxLength={200}
          value={form.password}
          placeholder={stored.password.stored ? 'Leave empty to keep the stored one' : ''}
          description={blanks(form.password)}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          visibilityToggleButtonProps={{ 'aria-label': 'Show what is entered' }}
          onChange={(event) => set({ password: event.currentTarget.value })}
          {...errorOf('password')}
        />
      )}
      <Stored stored={stored} />
      <Radio.Group
        label={LABELS.primarySource}
        description={
          isSupplement
            ? 'Autotask only adds what is ticked below, for companies that are linked to IT Glue’s.'
            : 'Autotask: companies, contacts and assets are pulled from it.'
        }
        value={form.primarySource}
        onChange={(source) => set({ primarySource: source })}
        {...errorOf('primarySource')}
      >
        <Group mt="xs">
          {(Object.keys(SOURCE_NAMES) as PrimarySource[]).map((source) => (
            <Radio key={source} value={source} label={SOURCE_NAMES[source]} disabled={isReadOnly} />
          ))}
        </Group>
      </Radio.Group>
      <div className="pair">
        <Fieldset legend="Optional data" disabled={isReadOnly}>
          <Stack gap="xs">
            {check('contracts')}
            {check('tickets')}
            {check('opportunities')}
            {isSupplement && (
              <NumberInput
                label={LABELS.lookbackMonths}
                description="Open tickets are always pulled. Contracts and opportunities come whole."
                min={1}
                max={120}
                allowDecimal={false}
                clampBehavior="strict"
                value={form.lookbackMonths}
                onChange={(months) => typeof months === 'number' && set({ lookbackMonths: months })}
                {...errorOf('lookbackMonths')}
              />
            )}
          </Stack>
        </Fieldset>
        {hasWriteBack && (
          <Fieldset legend="Warranty write-back" disabled={isReadOnly}>
            <Checkbox
              label={LABELS.writeBack}
              description={<WriteBackHelp test={test} />}
              checked={form.writeBack}
              onChange={(event) => set({ writeBack: event.currentTarget.checked })}
            />
          </Fieldset>
        )}
      </div>
      <Fieldset legend="Nights and e-mail" disabled={isReadOnly}>
        <div className="pair">
          <Select
            label={LABELS.timeZone}
            description="Nightly updates run in the small hours of this time zone; the page shows its times, too."
            data={zones}
            value={form.timeZone}
            searchable
            limit={50}
            nothingFoundMessage="No such time zone"
            allowDeselect={false}
            onChange={(zone) => zone && set({ timeZone: zone })}
            {...errorOf('timeZone')}
          />
          <TagsInput
            label={LABELS.recipients}
            description="Besides whoever saves the settings; up to 20 addresses, each ended by Enter or a comma."
            value={form.recipients}
            maxTags={20}
            onChange={(recipients) => set({ recipients })}
            {...errorOf('recipients')}
          />
        </div>
      </Fieldset>
    </Stack>
  );
}

function Stored({ stored }: { stored: Settings }) {
  const { changed_at: at, changed_by: by, stored: isStored } = stored.password;
  return (
    <Text size="sm" data-testid="password-note">
      {isStored ? (
        <>
          Password: stored, changed on {at && <Moment at={at} />} by {by}.
        </>
      ) : (
        'No password is stored yet.'
      )}
    </Text>
  );
}

function WriteBackHelp({ test }: { test: TestAnswer | undefined }) {
  const row = test?.features.find((feature) => feature.feature === 'warranty_write_back');
  return (
    <>
      Off unless you want it. Needs the right Configuration Items, Edit = All, and changes nothing in Autotask
      but that date.{' '}
      {row ? `Last test: ${FEATURE_STATE[row.state].text}.` : 'Test Settings tells whether it is granted.'}
    </>
  );
}
