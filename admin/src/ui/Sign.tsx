import type { LucideIcon } from 'lucide-react';
import classes from './Sign.module.css';

export type Tone = 'good' | 'warn' | 'bad' | 'busy' | 'calm';

/**
 * A state as colour, icon and text, so that none of them is needed alone.
 *
 * Plain elements: every row of a table has one, and a badge of the library takes longer than the rest of the row.
 */
export function Sign({ tone, icon: Icon, text }: { tone: Tone; icon: LucideIcon; text: string }) {
  return (
    <span className={`${classes.sign} ${classes[tone]}`}>
      <Icon size={14} aria-hidden />
      {text}
    </span>
  );
}
