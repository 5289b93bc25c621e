import type { Page } from '@playwright/test';
import type { EngineHost } from './engine-host.ts';

export const PASSPHRASE = 'dates and water at noon';

export interface Preferences {
  readonly language?: 'en' | 'ar';
  readonly theme?: 'light' | 'dark';
}

/** What a test of the screens is given, in a browser and in the desktop window alike. */
export interface ScreenFixtures {
  /** A host whose folder holds no workspace yet. */
  readonly emptyHost: EngineHost;
  /** Fails the test on console errors, uncaught errors, CSP violations and requests to elsewhere. */
  readonly quiet: undefined;
  /** Opens the host's screens and lands on `address`. */
  readonly enter: (host: EngineHost, address?: string, preferences?: Preferences) => Promise<Page>;
}

export interface ScreenWorkerFixtures {
  /** One host for all tests of the worker, after the demo on 20 thousand flights. */
  readonly demoHost: EngineHost;
}
