import { useTranslation } from 'react-i18next';
import type { DeviceHealth, KernelLogAccess } from '../../../shared/contract/types.ts';
import { Ago } from '../../components/time.tsx';
import { useDeviceText } from '../../components/use-device-text.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { figureText, throttlingText } from './health-presentation.ts';
import classes from './health-section.module.css';

export interface HealthProps {
  readonly health: DeviceHealth;
  readonly kernelLog: KernelLogAccess;
}

/** Lines of the kernel's log that are shown; the command line has the same and the JSON has more. */
const LINES = 5;

const COUNTS = [
  'correctedErrors',
  'uncorrectedErrors',
  'correctedErrorsEver',
  'uncorrectedErrorsEver',
  'remappedRows',
  'retiredPages',
] as const;

/** Every figure of a device's health, or why there is none. */
export function HealthFigures({ health, kernelLog }: HealthProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { slowdownMarginCelsius: margin } = health;
  const deviceText = useDeviceText();
  return (
    <dl className={classes.figures}>
      {COUNTS.map((name) => (
        <Figure key={name} label={t(`devices.health.figures.${name}`)} isKnown={health[name].value !== null}>
          {figureText(t, health[name], (value) => format.integer(value))}
        </Figure>
      ))}
      <Figure label={t('devices.health.figures.slowdownMargin')} isKnown={margin.value !== null}>
        {figureText(t, margin, (value) => `${format.integer(value)} °C`)}
      </Figure>
      <Figure label={t('devices.health.figures.throttling')} isKnown={health.throttling.reasons !== null}>
        {throttlingText(t, health.throttling)}
      </Figure>
      <Figure label={t('devices.health.figures.kernelLog')} isKnown={health.kernelEvents !== null}>
        {health.kernelEvents === null
          ? kernelLog.messages.length > 0
            ? deviceText(kernelLog.messages)
            : t('devices.health.unknown.unreadable')
          : health.kernelEvents.length === 0
            ? t('devices.health.noEvents')
            : format.integer(health.kernelEvents.length)}
      </Figure>
      <KernelEvents events={health.kernelEvents} />
    </dl>
  );
}

function Figure({
  label,
  isKnown,
  children,
}: {
  readonly label: string;
  readonly isKnown: boolean;
  readonly children: string;
}) {
  return (
    <div data-unknown={isKnown ? undefined : true}>
      <dt>{label}</dt>
      <dd>
        <bdi>{children}</bdi>
      </dd>
    </div>
  );
}

function KernelEvents({ events }: { readonly events: DeviceHealth['kernelEvents'] }) {
  if (events === null || events.length === 0) return null;
  return (
    <div className={classes.events}>
      {events
        .slice(-LINES)
        .reverse()
        .map(({ at, text }) => (
          <p key={`${at} ${text}`}>
            <Ago at={at} />
            <bdi dir="ltr">{text}</bdi>
          </p>
        ))}
    </div>
  );
}
