import { microsToIso } from '../../../shared/table/column.ts';
import { parseInstant } from '../../../shared/units.ts';

/** Steps of a time slider: fine enough for any screen, and few enough that an arrow key moves visibly. */
export const TIME_STEPS = 1000;

/** A view's history laid out along a slider. Its ends are exact, what lies between is cut to whole seconds. */
export interface TimeScale {
  readonly toInstant: (position: number) => string;
  readonly toPosition: (instant: string) => number;
}

const SECOND_MICROS = 1_000_000;

export function timeScale(first: string, last: string): TimeScale {
  const start = parseInstant(first);
  const end = parseInstant(last);
  const length = Math.max(1, end - start);
  // A history of minutes would otherwise have fewer instants than the slider has steps.
  const grain = length >= TIME_STEPS * SECOND_MICROS ? SECOND_MICROS : 1;
  return {
    toInstant: (position) => {
      if (position <= 0) return first;
      if (position >= TIME_STEPS) return last;
      const exact = start + (length * position) / TIME_STEPS;
      return microsToIso(Math.floor(exact / grain) * grain);
    },
    toPosition: (instant) => {
      const share = (microsOf(instant, end) - start) / length;
      return Math.round(Math.min(1, Math.max(0, share)) * TIME_STEPS);
    },
  };
}

/** What a person typed may be no time; the engine says so, and the slider stays at the end. */
function microsOf(instant: string, otherwise: number): number {
  try {
    return parseInstant(instant);
  } catch {
    return otherwise;
  }
}
