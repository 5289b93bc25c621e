import type { RunTrial } from '../../../../shared/contract/types.ts';
import type { TableColumn } from '../../../components/data-table.tsx';
import type { Format } from '../../../i18n/format.ts';
import classes from './trials.module.css';

/** Of a column for one setting. */
const LEAST_PX = 92;
/** Of the column that all share. */
const SHARED_PX = 90;
const DIGITS = 3;

/** A column for each setting, or one for all where there is no room. */
export function settingColumns({
  settings,
  roomPx,
  title,
  format,
}: {
  readonly settings: readonly string[];
  readonly roomPx: number;
  /** Of the column that all share. */
  readonly title: string;
  readonly format: Format;
}): readonly TableColumn<RunTrial>[] {
  const textOf = (trial: RunTrial, name: string): string => {
    const value = numberOrText(trial.settings[name]);
    return typeof value === 'number' ? format.number(value, DIGITS) : (value ?? '–');
  };
  if (settings.length * LEAST_PX <= roomPx)
    return settings.map((name) => ({
      id: name,
      header: name,
      width: `minmax(${String(LEAST_PX)}px, 1fr)`,
      align: 'end',
      value: (one) => numberOrText(one.settings[name]),
      cell: (one) => <bdi title={one.settings[name]}>{textOf(one, name)}</bdi>,
    }));
  return [
    {
      id: 'settings',
      header: title,
      width: `minmax(${String(SHARED_PX)}px, 1fr)`,
      cell: (one) => (
        <bdi dir="ltr" title={settings.map((name) => `${name} ${one.settings[name] ?? '–'}`).join('\n')}>
          {settings.map((name) => (
            <span key={name} className={classes.setting}>
              {name} <b>{textOf(one, name)}</b>
            </span>
          ))}
        </bdi>
      ),
    },
  ];
}

export function numberOrText(text: string | undefined): number | string | null {
  if (text === undefined || text === '') return null;
  const value = Number(text);
  return Number.isNaN(value) ? text : value;
}
