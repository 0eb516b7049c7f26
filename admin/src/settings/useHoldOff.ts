import { useEffect, useState } from 'react';

/** Seconds until a login may be tried again; 0 when it may. */
export function useHoldOff(): [number, (seconds: number) => void] {
  const [untilMs, setUntilMs] = useState(0);
  const [leftS, setLeftS] = useState(0);
  useEffect(() => {
    const look = () => setLeftS(Math.max(0, Math.ceil((untilMs - Date.now()) / 1_000)));
    look();
    if (untilMs <= Date.now()) return;
    const timer = setInterval(look, 250);
    return () => clearInterval(timer);
  }, [untilMs]);
  return [leftS, (seconds) => setUntilMs(Date.now() + seconds * 1_000)];
}
