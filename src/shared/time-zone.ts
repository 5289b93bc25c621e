const HOUR_MICROS = 3_600_000_000;
const DAY_MICROS = 24 * HOUR_MICROS;

export function isTimeZone(name: string): boolean {
  try {
    clockOf(name);
    return true;
  } catch {
    return false;
  }
}

/** From dates, as microseconds of their midnight in UTC, to the instant at which that day starts in the zone. */
export function dayStartsIn(zone: string): (dateMicros: number) => number {
  const clock = clockOf(zone);
  const known = new Map<number, number>();
  return (dateMicros) => {
    const start = known.get(dateMicros) ?? startOfDay(clock, dateMicros);
    known.set(dateMicros, start);
    return start;
  };
}

const clockOf = (timeZone: string): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'iso8601',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });

/** How far the zone's clocks are ahead of UTC at an instant. */
function offsetMicros(clock: Intl.DateTimeFormat, instant: number): number {
  const millis = Math.floor(instant / 1000);
  const parts = new Map(clock.formatToParts(millis).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type)!;
  const shown = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return (shown - Math.floor(millis / 1000) * 1000) * 1000;
}

/** The first instant of a day: midnight, or where clocks skip it, the moment at which they were put forward. */
function startOfDay(clock: Intl.DateTimeFormat, dateMicros: number): number {
  const before = offsetMicros(clock, dateMicros - DAY_MICROS);
  const after = offsetMicros(clock, dateMicros + DAY_MICROS);
  const midnights = [dateMicros - before, dateMicros - after].filter(
    (instant) => instant + offsetMicros(clock, instant) === dateMicros,
  );
  if (midnights.length > 0) return Math.min(...midnights);
  let early = dateMicros - after;
  let late = dateMicros - before;
  // clocks change at whole seconds
  while (late - early > 1_000_000) {
    const middle = early + Math.floor((late - early) / 2_000_000) * 1_000_000;
    if (offsetMicros(clock, middle) === before) early = middle;
    else late = middle;
  }
  return late;
}
