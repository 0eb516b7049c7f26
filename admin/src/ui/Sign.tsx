import { Badge } from '@mantine/core';
import type { LucideIcon } from 'lucide-react';

export type Tone = 'good' | 'warn' | 'bad' | 'busy' | 'calm';

const COLOURS: Record<Tone, string> = {
  good: 'green',
  warn: 'yellow',
  bad: 'red',
  busy: 'blue',
  calm: 'gray',
};

/** A state as colour, icon and text, so that none of them is needed alone. */
export function Sign({ tone, icon: Icon, text }: { tone: Tone; icon: LucideIcon; text: string }) {
  return (
    <Badge
      color={COLOURS[tone]}
      variant="light"
      tt="none"
      radius="sm"
      size="lg"
      miw="max-content"
      leftSection={<Icon size={14} aria-hidden />}
    >
      {text}
    </Badge>
  );
}
