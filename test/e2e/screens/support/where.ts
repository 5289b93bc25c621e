/** Set by the runner: `desktop` shows the screens' tests in the desktop window instead of a browser. */
export const inDesktopWindow = process.env['FALAJ_SCREENS'] === 'desktop';
