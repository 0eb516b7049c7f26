import { useEffect, useState } from 'react';
import type { Failure } from '../api/errors';

/** A pause in which no login is tried. */
export interface HoldOff {
  /** Why, as a sentence without its full stop. */
  reason: string;
  /** Seconds that are left; 0 when it is over. */
  leftS: number;
}

/**
 * The pause that the API told of last, counted down; it stays at its end until it is cleared. `storedS` are the seconds
 * that the settings tell of, whoever's login was refused.
 */
export function useHoldOff(storedS?: number | null): [HoldOff | undefined, (told?: Failure) => void] {
  const [held, setHeld] = useState<HoldOff & { untilMs: number }>();
  const untilMs = held?.untilMs;
  const [seenS, setSeenS] = useState<number | null>();
  if (storedS !== seenS) {
    setSeenS(storedS);
    const isCounting = held !== undefined && held.leftS > 0;
    if (storedS && !isCounting) setHeld(pause(REFUSED, storedS));
  }
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

const REFUSED =
  'The last login was refused or got no answer, and a few more in a row would lock the API user in Autotask: check user name and password there';

/** Where the API does not say how long, it is as long as the first pause. */
const UNTOLD_S = 30;

function begun(told: Failure): HoldOff & { untilMs: number } {
  // The seconds are counted down here; in the sentence of the API they would stand still.
  const said = told.message.replace(/(: | and )?try again in \d+ s$/, '');
  return pause(said.charAt(0).toUpperCase() + said.slice(1), told.number('retry_after_s') ?? UNTOLD_S);
}

function pause(reason: string, leftS: number): HoldOff & { untilMs: number } {
  return { reason, leftS, untilMs: Date.now() + leftS * 1_000 };
}
