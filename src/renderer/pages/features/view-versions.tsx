import { useTranslation } from 'react-i18next';
import type { FeatureViewDetail } from '../../../shared/contract/types.ts';
import { Code } from '../../components/code.tsx';
import { ScrollRegion } from '../../components/scroll-region.tsx';
import { Ago } from '../../components/time.tsx';
import classes from './features.module.css';

/** What changed, from the newest revision back. */
export function ViewVersions({ history }: Pick<FeatureViewDetail, 'history'>) {
  const { t } = useTranslation();
  return (
    <ScrollRegion label={t('data.tabVersions')} className={classes.versions}>
      <h2 className={classes.heading}>{t('data.tabVersions')}</h2>
      <ol>
        {history.map(({ version, revision, appliedAt, differences, inForce }) => (
          <li key={revision}>
            <Code>v{version}</Code>
            <span>
              <Ago at={appliedAt} />
            </span>
            {inForce ? <span>{t('features.inForce')}</span> : null}
            {differences.map((difference) => (
              <Code key={difference}>{difference}</Code>
            ))}
          </li>
        ))}
      </ol>
    </ScrollRegion>
  );
}
