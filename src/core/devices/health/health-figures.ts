import type { DeviceHealth, UnknownReason } from '../../../shared/contract/types.ts';

/** A number of a device's health, or why there is none. */
export type Figure = DeviceHealth['correctedErrors'];

/** What a device itself tells of its health. */
export interface HealthFigures
  extends Pick<
    DeviceHealth,
    | 'correctedErrors'
    | 'uncorrectedErrors'
    | 'correctedErrorsEver'
    | 'uncorrectedErrorsEver'
    | 'remappedRows'
    | 'retiredPages'
    | 'slowdownMarginCelsius'
    | 'throttling'
  > {
  /** Of its memory: spare cells wait for a reset to be used, or there are none left. Null when unknown. */
  readonly repair: 'none' | 'pending' | 'failed' | null;
  /** What the driver says that it needs; null where the driver does not say. */
  readonly recovery: 'none' | 'drain' | 'reset' | 'reboot' | null;
}

/** A figure that was read. */
export const known = (value: number): Figure => ({ value, unknown: null });

/** A figure that there is none of, and why. */
export const unknown = (reason: UnknownReason): Figure => ({ value: null, unknown: reason });

/** A value that was looked for, or why it was not found. */
export const figureOf = (value: number | null, otherwise: UnknownReason): Figure =>
  value === null ? unknown(otherwise) : known(value);

/** Figures of a device of which nothing tells. */
export const NO_FIGURES: HealthFigures = {
  correctedErrors: unknown('noSource'),
  uncorrectedErrors: unknown('noSource'),
  correctedErrorsEver: unknown('noSource'),
  uncorrectedErrorsEver: unknown('noSource'),
  remappedRows: unknown('noSource'),
  retiredPages: unknown('noSource'),
  slowdownMarginCelsius: unknown('noSource'),
  throttling: { reasons: null, unknown: 'noSource' },
  repair: null,
  recovery: null,
};
