import { useTranslation } from 'react-i18next';
import type { DeviceReport, ProbeReport } from '../../../shared/contract/types.ts';
import { Code } from '../../components/code.tsx';
import { StatusBadge, type Tone } from '../../components/status-badge.tsx';
import { useDeviceText } from '../../components/use-device-text.ts';
import classes from './devices.module.css';

const TONES: Readonly<Record<ProbeReport['outcome'], Tone>> = {
  found: 'good',
  none: 'unknown',
  unavailable: 'unknown',
  failed: 'bad',
};

/** Which probes ran and what each said, so that "no GPU" can be believed. */
export function ProbeTable({ probes }: { readonly probes: readonly ProbeReport[] }) {
  const { t } = useTranslation();
  const deviceText = useDeviceText();
  return (
    <section className={classes.panel}>
      <h2>{t('devices.probes')}</h2>
      <table>
        <tbody>
          {probes.map(({ probe, outcome, messages }) => (
            <tr key={probe}>
              <th scope="row">
                <Code>{probe}</Code>
              </th>
              <td>
                <StatusBadge tone={TONES[outcome]} plain>
                  {t(`devices.outcomes.${outcome}`)}
                </StatusBadge>
              </td>
              <td>
                <bdi>{deviceText(messages)}</bdi>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

export function BackendTable({ backends }: { readonly backends: DeviceReport['backends'] }) {
  const { t } = useTranslation();
  const deviceText = useDeviceText();
  return (
    <section className={classes.panel}>
      <h2>{t('devices.backends')}</h2>
      <table>
        <tbody>
          {backends.map(({ name, available, messages }) => (
            <tr key={name}>
              <th scope="row">
                <Code>{name}</Code>
              </th>
              <td>
                <StatusBadge tone={available ? 'good' : 'unknown'} plain>
                  {t(
                    available
                      ? 'devices.available'
                      : messages.some(({ code }) => code === 'notTried')
                        ? 'devices.notTried'
                        : 'devices.notAvailable',
                  )}
                </StatusBadge>
              </td>
              <td>
                <bdi>{deviceText(messages)}</bdi>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
