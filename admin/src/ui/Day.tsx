const format = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' });

/** A calendar date, which no time zone moves; `none` where there is none. */
export function Day({ date, none = 'no date' }: { date: string | null | undefined; none?: string }) {
  if (!date) return <>{none}</>;
  return (
    <time dateTime={date} className="nowrap">
      {day(date)}
    </time>
  );
}

/** The same as a text. */
export function day(date: string): string {
  return format.format(new Date(`${date}T00:00:00Z`));
}
