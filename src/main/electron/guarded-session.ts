import type { Session } from 'electron';
import { isOwnUrl, mayLoad } from './own-origin.ts';
import type { ShellLog } from './shell-log.ts';

/**
 * Copying a text to the clipboard, which a page may only do on a click or a key (reading it stays refused), and telling of ended
 * work by the system's notifications.
 */
const GRANTED: readonly string[] = ['clipboard-sanitized-write', 'notifications'];

/**
 * Closes a session: nothing but our own page loads in it, no permission but two is granted, no device is handed out.
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
    const isFrame = details.resourceType === 'mainFrame' || details.resourceType === 'subFrame';
    const cancel = !mayLoad(details.url, isFrame ? 'frame' : 'other', options.devtools);
    if (cancel)
      options.log('request-refused', { url: details.url.slice(0, 200), type: details.resourceType });
    decide({ cancel });
  });
  session.setPermissionRequestHandler((contents, permission, answer) => {
    const granted = GRANTED.includes(permission) && isOwnUrl(contents.getURL());
    if (!granted) options.log('permission-refused', { permission });
    answer(granted);
  });
  session.setPermissionCheckHandler(
    (_contents, permission, origin) => GRANTED.includes(permission) && isOwnUrl(origin),
  );
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
    if (!mayLoad(item.getURL(), 'other', false)) event.preventDefault();
  });
  session.setSpellCheckerEnabled(false);
}
