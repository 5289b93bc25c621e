// biome-ignore-all lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable with the keyboard
import type { ReactNode, Ref } from 'react';

export interface ScrollRegionProps {
  readonly label: string;
  readonly className: string | undefined;
  readonly children: ReactNode;
  /** Of what is written from left to right in every language, such as code. */
  readonly dir?: 'ltr';
  readonly ref?: Ref<HTMLElement>;
}

/** A part of the page that scrolls by itself and holds no controls of its own: it takes the focus, so that arrows scroll it. */
export function ScrollRegion({ label, className, children, dir, ref }: ScrollRegionProps) {
  return (
    <section ref={ref} className={className} dir={dir} aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
