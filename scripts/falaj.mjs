// The command line on a fresh clone: installs and builds what is missing, then runs it (npm run falaj, npm run demo).
import { spawn } from 'node:child_process';
import path from 'node:path';
import { ensureReady } from './ensure.mjs';
import { fail, projectNode, projectRoot } from './lib/toolchain.mjs';

ensureReady();

const child = spawn(
  projectNode(),
  [path.join(projectRoot, 'dist', 'node', 'cli.mjs'), ...process.argv.slice(2)],
  {
    cwd: process.env.INIT_CWD ?? process.cwd(), // npm runs scripts in the project's folder; a person's paths mean theirs
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'], // the channel's end tells the command that this process is gone
  },
);
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
process.on('SIGINT', () => {
  if (!process.stdin.isTTY) child.kill('SIGINT'); // a terminal has sent it to both already
});
child.on('error', (error) => fail(`The command line does not start: ${error.message}`));
child.on('exit', (code) => process.exit(code ?? 1));
