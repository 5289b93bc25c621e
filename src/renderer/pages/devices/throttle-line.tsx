import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useEngine } from '../../engine/engine-context.tsx';
import classes from './devices.module.css';
import { throttlingText } from './health-presentation.ts';

/** What holds a working device's clocks back now. Nothing while it idles, or where the machine does not say. */
export function ThrottleLine({ device }: { readonly device: string }) {
  const { t } = useTranslation();
  const { telemetry } = useEngine();
  const reasons = useStore(
    telemetry,
    ({ samples }) => samples.at(-1)?.accelerators.find(({ id }) => id === device)?.throttleReasons,
  );
  const shown = reasons?.filter((reason) => reason !== 'idle') ?? [];
  if (shown.length === 0) return null;
  return (
    <div className={classes.heldBack}>
      <span className={classes.liveLabel}>{t('devices.health.figures.throttling')}</span>
      <span>{throttlingText(t, { reasons: shown, unknown: null })}</span>
    </div>
  );
}
