import { useTranslation } from 'react-i18next';
import type { RunCheckInput, RunCheckRow } from '../../shared/contract/types.ts';
import { useQuery } from '../engine/use-query.ts';
import { useFormat } from '../i18n/use-format.ts';
import { healthCauseText } from './health-cause.ts';
import { Loaded } from './loaded.tsx';
import classes from './run-check.module.css';
import { ScrollRegion } from './scroll-region.tsx';
import { StatusBadge } from './status-badge.tsx';
import { useDeviceText } from './use-device-text.ts';

/** Where a model or a training can run on this machine now, device by device, with the reason. */
export function RunCheck({ of }: { readonly of: RunCheckInput }) {
  const { t } = useTranslation();
  const query = useQuery('devices', 'canRun', of);
  return (
    <section>
      <h2>{t('runCheck.title')}</h2>
      <Loaded query={query}>{({ devices }) => <Devices devices={devices} />}</Loaded>
    </section>
  );
}

function Devices({ devices }: { readonly devices: readonly RunCheckRow[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const deviceText = useDeviceText();
  const bytes = (value: number | null): string => (value === null ? '–' : format.bytes(value));
  return (
    <ScrollRegion label={t('runCheck.title')} className={classes.scroll}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t('runCheck.device')}</th>
            <th scope="col">{t('runCheck.canRun')}</th>
            <th scope="col" data-end>
              {t('runCheck.needs')}
            </th>
            <th scope="col" data-end>
              {t('runCheck.free')}
            </th>
            <th scope="col">{t('runCheck.why')}</th>
          </tr>
        </thead>
        <tbody>
          {devices.map(
            ({ device, name, canRun, reason, detail, messages, cause, neededBytes, freeBytes }) => (
              <tr key={device}>
                <th scope="row" title={device}>
                  <bdi>{name}</bdi>
                </th>
                <td>
                  <StatusBadge tone={canRun === null ? 'unknown' : canRun ? 'good' : 'attention'} plain>
                    {t(canRun === null ? 'runCheck.unknown' : canRun ? 'runCheck.yes' : 'runCheck.no')}
                  </StatusBadge>
                </td>
                <td data-end>
                  {neededBytes === null ? '–' : t('runCheck.about', { size: bytes(neededBytes) })}
                </td>
                <td data-end>{bytes(freeBytes)}</td>
                <td className={classes.why}>
                  {t(`runCheck.reasons.${reason}`)}
                  {detail === '' ? null : (
                    <span className={classes.detail}>
                      {cause === null ? deviceText(messages) : healthCauseText(t, format, cause)}
                    </span>
                  )}
                </td>
              </tr>
            ),
          )}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
