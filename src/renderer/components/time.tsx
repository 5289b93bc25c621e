import { useSyncExternalStore } from 'react';
import { useFormat } from '../i18n/use-format.ts';

const EVERY_MS = 15_000;

function subscribeToClock(listener: () => void): () => void {
  const timer = setInterval(listener, EVERY_MS);
  return () => clearInterval(timer);
}

const currentStep = (): number => Math.floor(Date.now() / EVERY_MS) * EVERY_MS;

/** `3 min ago`, with the exact time on hover. Stays true while it is on screen. */
export function Ago({ at }: { readonly at: string }) {
  const format = useFormat();
  useSyncExternalStore(subscribeToClock, currentStep);
  return (
    <time dateTime={at} title={`${format.dateTime(at)} (${at})`}>
      {format.relative(at, Date.now())}
    </time>
  );
}

export function DateTime({ at }: { readonly at: string }) {
  const format = useFormat();
  return (
    <time dateTime={at} title={at}>
      {format.dateTime(at)}
    </time>
  );
}
