import { Button } from '@mantine/core';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { download } from './download';
import { failed } from './notify';

interface Props {
  /** Name of the file. */
  file: string;
  /** What it holds, as a sentence begins with it. */
  what: string;
  read: () => Promise<string>;
  isEmpty?: boolean;
}

/** Writes a table as a file of comma-separated values. */
export function CsvButton({ file, what, read, isEmpty = false }: Props) {
  const [isBusy, setBusy] = useState(false);
  async function save() {
    setBusy(true);
    try {
      download(file, 'text/csv;charset=utf-8', await read());
    } catch (error) {
      failed(`${what} could not be written as CSV`, error);
    } finally {
      setBusy(false);
    }
  }
  return (
    <Button
      size="xs"
      variant="default"
      loading={isBusy}
      disabled={isEmpty}
      leftSection={<Download size={14} aria-hidden />}
      onClick={() => void save()}
    >
      CSV
    </Button>
  );
}
