import { IconCheck, IconCopy } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './code.module.css';
import { useCopy } from './use-copy.ts';

/** Ids, paths, metric names: always left to right, in the code face, whatever the language around them. */
export function Code({ children }: { readonly children: ReactNode }) {
  return (
    <bdi dir="ltr" className={classes.code}>
      {children}
    </bdi>
  );
}

/** A value that keeps its own direction inside a sentence: names people typed, numbers with units. */
export function Isolate({ children }: { readonly children: ReactNode }) {
  return <bdi>{children}</bdi>;
}

/** `flights v2`, in this order in either direction of the page. */
export function VersionedName({ name, version }: { readonly name: string; readonly version: number }) {
  return (
    <bdi dir="ltr">
      {name} <Code>v{version}</Code>
    </bdi>
  );
}

/** The start of a long id; a click copies all of it. */
export function Digest({ value, length = 12 }: { readonly value: string; readonly length?: number }) {
  const { t } = useTranslation();
  const { copied, copy } = useCopy();
  return (
    <button
      type="button"
      className={classes.digest}
      title={value}
      aria-label={`${t('common.copy')} ${value}`}
      onClick={() => copy(value)}
    >
      <Code>{value.slice(0, length)}</Code>
      {copied ? <IconCheck size={12} /> : <IconCopy size={12} />}
    </button>
  );
}
