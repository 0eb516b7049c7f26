import { Button, Group, Radio, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { settingsQuery } from '../api/queries';
import type { Settings } from '../api/types';
import { Dialog } from '../ui/Dialog';
import { Moment } from '../ui/Moment';
import { Loading } from '../ui/states';
import { changes, type Field, type Form, formOf } from './form';

interface Props {
  mine: Form;
  /** What both began with. */
  base: Settings;
  onClose: () => void;
  onResolve: (merged: Form, theirs: Settings, isToBeSaved: boolean) => void;
}

/** Somebody else saved meanwhile: shows each difference and lets the person choose. */
export function ConflictDialog({ mine, base, onClose, onResolve }: Props) {
  const { data: theirs } = useQuery({ ...settingsQuery, staleTime: 0, refetchOnMount: 'always' });
  const [keeps, setKeeps] = useState<Partial<Record<Field, 'mine' | 'theirs'>>>({});
  // The copy at hand may still be the one that both began with.
  const isFresh = theirs !== undefined && theirs.version !== base.version;
  const differing = isFresh ? changes(formOf(theirs), mine) : [];
  const ownFields = new Set(changes(formOf(base), mine).map((change) => change.field));
  // What only the others touched is theirs unless the person says otherwise.
  const choice = (field: Field) => keeps[field] ?? (ownFields.has(field) ? 'mine' : 'theirs');

  function resolve(theirs: Settings, isToBeSaved: boolean) {
    const merged = { ...formOf(theirs), password: mine.password };
    for (const { field } of differing) {
      if (choice(field) === 'mine') Object.assign(merged, { [field]: mine[field] });
    }
    onResolve(merged, theirs, isToBeSaved);
  }

  return (
    <Dialog onClose={onClose} size="lg" title="Somebody else changed the settings">
      {!isFresh ? (
        <Loading what="what they changed" />
      ) : (
        <>
          <Text size="sm">
            {theirs.saved_by} saved on {theirs.saved_at && <Moment at={theirs.saved_at} />}, after you opened
            this page. Nothing of yours is lost; choose line by line.
          </Text>
          <Table mt="sm" aria-label="Differences">
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">Setting</Table.Th>
                <Table.Th scope="col">Yours</Table.Th>
                <Table.Th scope="col">Theirs</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {differing.map(({ field, name, before, after }) => (
                <Table.Tr key={field}>
                  <Table.Th scope="row">{name}</Table.Th>
                  {(['mine', 'theirs'] as const).map((side) => (
                    <Table.Td key={side}>
                      <Radio
                        name={`keep-${field}`}
                        aria-label={`${name}: ${side === 'mine' ? `yours, ${after}` : `theirs, ${before}`}`}
                        label={side === 'mine' ? after : before}
                        checked={choice(field) === side}
                        onChange={() => setKeeps((now) => ({ ...now, [field]: side }))}
                      />
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
          <Group mt="md">
            <Button onClick={() => resolve(theirs, true)}>Save as chosen</Button>
            <Button variant="default" onClick={() => resolve(theirs, false)}>
              Back to the form with these
            </Button>
          </Group>
        </>
      )}
    </Dialog>
  );
}
