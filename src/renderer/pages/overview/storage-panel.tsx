import { useTranslation } from 'react-i18next';
import { Code } from '../../components/code.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Stat, StatRow } from '../../components/stat.tsx';
import { useQuery } from '../../engine/use-query.ts';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './overview.module.css';

export function StoragePanel() {
  const { t } = useTranslation();
  const format = useFormat();
  const storage = useQuery('workspace', 'storage', undefined);
  return (
    <section className={classes.panel} aria-labelledby="storage">
      <div className={classes.panelHead}>
        <h2 id="storage">{t('overview.storage')}</h2>
      </div>
      <Loaded query={storage} lines={2}>
        {(use) => (
          <div className={classes.pad}>
            <StatRow>
              <Stat label={t('overview.files')} note={t('overview.fileCount', { count: use.blobs })}>
                <bdi>{format.bytes(use.blobBytes)}</bdi>
              </Stat>
              <Stat label={t('overview.store')} note={<Code>{use.cipher}</Code>}>
                <bdi>{format.bytes(use.storeBytes)}</bdi>
              </Stat>
              {use.diskFreeBytes === null ? null : (
                <Stat label={t('shell.diskFree')}>
                  <bdi>{format.bytes(use.diskFreeBytes)}</bdi>
                </Stat>
              )}
            </StatRow>
          </div>
        )}
      </Loaded>
    </section>
  );
}
