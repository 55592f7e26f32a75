/**
 * The rooms of the house and who may import whom: the table of CONTRIBUTING.md as data. The linter reads it (import-rooms.mjs), and the
 * architecture tests plant a violation of each kind. A room that is not named in a row is closed to it.
 *
 * `packages` limits the npm packages and Node modules of a room; a room without it may use any (sockets, ciphers and undici have rules of
 * their own in .dependency-cruiser.cjs and restricted.mjs).
 */
const platform = ['domain', 'contracts', 'messaging', 'storage', 'config', 'observability'];
const adapters = ['spi', 'transport', 'base', 'catalogue', 'provider', 'registry'];

export const rooms = [
  // The vocabulary. Pure: what it takes from Node has no side effect.
  room('domain', 'libs/domain', [], ['zod', 'tldts', 'uuid', 'punycode', 'punycode/**', 'node:net', 'node:url', 'node:util', 'node:crypto']),
  room('contracts', 'libs/contracts', ['domain'], ['zod', 'uuid']),
  room('config', 'libs/config', ['domain']),
  room('observability', 'libs/observability', ['domain', 'config']),
  room('storage', 'libs/storage', ['domain', 'config']),
  room('messaging', 'libs/messaging', ['contracts', 'domain', 'storage', 'config', 'observability']),
  room('sealing', 'libs/sealing', ['domain'], ['zod', 'jose', 'node:crypto', 'node:buffer']),
  room('dns-client', 'libs/dns-client', ['domain']),

  // The adapters, a house in the house. The order matters: the first pattern that fits names the room.
  room('spi', 'libs/adapters/src/spi', ['domain'], ['zod']),
  room('transport', 'libs/adapters/src/transport', ['spi', 'domain', 'dns-client']),
  room('base', 'libs/adapters/src/base', ['spi', 'domain']),
  // Of a provider only its data: descriptor and credential form (import-rooms.mjs), so that gateway and verifier load no adapter.
  room('catalogue', 'libs/adapters/src/catalogue', ['spi', 'domain'], ['zod']),
  room('conformance', 'libs/adapters/src/conformance', ['spi', 'base', 'transport', 'registry', 'domain', 'dns-client', 'testing', 'local-parts']),
  // Signing and HMAC are all that a provider needs of Node; the network comes through the ports of the spi.
  room('provider', 'libs/adapters/src/providers/*', ['spi', 'base', 'domain'], ['zod', 'node:crypto'], ['provider']),
  room('registry', 'libs/adapters', ['domain', ...adapters]),

  // Its small DNS server speaks DNS by dns-client.
  room('local-parts', 'libs/local-parts', ['config', 'domain', 'dns-client']),
  room('local-product', 'libs/local-product', [...platform, 'local-parts', 'sealing']),
  room('testing', 'libs/testing', [...platform, 'spi', 'sealing', 'dns-client', 'local-parts', 'local-product']),

  room('gateway', 'apps/gateway', [...platform, 'sealing', 'catalogue']),
  room('credential-vault', 'apps/credential-vault', [...platform, 'sealing', 'catalogue']),
  room('dns-worker', 'apps/dns-worker', [...platform, ...adapters, 'sealing']),
  // Of the transport only the outgoing policy: restricted.mjs holds the names.
  room('verifier', 'apps/verifier', [...platform, 'dns-client', 'catalogue', 'transport']),
];

/** Rooms that no product code may import. */
export const testRooms = ['testing', 'conformance', 'local-parts', 'local-product'];

/** Rooms outside the product: scripts, benchmarks and tests of the whole may open every door. */
export const workshops = [
  { name: 'scripts', folder: 'scripts' },
  { name: 'bench', folder: 'bench' },
  { name: 'test', folder: 'test' },
  { name: 'tools', folder: 'tools' },
];

export const apps = rooms.filter((each) => each.folder.startsWith('apps/')).map((each) => each.name);

function room(name, folder, mayImport, packages, capture) {
  return { name, folder, mayImport, packages, capture };
}
