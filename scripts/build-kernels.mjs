// Compiles src/numerics/kernels/*.as.ts with AssemblyScript into *.generated.ts modules that hold the WebAssembly as text,
// so that the bundle needs no separate file. Does nothing while sources and compiler are unchanged.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const folder = new URL('../src/numerics/kernels/', import.meta.url);
const compilerVersion = createRequire(import.meta.url)('assemblyscript/package.json').version;
/** One memory for all kernels, given from outside; shared, so that threads can work on it together. */
const flags = [
  '-O3',
  '--runtime',
  'stub',
  '--noAssert',
  '--importMemory',
  '--sharedMemory',
  '--initialMemory',
  '1',
  '--maximumMemory',
  '65536',
  '--enable',
  'simd,threads,bulk-memory',
];

for (const file of readdirSync(folder).filter((name) => name.endsWith('.as.ts'))) {
  const source = readFileSync(new URL(file, folder), 'utf8');
  const hash = createHash('sha256')
    .update(JSON.stringify([compilerVersion, flags, source]))
    .digest('hex');
  const target = new URL(file.replace(/\.as\.ts$/, '.generated.ts'), folder);
  if (readIfThere(target).includes(hash)) continue;
  const binary = await compile(file, source);
  const text = [
    `// Made by scripts/build-kernels.mjs from ${file}; not to be edited.`,
    `export const kernelsBase64 = '${Buffer.from(binary).toString('base64')}';`,
    `export const kernelsSourceHash = '${hash}';`,
    '',
  ].join('\n');
  // renamed into place: a build that dies half-way, or two at once, leave a whole file
  const draft = new URL(`${target.href}.${process.pid}`);
  writeFileSync(draft, text);
  renameSync(draft, target);
  process.stdout.write(`kernels: ${fileURLToPath(target)} (${binary.length} bytes of WebAssembly)\n`);
}

function readIfThere(url) {
  try {
    return readFileSync(url, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return '';
    throw error;
  }
}

async function compile(file, source) {
  const { default: asc } = await import('assemblyscript/asc');
  let binary = null;
  const { error, stderr } = await asc.main([file, '--outFile', 'kernels.wasm', ...flags], {
    readFile: (name) => (name === file ? source : null),
    writeFile: (name, contents) => {
      if (name === 'kernels.wasm') binary = contents;
    },
    listFiles: () => [],
  });
  if (error || binary === null) throw new Error(`${file} does not compile:\n${stderr.toString()}`);
  return binary;
}
