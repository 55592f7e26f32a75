/**
 * Rules of the graph: what one file cannot see by itself. Who may import whom is tools/lint/rooms.mjs; here are cycles, files that nobody
 * needs, sibling providers, and the doors to the network and to ciphers.
 */
const testFile = '[.](spec|int-spec|e2e-spec|fake|conformance\\.spec)\\.ts$';
const testRoom = '^libs/(testing|local-parts|local-product|adapters/src/conformance)/';
const product = { path: '^(apps|libs)/', pathNot: [testFile, testRoom] };

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycle', severity: 'error', comment: 'A cycle has no first file to read. A type that both need gets a file of its own.',
      from: {}, to: { circular: true },
    },
    {
      name: 'no-orphan', severity: 'error', comment: 'A product file that nobody imports and that imports nobody is dead, or its door is missing.',
      from: { orphan: true, path: '^(apps|libs)/', pathNot: [testFile, '[.]mjs$', '/main\\.ts$', '/index\\.ts$', '\\.d\\.ts$'] }, to: {},
    },
    {
      name: 'no-sibling-provider', severity: 'error', comment: 'A provider is one folder. What two share belongs to base or transport.',
      from: { path: '^libs/adapters/src/providers/([^/]+)/' }, to: { path: '^libs/adapters/src/providers/([^/]+)/', pathNot: '^libs/adapters/src/providers/$1/' },
    },
    {
      name: 'catalogue-is-data', severity: 'error', comment: 'The gateway and the verifier read the catalogue; no adapter and no HTTP client comes along.',
      from: { path: '^libs/adapters/src/catalogue/', pathNot: testFile },
      to: { path: '^libs/adapters/src/(transport|providers/[^/]+/(index|adapter|client))|(^|/)node_modules/undici/', reachable: true },
    },
    {
      name: 'no-app-imports-app', severity: 'error', comment: 'Services meet on the bus.',
      from: { path: '^apps/([^/]+)/' }, to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'product-without-test-code', severity: 'error', comment: 'Product code never needs tests, fakes, the conformance suite, local parts or development packages.',
      from: product, to: { path: [testFile, testRoom] },
    },
    {
      name: 'product-without-development-packages', severity: 'error', comment: 'The images install `dependencies` only.',
      from: product, to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'], pathNot: '/node_modules/@types/' },
    },
    {
      name: 'ciphers-in-their-rooms', severity: 'error', comment: 'Sealing and opening happens in credential-vault and libs/sealing. node:crypto ciphers: tools/lint/restricted.mjs.',
      from: { ...product, pathNot: [...product.pathNot, '^apps/credential-vault/', '^libs/sealing/'] }, to: { path: '(^|/)node_modules/jose/' },
    },
    {
      name: 'sockets-in-their-rooms', severity: 'error',
      comment: 'The network is opened in dns-client and adapters/transport; observability has the inner port. node:net: tools/lint/restricted.mjs.',
      from: { ...product, pathNot: [...product.pathNot, '^libs/dns-client/', '^libs/adapters/src/transport/', '^libs/observability/'] },
      to: { path: '^(node:)?(dgram|tls|http|https|http2|dns|dns/promises)$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'undici-in-transport', severity: 'error', comment: 'One door to the network for providers: there the outgoing policy is kept.',
      from: { ...product, pathNot: [...product.pathNot, '^libs/adapters/src/transport/'] }, to: { path: '(^|/)node_modules/undici/' },
    },
    {
      name: 'resolvable', severity: 'error', comment: 'An import that leads nowhere.',
      from: {}, to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|coverage|[.]data)/|/__fixtures__/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types', 'default'], extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'] },
  },
};
