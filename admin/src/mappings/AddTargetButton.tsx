import { Button } from '@mantine/core';
import { Plus } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import type { Target } from '../api/mappings';
import type { Editor } from './useEditor';

const NewTargetDialog = lazy(() => import('./NewTargetDialog'));

interface Props {
  what: 'type' | 'status';
  targets: Target[];
  editor: Editor<string>;
}

/** Adds a target of one's own to the choices of a mapping. */
export function AddTargetButton({ what, targets, editor }: Props) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button
        size="xs"
        variant="default"
        leftSection={<Plus size={14} aria-hidden />}
        onClick={() => setOpen(true)}
      >
        Add own {what}
      </Button>
      <Suspense fallback={null}>
        {isOpen && (
          <NewTargetDialog
            what={what}
            taken={['Ignore', ...targets.map((target) => target.name), ...editor.newTargets]}
            onAdd={editor.addTarget}
            onClose={() => setOpen(false)}
          />
        )}
      </Suspense>
    </>
  );
}
