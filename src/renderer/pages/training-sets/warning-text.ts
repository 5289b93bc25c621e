import type { TFunction } from 'i18next';
import type { SetWarning } from '../../../shared/contract/types.ts';
import type { Format } from '../../i18n/format.ts';

export interface WarningText {
  readonly title: string;
  readonly evidence: string;
  readonly advice: string | null;
}

const STRENGTH_DIGITS = 4;

/** A finding in a person's language. */
export function warningText(t: TFunction, format: Format, warning: SetWarning): WarningText {
  const share = (rows: number, of: number) => ({
    rows: format.integer(rows),
    of: format.integer(of),
    share: format.percent(of === 0 ? 0 : rows / of, 1),
  });
  switch (warning.code) {
    case 'KNOWN_LATER':
      return {
        title: t('trainingSets.knownLater.title'),
        evidence: t('trainingSets.knownLater.evidence', {
          ...share(warning.rows, warning.of),
          lateness: format.duration(warning.medianLatenessMs),
        }),
        advice: t('trainingSets.knownLater.advice'),
      };
    case 'KNOWN_TIME_UNKNOWN':
      return {
        title: t('trainingSets.knownUnknown.title'),
        evidence: t('trainingSets.knownUnknown.evidence', share(warning.rows, warning.of)),
        advice: t('trainingSets.knownUnknown.advice'),
      };
    case 'LABEL_IN_FEATURES':
      return {
        title: t('trainingSets.labelInFeatures.title'),
        evidence: t(`trainingSets.measures.${warning.measure}`, {
          label: warning.label,
          strength: format.number(warning.strength, STRENGTH_DIGITS),
          share: format.percent(warning.strength, 1),
          rows: format.integer(warning.rows),
        }),
        advice: t('trainingSets.labelInFeatures.advice'),
      };
    case 'AT_THE_LABEL_TIME':
      return {
        title: t(warning.isOwnRow ? 'trainingSets.atTime.ownTitle' : 'trainingSets.atTime.title'),
        evidence: t(warning.isOwnRow ? 'trainingSets.atTime.ownEvidence' : 'trainingSets.atTime.evidence', {
          ...share(warning.rows, warning.of),
          dataset: warning.dataset,
        }),
        advice: t(warning.through === 'window' ? 'trainingSets.atTime.window' : 'trainingSets.atTime.row'),
      };
    case 'LABEL_NOT_CHECKED':
      return {
        title: t('trainingSets.labelNotChecked.title'),
        evidence: t('trainingSets.labelNotChecked.evidence', {
          label: warning.label,
          rows: format.integer(warning.rows),
        }),
        advice: null,
      };
  }
}
