import type { App } from 'electron';

/** Features of Chromium that would look outside, or that a workstation has no use for. */
const DISABLED_FEATURES = [
  'AutofillServerCommunication',
  'CertificateTransparencyComponentUpdater',
  'DialMediaRouteProvider',
  'HardwareMediaKeyHandling',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'SpareRendererForSitePerProcess', // a whole idle process for a second page that never comes
  'Translate',
];

/**
 * Nothing is fetched, probed or reported, by the page or by Chromium itself. The resolver rule is the net below the others:
 * whatever would still ask for a host finds none. Must run before the app is ready.
 */
export function applyChromiumSwitches(commandLine: App['commandLine']): void {
  commandLine.appendSwitch('disable-features', DISABLED_FEATURES.join(','));
  // No network is ever used, so the service for it needs no process of its own.
  commandLine.appendSwitch('enable-features', 'NetworkServiceInProcess2');
  commandLine.appendSwitch('disable-background-networking');
  commandLine.appendSwitch('disable-component-update');
  commandLine.appendSwitch('disable-domain-reliability');
  commandLine.appendSwitch('disable-breakpad');
  commandLine.appendSwitch('no-pings');
  commandLine.appendSwitch('no-proxy-server');
  commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
  commandLine.appendSwitch('force-webrtc-ip-handling-policy', 'disable_non_proxied_udp');
}
