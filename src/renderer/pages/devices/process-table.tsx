import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { DeviceProcess } from '../../../shared/contract/types.ts';
import { Code } from '../../components/code.tsx';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './process-table.module.css';

/** Who uses a device now; those of Falaj are marked, with the way to their job. */
export function ProcessTable({ processes }: { readonly processes: readonly DeviceProcess[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (processes.length === 0) return null;
  // A driver that counts no work (NVIDIA's list) needs no empty column.
  const hasLoad = processes.some(({ utilization }) => utilization !== null);
  return (
    <table className={classes.processes}>
      <caption>{t('devices.users')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('devices.process.pid')}</th>
          <th scope="col">{t('devices.process.name')}</th>
          <th scope="col">{t('devices.process.user')}</th>
          {hasLoad ? <th scope="col">{t('devices.load')}</th> : null}
          <th scope="col">{t('shell.memory')}</th>
        </tr>
      </thead>
      <tbody>
        {processes.map((process) => (
          <tr key={`${process.device} ${process.pid}`} data-own={process.own ? true : undefined}>
            <td>
              <Code>{process.pid}</Code>
            </td>
            <td title={process.name ?? undefined}>
              <Code>{shortName(process.name)}</Code>
              <Owner process={process} />
            </td>
            <td>
              <bdi>{process.user ?? '–'}</bdi>
            </td>
            {hasLoad ? (
              <td>{process.utilization === null ? '–' : format.percent(process.utilization)}</td>
            ) : null}
            <td>{process.memoryBytes === null ? '–' : format.bytes(process.memoryBytes)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Owner({ process: { own, job } }: { readonly process: DeviceProcess }) {
  const { t } = useTranslation();
  if (job !== null)
    return (
      <Link className={classes.owner} href={`/jobs/${job}`}>
        {t('devices.process.job')}
      </Link>
    );
  return own ? <span className={classes.owner}>{t('devices.own')}</span> : null;
}

/** The whole path is in the tip. */
const shortName = (name: string | null): string => name?.split(/[/\\]/).at(-1) || (name ?? '–');
