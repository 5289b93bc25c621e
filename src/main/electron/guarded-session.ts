import type { Session } from 'electron';
import { mayLoad } from './own-origin.ts';
import type { ShellLog } from './shell-log.ts';

/**
 * Closes a session: nothing but our own page loads in it, no permission is granted, no device is handed out.
 *
 * The protocol handler adds the engine's token and cannot tell who asks (a request carries neither Origin nor frame there),
 * so a foreign page in the same session could call the engine and read the answers. Hence a session of its own, in which
 * no foreign page can exist.
 */
export function guardSession(
  session: Session,
  options: { readonly devtools: boolean; readonly log: ShellLog },
): void {
  session.webRequest.onBeforeRequest((details, decide) => {
    const cancel = !mayLoad(details.url, options.devtools);
    if (cancel)
      options.log('request-refused', { url: details.url.slice(0, 200), type: details.resourceType });
    decide({ cancel });
  });
  session.setPermissionRequestHandler((_contents, permission, answer) => {
    options.log('permission-refused', { permission });
    answer(false);
  });
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.setBluetoothPairingHandler((_details, answer) => answer({ confirmed: false }));
  session.on('select-hid-device', (event, _details, choose) => {
    event.preventDefault();
    choose(null);
  });
  session.on('select-serial-port', (event, _ports, _contents, choose) => {
    event.preventDefault();
    choose('');
  });
  session.on('select-usb-device', (event, _details, choose) => {
    event.preventDefault();
    choose();
  });
  session.on('will-download', (event, item) => {
    if (!mayLoad(item.getURL(), false)) event.preventDefault();
  });
  session.setSpellCheckerEnabled(false);
}
