import { spawn } from 'node:child_process';
import { FalajError } from '../../shared/errors.ts';
import { onPath } from './on-path.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const CHROMIUMS = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'brave-browser',
];

/** Opens a window of its own where a Chromium is there, else a page in the default browser. */
export function openBrowser(
  link: string,
  environment: Environment,
  platform: NodeJS.Platform = process.platform,
): void {
  const [program, ...given] = browserCommand(link, environment, platform);
  const child = spawn(program, given, { detached: true, stdio: 'ignore' });
  child.on('error', () => undefined); // the link is printed all the same
  child.unref();
}

/** The command that shows a link on this machine. Throws NO_DISPLAY where there is none to show it on. */
export function browserCommand(
  link: string,
  environment: Environment,
  platform: NodeJS.Platform,
): [string, ...string[]] {
  if (platform === 'darwin') return ['open', link];
  if (platform === 'win32') return ['cmd', '/c', 'start', '', link.replaceAll('&', '^&')];
  if (!environment['DISPLAY'] && !environment['WAYLAND_DISPLAY']) {
    throw new FalajError('NO_DISPLAY', 'There is no display to open a window on.', {
      hint: 'Open the link in a browser of your own; over SSH forward the port first, with `ssh -L`.',
    });
  }
  const chromium = CHROMIUMS.map((name) => onPath(name, environment)).find((found) => found !== null);
  if (chromium == null) return ['xdg-open', link];
  const asRoot = process.getuid?.() === 0; // Chromium refuses to run sandboxed as root
  return [chromium, `--app=${link}`, '--no-first-run', ...(asRoot ? ['--no-sandbox'] : [])];
}
