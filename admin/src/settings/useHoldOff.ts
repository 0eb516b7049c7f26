import { useEffect, useState } from 'react';
import type { Failure } from '../api/errors';

/** A pause in which no login is tried. */
export interface HoldOff {
  /** Why, as a sentence without its full stop. */
  reason: string;
  /** Seconds that are left; 0 when it is over. */
  leftS: number;
}

/** The pause that the API told of last, counted down; it stays at its end until it is cleared. */
export function useHoldOff(): [HoldOff | undefined, (told?: Failure) => void] {
  const [held, setHeld] = useState<HoldOff & { untilMs: number }>();
  const untilMs = held?.untilMs;
  useEffect(() => {
    if (untilMs === undefined) return;
    const timer = setInterval(() => {
      const leftS = Math.max(0, Math.ceil((untilMs - Date.now()) / 1_000));
      setHeld((now) => (now && now.leftS !== leftS ? { ...now, leftS } : now));
      if (leftS === 0) clearInterval(timer);
    }, 250);
    return () => clearInterval(timer);
  }, [untilMs]);
  return [held, (told) => setHeld(told && begun(told))];
}

/** Where the API does not say how long, it is as long as the first pause. */
const UNTOLD_S = 30;

function begun(told: Failure): HoldOff & { untilMs: number } {
  const leftS = told.number('retry_after_s') ?? UNTOLD_S;
  // The seconds are counted down here; in the sentence of the API they would stand still.
  const said = told.message.replace(/(: | and )?try again in \d+ s$/, '');
  const reason = said.charAt(0).toUpperCase() + said.slice(1);
  return { reason, leftS, untilMs: Date.now() + leftS * 1_000 };
}
