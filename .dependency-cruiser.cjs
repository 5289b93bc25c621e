// The arrows of docs/architecture.md, checked: renderer → shared ← numerics, trust ← core ← main.
const layer = (name, allowed) => ({
  name: `${name}-imports-only-${allowed.join('-')}`,
  severity: 'error',
  from: { path: `^src/${name}/` },
  to: { path: '^src/', pathNot: `^src/(${[name, ...allowed].join('|')})/` },
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    layer('shared', []),
    layer('numerics', ['shared']),
    layer('trust', ['shared']),
    layer('core', ['shared', 'numerics', 'trust']),
    layer('main', ['shared', 'numerics', 'trust', 'core']),
    layer('renderer', ['shared']),
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'rooms-meet-at-their-index',
      comment: "A core room reaches another room through that room's index.ts only.",
      severity: 'error',
      from: { path: '^src/core/([^/]+)/' },
      to: { path: '^src/core/([^/]+)/(?!index\\.ts$).+', pathNot: '^src/core/$1/' },
    },
    {
      name: 'hosts-meet-rooms-at-their-index',
      severity: 'error',
      from: { path: '^src/main/' },
      to: { path: '^src/core/[^/]+/(?!index\\.ts$).+' },
    },
    {
      name: 'pure-layers-do-no-io',
      comment: 'numerics and shared compute; trust may hash and encrypt, nothing else.',
      severity: 'error',
      from: { path: '^src/(numerics|shared)/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'trust-only-uses-crypto',
      severity: 'error',
      from: { path: '^src/trust/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?(crypto|buffer)$' },
    },
    {
      name: 'core-knows-no-host',
      severity: 'error',
      from: { path: '^src/core/' },
      to: {
        path: '^(electron|react|node:http|http|node:https|https)$|node_modules/(electron|react|fastify)/',
      },
    },
    {
      name: 'shell-loads-no-native-module',
      comment: "Electron's Node differs from the engine's; the shell stays thin.",
      severity: 'error',
      from: { path: '^src/main/electron/' },
      to: { path: '^src/core/|node_modules/(better-sqlite3|@duckdb|onnxruntime-node|@napi-rs)/' },
    },
    {
      name: 'no-unresolved',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '\\.generated\\.ts$' },
    },
    {
      name: 'no-test-code-in-product',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.test\\.tsx?$' },
      to: { path: '\\.test\\.tsx?$|^test/' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.as\\.ts$' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.json', '.css'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
