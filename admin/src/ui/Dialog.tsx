import { Modal, type ModalProps } from '@mantine/core';
import { useEffect, useState } from 'react';

/** A dialog that is there only while it is open. */
export function Dialog(props: Omit<ModalProps, 'opened'>) {
  useFocusBack();
  return <Modal opened {...props} />;
}

/** Gives the focus back to what had it before this was there; to the view if that cannot take it any more. */
export function useFocusBack(): void {
  const [opener] = useState(() => document.activeElement);
  useEffect(() => {
    return () => {
      // What closed the dialog may put the focus somewhere itself.
      setTimeout(() => {
        if (document.activeElement === document.body) focusOn(opener);
      });
    };
  }, [opener]);
}

function focusOn(opener: Element | null): void {
  if (opener instanceof HTMLElement) opener.focus({ preventScroll: true });
  const isTaken = document.activeElement !== document.body;
  if (!isTaken) document.getElementById('main')?.focus({ preventScroll: true });
}
