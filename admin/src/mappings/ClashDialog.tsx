import { Button, Group, Radio, Table, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { Dialog } from '../ui/Dialog';
import { countOf } from '../ui/format';
import { Moment } from '../ui/Moment';
import { Headings } from '../ui/TextTable';
import type { Clash, Editor } from './useEditor';

interface Props<C> {
  editor: Editor<C>;
  clash: Clash<C>;
  /** A choice as people read it. */
  shown: (choice: C | null) => string;
  /** What both changed besides rows. */
  children?: ReactNode;
}

/** Rows that two people changed: both sides, and which one stays. */
export function ClashDialog<C>({ editor, clash, shown, children }: Props<C>) {
  const [kept, setKept] = useState<ReadonlySet<string>>(new Set());
  function keep(key: string, isMine: boolean) {
    setKept((now) => {
      const next = new Set(now);
      if (isMine) next.add(key);
      else next.delete(key);
      return next;
    });
  }
  return (
    <Dialog onClose={editor.closeClash} size="xl" title="Somebody else saved meanwhile">
      <Text size="sm">
        {clash.rows.length > 0
          ? 'These rows were changed by both of you. Choose which side stays; your other rows are saved as they are.'
          : clash.hasOtherRows
            ? 'They changed other rows than you did, so both can stay.'
            : 'No row was changed by both of you, so yours are saved as they are.'}
      </Text>
      {clash.rows.length > 0 && (
        <section className="scroll-x" aria-label="Rows, scrollable" tabIndex={0}>
          <Table mt="sm" aria-label="Rows that both changed">
            <Headings names={['Row', 'Before', 'Theirs', 'Yours', 'Changed']} />
            <Table.Tbody>
              {clash.rows.map((row) => (
                <Table.Tr key={row.key}>
                  <Table.Th scope="row">{row.name}</Table.Th>
                  <Table.Td>{shown(row.before)}</Table.Td>
                  {[false, true].map((isMine) => (
                    <Table.Td key={String(isMine)}>
                      <Radio
                        name={`keep-${row.key}`}
                        label={shown(isMine ? row.yours : row.theirs)}
                        aria-label={`${row.name}: ${isMine ? 'yours' : 'theirs'}, ${shown(isMine ? row.yours : row.theirs)}`}
                        checked={kept.has(row.key) === isMine}
                        onChange={() => keep(row.key, isMine)}
                      />
                    </Table.Td>
                  ))}
                  <Table.Td>
                    {row.changed_at && <Moment at={row.changed_at} />} by {row.changed_by}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </section>
      )}
      {clash.keys.size > clash.rows.length && (
        <Text size="sm" mt="sm">
          {countOf(clash.keys.size - clash.rows.length, 'more row')} that both of you changed{' '}
          {clash.keys.size - clash.rows.length === 1 ? 'is' : 'are'} not listed: theirs stay there.
        </Text>
      )}
      {children}
      <Group mt="md">
        <Button onClick={() => void editor.resolve(kept)}>Save as chosen</Button>
        <Button variant="default" onClick={editor.closeClash}>
          Look at the table first
        </Button>
      </Group>
    </Dialog>
  );
}
