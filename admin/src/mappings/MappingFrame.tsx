import { Button, Text, Title } from '@mantine/core';
import { Download, History } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { fetchText } from '../api/client';
import type { Area, VersionRow } from '../api/mappings';
import { usePerson } from '../auth/session';
import { download } from '../ui/download';
import { ZoneNote } from '../ui/Moment';
import { failed } from '../ui/notify';
import { ReadOnlyNote } from '../ui/states';
import { UnsavedGuard } from '../ui/UnsavedGuard';
import { ClashDialog } from './ClashDialog';
import { HistoryDialog } from './HistoryDialog';
import { SaveBar } from './SaveBar';
import type { Editor } from './useEditor';

interface Props<C> {
  title: string;
  help: ReactNode;
  area: Area<C>;
  version: number;
  editor: Editor<C>;
  shown: (choice: C | null) => string;
  /** Buttons besides those that every mapping has. */
  actions?: ReactNode;
  /** What both changed besides rows. */
  clashNote?: ReactNode;
  /** What a version of the history changed besides rows. */
  besides?: (row: VersionRow) => ReactNode;
  children: ReactNode;
}

/** What every mapping has around its table. */
export function MappingFrame<C>(props: Props<C>) {
  const { title, help, area, version, editor, shown, actions, clashNote, besides, children } = props;
  const { isAdmin } = usePerson();
  const [isOpen, setOpen] = useState(false);
  return (
    <section aria-labelledby="mapping-title">
      <Title order={2} size="h4" id="mapping-title">
        {title}
      </Title>
      <Text size="sm" mb="sm">
        {help} <ZoneNote />
      </Text>
      {!isAdmin && <ReadOnlyNote />}
      <SaveBar editor={editor}>
        {actions}
        <Button
          size="xs"
          variant="default"
          leftSection={<History size={14} aria-hidden />}
          onClick={() => setOpen(true)}
        >
          History
        </Button>
        <Button
          size="xs"
          variant="default"
          leftSection={<Download size={14} aria-hidden />}
          onClick={() => void saveCsv(area.name)}
        >
          CSV
        </Button>
      </SaveBar>
      {children}
      <UnsavedGuard isDirty={editor.isDirty} staysAt={`/${area.name}`} />

      {editor.clash && (
        <ClashDialog editor={editor} clash={editor.clash} shown={shown}>
          {clashNote}
        </ClashDialog>
      )}
      {isOpen && (
        <HistoryDialog
          area={area}
          version={version}
          shown={shown}
          besides={besides}
          isDirty={editor.isDirty}
          onClose={() => setOpen(false)}
        />
      )}
    </section>
  );
}

async function saveCsv(name: string): Promise<void> {
  try {
    const text = await fetchText(`/v1/integrations/autotask/${name}/csv`);
    download(`${name}.csv`, 'text/csv;charset=utf-8', text);
  } catch (error) {
    failed('The CSV could not be made', error);
  }
}
