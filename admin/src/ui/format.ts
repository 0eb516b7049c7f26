import { createContext, useContext } from 'react';

/** The tenant's time zone, an IANA name; what it is before the settings are read. */
export const TimeZone = createContext('UTC');

interface Dates {
  zone: string;
  moment: (instant: string) => string;
}

/** Writes instants as the browser's language does, in the tenant's time zone. */
export function useDates(): Dates {
  return datesIn(useContext(TimeZone));
}

/** By time zone; a formatter takes longer to make than a row of a table to draw. */
const formatters = new Map<string, Dates>();

function datesIn(timeZone: string): Dates {
  const made = formatters.get(timeZone);
  if (made) return made;
  const zone = known(timeZone);
  const format = new Intl.DateTimeFormat(undefined, {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: zone,
  });
  const dates = { zone, moment: (instant: string) => format.format(new Date(instant)) };
  formatters.set(timeZone, dates);
  return dates;
}

const counts = new Intl.NumberFormat();

/** A number with the separators of the browser's language. */
export function count(n: number): string {
  return counts.format(n);
}

/** A number and its noun: `1 record`, `2,000 records`. */
export function countOf(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

/** A length of time in the two largest units that it has. */
export function duration(seconds: number): string {
  const total = Math.max(0, Math.round(seconds));
  const [h, min, s] = [Math.floor(total / 3_600), Math.floor(total / 60) % 60, total % 60];
  if (h > 0) return min > 0 ? `${h} h ${min} min` : `${h} h`;
  if (min > 0) return s > 0 ? `${min} min ${s} s` : `${min} min`;
  return `${s} s`;
}

/** Seconds between two instants, RFC 3339. */
export function secondsBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 1_000;
}

/** `asset_types` as people write it. */
export function words(name: string): string {
  const text = name.replaceAll('_', ' ').replaceAll('-', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The browser may not know a zone that the server knows. */
function known(timeZone: string): string {
  try {
    return new Intl.DateTimeFormat(undefined, { timeZone }).resolvedOptions().timeZone;
  } catch {
    return 'UTC';
  }
}

/** The instant at which a day begins in a time zone. */
export function startOfDay(day: string, timeZone: string): string {
  const utcMs = Date.parse(`${day}T00:00:00Z`);
  // Twice, since the offset at the first guess may be that of the other side of a clock change.
  const once = utcMs - offsetMs(utcMs, timeZone);
  return new Date(utcMs - offsetMs(once, timeZone)).toISOString();
}

function offsetMs(instantMs: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: known(timeZone),
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const part = Object.fromEntries(
    format.formatToParts(instantMs).map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instantMs / 1_000) * 1_000;
}
