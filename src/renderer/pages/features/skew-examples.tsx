import { useTranslation } from 'react-i18next';
import type { SkewExample, SkewFeature } from '../../../shared/contract/types.ts';
import { CellValue } from '../../components/cell-value.tsx';
import { Code } from '../../components/code.tsx';
import { ScrollRegion } from '../../components/scroll-region.tsx';
import { StatusBadge, type Tone } from '../../components/status-badge.tsx';
import classes from './skew.module.css';

const TONES: Readonly<Record<SkewExample['cause'], Tone>> = {
  unexplained: 'attention',
  'known-later': 'unknown',
  'changed-since': 'unknown',
};

/** Reads of one feature with what was served beside what a training set says. */
export function SkewExamples({ feature }: { readonly feature: SkewFeature }) {
  const { t } = useTranslation();
  const { name, type, examples } = feature;
  return (
    <ScrollRegion label={t('features.skew.examples')} className={classes.examples}>
      <h3>
        {t('features.skew.examplesOf')} <Code>{name}</Code>
      </h3>
      {examples.length === 0 ? (
        <p className={classes.faint}>{t('features.skew.noExamples')}</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">{t('features.skew.keys')}</th>
              <th scope="col">{t('features.skew.at')}</th>
              <th scope="col">{t('features.skew.online')}</th>
              <th scope="col">{t('features.skew.asKnown')}</th>
              <th scope="col">{t('features.skew.today')}</th>
              <th scope="col">{t('features.skew.cause')}</th>
            </tr>
          </thead>
          <tbody>
            {examples.map((example) => (
              <tr key={`${JSON.stringify(example.keys)} ${example.at}`}>
                <td>
                  <Code>{keysText(example.keys)}</Code>
                </td>
                <td>
                  <Code>{example.at.replace('T', ' ').replace('Z', '')}</Code>
                </td>
                <td className={classes.served}>
                  <Value type={type} value={example.online} />
                  {example.status === null || example.status === 'PRESENT' ? null : (
                    <span className={classes.faint}> {t(`features.online.statuses.${example.status}`)}</span>
                  )}
                </td>
                <td data-same={example.cause === 'changed-since' ? true : undefined}>
                  <Value type={type} value={example.asKnown} />
                </td>
                <td data-same={example.cause === 'known-later' ? true : undefined}>
                  <Value type={type} value={example.today} />
                </td>
                <td>
                  <StatusBadge tone={TONES[example.cause]} plain>
                    {t(`features.skew.causes.${example.cause}`)}
                  </StatusBadge>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </ScrollRegion>
  );
}

function Value({
  type,
  value,
}: {
  readonly type: SkewFeature['type'];
  readonly value: SkewExample['online'];
}) {
  return (
    <Code>
      <CellValue type={type} value={value} />
    </Code>
  );
}

const keysText = (keys: SkewExample['keys']): string =>
  Object.entries(keys)
    .map(([key, value]) => `${key} = ${String(value)}`)
    .join(', ');
