import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { ColumnProfile } from '../../../shared/contract/types.ts';
import type { ColumnSchema } from '../../../shared/table/column.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { ColumnShape } from './column-shape.tsx';
import classes from './data.module.css';
import { TypeIcon } from './type-icon.tsx';

export interface ColumnHeadProps {
  readonly column: ColumnSchema;
  readonly profile: ColumnProfile | undefined;
  readonly loading: boolean;
  readonly href: string;
}

export function ColumnHead({ column, profile, loading, href }: ColumnHeadProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const nullShare = profile === undefined || profile.rows === 0 ? 0 : profile.nulls / profile.rows;
  return (
    <Link href={href} className={classes.columnHead} title={`${column.name}: ${column.type}`}>
      <span className={classes.columnName}>
        <TypeIcon type={column.type} />
        <bdi>{column.name}</bdi>
      </span>
      <span className={classes.shape}>
        {profile === undefined ? (
          loading ? (
            <span className={classes.shapePending} />
          ) : null
        ) : (
          <ColumnShape profile={profile} />
        )}
      </span>
      <span
        className={classes.nullBar}
        role="img"
        aria-label={t('data.nullShare', { share: format.percent(nullShare, 1) })}
        title={t('data.nullShare', { share: format.percent(nullShare, 1) })}
      >
        <span style={{ inlineSize: `${nullShare * 100}%` }} />
      </span>
    </Link>
  );
}
