import { Button, Checkbox, Modal, Stack, Switch } from '@mantine/core';
import { SlidersHorizontal } from 'lucide-react';
import { useState } from 'react';
import type { LinkPage, MatchingRules } from '../api/mappings';
import { STRICT, typeName } from './rules';

interface Props {
  /** Those that count now, saved or not. */
  rules: MatchingRules;
  types: LinkPage['company_types'];
  onChange: (rules: MatchingRules) => void;
}

/** What “map companies” may match by itself; changed here, saved along with the links. */
export function MatchingRulesButton({ rules, types, onChange }: Props) {
  const [isOpen, setOpen] = useState(false);
  const byNumber = (a: number, b: number) => a - b;
  // A type that Autotask has no longer can still be taken out.
  const gone = rules.excluded_types.filter((id) => !types.some((type) => type.id === id));
  const named = [...types, ...gone.map((id) => ({ id, name: typeName(id, types) }))];
  return (
    <>
      <Button
        size="xs"
        variant="default"
        leftSection={<SlidersHorizontal size={14} aria-hidden />}
        onClick={() => setOpen(true)}
      >
        Matching rules
      </Button>
      <Modal opened={isOpen} onClose={() => setOpen(false)} title="Matching rules">
        <Stack>
          <Switch
            label={STRICT}
            description="“My Company, LLC” and “My Company” become an amber suggestion rather than a green row."
            checked={rules.is_strict}
            onChange={(event) => onChange({ ...rules, is_strict: event.currentTarget.checked })}
          />
          <Checkbox.Group
            label="Company types that are never matched"
            description="Autotask companies of these types are only suggested; they can still be chosen by hand."
            value={rules.excluded_types.map(String)}
            onChange={(ids) => onChange({ ...rules, excluded_types: ids.map(Number).sort(byNumber) })}
          >
            <Stack gap="xs" mt="xs">
              {named.map(({ id, name }) => (
                <Checkbox key={id} value={String(id)} label={name} />
              ))}
            </Stack>
          </Checkbox.Group>
          <Button onClick={() => setOpen(false)}>Done</Button>
        </Stack>
      </Modal>
    </>
  );
}
