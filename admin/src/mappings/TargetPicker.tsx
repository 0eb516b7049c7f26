import { NativeSelect } from '@mantine/core';
import type { Target } from '../api/mappings';
import { IGNORE, targetName } from './targets';

interface Props {
  /** Names the row for those who hear the page. */
  label: string;
  targets: Target[];
  newTargets: string[];
  choice: string | null;
  /** What holds without a choice; without one there is nothing to go back to. */
  otherwise: string;
  isDisabled: boolean;
  onChange: (choice: string | null) => void;
}

/** The drop-down of a row; a native one, so that typing a letter jumps to its targets everywhere. */
export function TargetPicker({ label, targets, newTargets, choice, otherwise, isDisabled, onChange }: Props) {
  return (
    <NativeSelect
      size="xs"
      aria-label={label}
      disabled={isDisabled}
      value={choice ?? ''}
      onChange={(event) => onChange(event.currentTarget.value || null)}
    >
      <option value="">No choice: {targetName(targets, otherwise)}</option>
      {targets.map((target) => (
        <option key={target.id} value={target.id}>
          {target.name}
        </option>
      ))}
      {newTargets.map((name) => (
        <option key={name} value={name}>
          {name} (new)
        </option>
      ))}
      <option value={IGNORE}>Ignore</option>
    </NativeSelect>
  );
}
