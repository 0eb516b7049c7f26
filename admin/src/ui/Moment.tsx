import { useDates } from './format';

/** An instant in the tenant's time zone; the exact one is in its title. */
export function Moment({ at }: { at: string }) {
  const { moment, zone } = useDates();
  return (
    <time dateTime={at} title={`${at} (shown in ${zone})`}>
      {moment(at)}
    </time>
  );
}

/** Names the time zone that moments are shown in. */
export function ZoneNote() {
  const { zone } = useDates();
  return <>Times are in {zone}.</>;
}
