#!/usr/bin/env node
// Renders icon.svg into the sizes that installers want (PNG, .ico, .icns). Run by hand after changing the drawing; needs a
// Chromium (CHROMIUM=path, else `chromium` on the PATH).   node resources/icons/render.mjs
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright';

const here = import.meta.dirname;
const SIZES = [16, 24, 32, 48, 64, 128, 256, 512, 1024];
const svg = fs.readFileSync(path.join(here, 'icon.svg'), 'utf8');

const executablePath =
  process.env.CHROMIUM ?? spawnSync('which', ['chromium'], { encoding: 'utf8' }).stdout.trim();
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
const images = new Map();
for (const size of SIZES) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(
    `<style>html,body{margin:0;background:transparent}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`,
  );
  images.set(size, await page.screenshot({ omitBackground: true }));
  await page.close();
}
await browser.close();

for (const [size, png] of images)
  if (size <= 512) fs.writeFileSync(path.join(here, `${size}x${size}.png`), png);
fs.writeFileSync(path.join(here, 'icon.ico'), ico([16, 24, 32, 48, 64, 128, 256]));
fs.writeFileSync(
  path.join(here, 'icon.icns'),
  icns({ ic07: 128, ic08: 256, ic09: 512, ic10: 1024, ic11: 32, ic12: 64, ic13: 256, ic14: 512 }),
);

/** Windows icon: a directory of 16-byte entries, then the PNG files. Width and height 0 mean 256. */
function ico(sizes) {
  const header = Buffer.alloc(6 + 16 * sizes.length);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(sizes.length, 4);
  let offset = header.length;
  sizes.forEach((size, index) => {
    const at = 6 + 16 * index;
    const { length } = images.get(size);
    header.writeUInt8(size % 256, at);
    header.writeUInt8(size % 256, at + 1);
    header.writeUInt16LE(1, at + 4);
    header.writeUInt16LE(32, at + 6);
    header.writeUInt32LE(length, at + 8);
    header.writeUInt32LE(offset, at + 12);
    offset += length;
  });
  return Buffer.concat([header, ...sizes.map((size) => images.get(size))]);
}

/** Apple icon: `icns`, the whole length, then blocks of type, length (with these 8 bytes) and a PNG file. */
function icns(types) {
  const block = (type, body) => {
    const head = Buffer.alloc(8);
    head.write(type, 'latin1');
    head.writeUInt32BE(body.length + 8, 4);
    return Buffer.concat([head, body]);
  };
  return block(
    'icns',
    Buffer.concat(Object.entries(types).map(([type, size]) => block(type, images.get(size)))),
  );
}
