import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { CheckCircle2, CircleAlert } from 'lucide-react';
import { asFailure, isUnanswered } from '../api/errors';

/** Says that something was done; what can be undone offers it. */
export function done(title: string, message: string, undo?: () => void): void {
  const id = crypto.randomUUID();
  notifications.show({
    id,
    color: 'green',
    icon: <CheckCircle2 size={18} aria-hidden />,
    title,
    message: undo ? (
      <Group justify="space-between">
        <Text size="sm">{message}</Text>
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => {
            notifications.hide(id);
            undo();
          }}
        >
          Undo
        </Button>
      </Group>
    ) : (
      message
    ),
    autoClose: undo ? 15_000 : 6_000,
    withBorder: true,
    closeButtonProps: { 'aria-label': 'Dismiss' },
  });
}

/** Says that something did not work; stays until it is dismissed. */
export function failed(title: string, error: unknown): void {
  const failure = asFailure(error);
  // What an offline browser is asked to send never leaves it.
  const isOpen = isUnanswered(failure) && navigator.onLine;
  const said = failure.requestId ? `${failure.message} (reference ${failure.requestId})` : failure.message;
  notifications.show({
    color: 'red',
    icon: <CircleAlert size={18} aria-hidden />,
    title: isOpen ? 'No answer came' : title,
    message: isOpen ? `${said} It may have been done all the same: look before you try again.` : said,
    autoClose: false,
    withBorder: true,
    closeButtonProps: { 'aria-label': 'Dismiss' },
  });
}
