#!/usr/bin/env node
// Takes fpm's place when electron-builder makes a .deb and the machine has none (Debian does not package fpm). Understands
// what electron-builder passes for `-t deb`, lays out the tree and hands it to dpkg-deb.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const SHORT = {
  s: 'source',
  t: 'target',
  d: 'depends',
  p: 'package',
  n: 'name',
  v: 'version',
  a: 'architecture',
};
const SWITCHES = new Set([
  'force',
  'debug',
  'deb-no-default-config-files',
  'no-deb-auto-config-files',
  'deb-auto-config-files',
]);
const LISTS = new Set(['depends', 'deb-recommends', 'deb-suggests', 'conflicts', 'provides', 'replaces']);
const ARCHITECTURES = { x86_64: 'amd64', aarch64: 'arm64', armv7l: 'armhf' };
const SCRIPTS = {
  'before-install': 'preinst',
  'after-install': 'postinst',
  'before-remove': 'prerm',
  'after-remove': 'postrm',
};
const COMPRESSIONS = { gz: 'gzip', bzip2: 'bzip2', none: 'none', zst: 'zstd', xz: 'xz' };

/** Splits fpm's arguments into options, repeatable options and SOURCE=TARGET mappings. */
function parse(argv) {
  const options = {};
  const lists = Object.fromEntries([...LISTS].map((name) => [name, []]));
  const mappings = [];
  for (let index = 0; index < argv.length; index += 1) {
    const argument = argv[index];
    if (!argument.startsWith('-')) {
      const at = argument.indexOf('=');
      if (at <= 0) throw new Error(`neither an option nor SOURCE=TARGET: ${argument}`);
      mappings.push({ source: argument.slice(0, at), target: argument.slice(at + 1) });
      continue;
    }
    const at = argument.startsWith('--') ? argument.indexOf('=') : -1;
    const name = argument.startsWith('--')
      ? argument.slice(2, at === -1 ? undefined : at)
      : SHORT[argument.slice(1)];
    if (name === undefined) throw new Error(`unknown option ${argument}`);
    if (SWITCHES.has(name)) continue;
    if (at === -1) index += 1;
    const value = at === -1 ? argv[index] : argument.slice(at + 1);
    if (LISTS.has(name)) lists[name].push(value);
    else options[name] = value;
  }
  return { options, lists, mappings };
}

/** As fpm does it: a source that ends in / stands for its content. */
function layOut(root, mappings) {
  for (const { source, target } of mappings) {
    const destination = path.join(root, target);
    const content = source.endsWith('/');
    fs.mkdirSync(content || target.endsWith('/') ? destination : path.dirname(destination), {
      recursive: true,
    });
    execFileSync('cp', ['-a', '--no-preserve=ownership', content ? `${source}.` : source, destination]);
  }
  execFileSync('chmod', ['-R', 'u+rwX,go+rX,go-w', root]);
}

function controlFile({ options, lists }, installedKilobytes) {
  const [synopsis, ...rest] = (options.description ?? options.name).split('\n').map((line) => line.trim());
  const fields = [
    ['Package', options.name],
    ['Version', options.version.replaceAll('-', '~')], // 1.0.0-beta sorts before 1.0.0
    ['Architecture', ARCHITECTURES[options.architecture] ?? options.architecture],
    ['Maintainer', options.maintainer],
    ['Section', options.category],
    ['Priority', options['deb-priority']],
    ['Homepage', options.url],
    ['Installed-Size', installedKilobytes],
    ['Depends', lists.depends.join(', ')],
    ['Recommends', lists['deb-recommends'].join(', ')],
    ['Suggests', lists['deb-suggests'].join(', ')],
    ['Conflicts', lists.conflicts.join(', ')],
    ['Provides', lists.provides.join(', ')],
    ['Replaces', lists.replaces.join(', ')],
    ['Description', [synopsis, ...rest.map((line) => ` ${line || '.'}`)].join('\n')],
  ];
  return fields
    .filter(([, value]) => value)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('');
}

const request = parse(process.argv.slice(2));
const { options } = request;
if (options.target !== 'deb')
  throw new Error(`only .deb packages can be made without fpm, not ${options.target}`);
const compression = COMPRESSIONS[options['deb-compression'] ?? 'xz'];
if (compression === undefined) throw new Error(`unknown compression ${options['deb-compression']}`);

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'falaj-deb-'));
try {
  fs.chmodSync(root, 0o755);
  layOut(root, request.mappings);
  const kilobytes = execFileSync('du', ['-sk', root], { encoding: 'utf8' }).split('\t')[0];
  const control = path.join(root, 'DEBIAN');
  fs.mkdirSync(control, { mode: 0o755 });
  for (const [option, name] of Object.entries(SCRIPTS)) {
    if (options[option] !== undefined)
      fs.writeFileSync(path.join(control, name), fs.readFileSync(options[option]), { mode: 0o755 });
  }
  fs.writeFileSync(path.join(control, 'control'), controlFile(request, kilobytes));
  fs.rmSync(options.package, { force: true });
  execFileSync('dpkg-deb', ['--root-owner-group', `-Z${compression}`, '--build', root, options.package], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
} finally {
  fs.rmSync(root, { recursive: true, force: true });
}
