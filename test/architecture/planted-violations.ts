/**
 * One row for each thing the house refuses: where it is planted, what stands there, who has to refuse it. `door` is what every room exports in
 * the planted tree (planted-tree.ts). Rows of `allowed` must pass without a word: a rule that refuses everything proves nothing.
 */
export interface Planted {
  name: string;
  file: string;
  text: string;
}
export interface Violation extends Planted {
  /** ESLint's rule, or dependency-cruiser's. */
  rule: string;
  /** What the message has to contain, where one rule has many reasons. */
  says?: string;
}

const importing = (from: string, name = 'door'): string => `import { ${name} } from '${from}';\nexport const used = ${name};\n`;
const rooms = 'boundaries/dependencies';
const syntax = 'no-restricted-syntax';

export const lintViolations: Violation[] = [
  // Rooms
  { name: 'domain imports a library', file: 'libs/domain/src/a.ts', text: importing('@connect/config'), rule: rooms, says: 'domain may not import config' },
  { name: 'domain uses a package that is not pure', file: 'libs/domain/src/b.ts', text: "import pg from 'pg';\nexport const used = pg;\n", rule: rooms, says: 'only these packages' },
  { name: 'contracts import messaging', file: 'libs/contracts/src/a.ts', text: importing('@connect/messaging'), rule: rooms },
  { name: 'dns-client imports contracts', file: 'libs/dns-client/src/a.ts', text: importing('@connect/contracts'), rule: rooms },
  { name: 'sealing imports config', file: 'libs/sealing/src/a.ts', text: importing('@connect/config'), rule: rooms },
  { name: 'messaging imports sealing', file: 'libs/messaging/src/a.ts', text: importing('@connect/sealing'), rule: rooms },
  { name: 'storage knows messages', file: 'libs/storage/src/a.ts', text: importing('@connect/contracts'), rule: rooms },
  { name: 'the spi imports the transport', file: 'libs/adapters/src/spi/a.ts', text: importing('../transport/index.js'), rule: rooms },
  { name: 'the transport imports messaging', file: 'libs/adapters/src/transport/a.ts', text: importing('@connect/messaging'), rule: rooms },
  { name: 'a provider imports another provider', file: 'libs/adapters/src/providers/alpha/a.ts', text: importing('../beta/index.js'), rule: rooms },
  { name: 'a provider imports the transport', file: 'libs/adapters/src/providers/alpha/b.ts', text: importing('@connect/adapters/transport'), rule: rooms },
  { name: 'a provider imports Nest', file: 'libs/adapters/src/providers/alpha/c.ts', text: importing('@nestjs/common', 'Injectable'), rule: rooms, says: 'only these packages' },
  { name: 'a provider imports undici', file: 'libs/adapters/src/providers/alpha/d.ts', text: importing('undici', 'request'), rule: rooms },
  { name: 'a provider imports a Node module but node:crypto', file: 'libs/adapters/src/providers/alpha/e.ts', text: importing('node:fs', 'readFileSync'), rule: rooms },
  { name: 'a provider calls fetch', file: 'libs/adapters/src/providers/alpha/f.ts', text: "export const answer = (): Promise<unknown> => fetch('https://api.example');\n", rule: 'no-restricted-globals' },
  { name: 'the catalogue imports a provider', file: 'libs/adapters/src/catalogue/a.ts', text: importing('../providers/alpha/index.js'), rule: rooms },
  { name: 'the gateway imports the adapters', file: 'apps/gateway/src/a.ts', text: importing('@connect/adapters'), rule: rooms },
  { name: 'the gateway imports the transport', file: 'apps/gateway/src/b.ts', text: importing('@connect/adapters/transport'), rule: rooms },
  { name: 'the gateway asks the DNS', file: 'apps/gateway/src/c.ts', text: importing('@connect/dns-client'), rule: rooms },
  { name: 'the vault asks the DNS', file: 'apps/credential-vault/src/a.ts', text: importing('@connect/dns-client'), rule: rooms },
  { name: 'the worker asks the DNS by itself', file: 'apps/dns-worker/src/a.ts', text: importing('@connect/dns-client'), rule: rooms },
  { name: 'the verifier opens sealed things', file: 'apps/verifier/src/a.ts', text: importing('@connect/sealing'), rule: rooms },
  { name: 'the verifier uses more of the transport than the policy', file: 'apps/verifier/src/b.ts', text: importing('@connect/adapters/transport'), rule: 'no-restricted-imports' },
  { name: 'an app imports an app', file: 'apps/gateway/src/d.ts', text: importing('../../verifier/src/index.js'), rule: rooms },
  { name: 'a library is entered through the window', file: 'apps/gateway/src/e.ts', text: importing('../../../libs/domain/src/clock.js', 'systemClock'), rule: rooms, says: 'by its door' },
  { name: 'local-parts import messaging', file: 'libs/local-parts/src/a.ts', text: importing('@connect/messaging'), rule: rooms },
  { name: 'product code imports testing', file: 'apps/verifier/src/c.ts', text: importing('@connect/testing'), rule: rooms, says: 'never imports tests' },
  { name: 'product code imports local parts', file: 'apps/gateway/src/f.ts', text: importing('@connect/local-parts'), rule: rooms, says: 'never imports tests' },
  { name: 'product code imports the conformance suite', file: 'libs/adapters/src/base/a.ts', text: importing('../conformance/index.js'), rule: rooms, says: 'never imports tests' },
  { name: 'product code imports a fake', file: 'libs/adapters/src/providers/alpha/g.ts', text: importing('./alpha.fake.js', 'fake'), rule: rooms, says: 'never imports tests' },
  { name: 'a room without a name', file: 'libs/attic/src/index.ts', text: 'export const attic = true;\n', rule: 'boundaries/no-unknown-files' },

  // Inside an app
  { name: 'an endpoint imports infrastructure', file: 'apps/gateway/src/http/x/read-x.endpoint.ts', text: importing('../../infrastructure/x.store.js', 'store'), rule: rooms, says: 'endpoint may not import infrastructure' },
  { name: 'a handler imports infrastructure', file: 'apps/gateway/src/y/y.handler.ts', text: importing('../infrastructure/x.store.js', 'store'), rule: rooms, says: 'handler may not import infrastructure' },
  { name: 'a use case imports infrastructure', file: 'apps/gateway/src/y/y.use-case.ts', text: importing('../infrastructure/x.store.js', 'store'), rule: rooms, says: 'use-case may not import infrastructure' },
  { name: 'a use case imports an endpoint', file: 'apps/gateway/src/y/z.use-case.ts', text: importing('../http/x/read-x.endpoint.js', 'used'), rule: rooms, says: 'use-case may not import endpoint' },
  { name: 'a port imports a use case', file: 'apps/gateway/src/ports/y.port.ts', text: importing('../y/y.use-case.js', 'used'), rule: rooms, says: 'port may not import use-case' },
  { name: 'infrastructure imports a use case', file: 'apps/gateway/src/infrastructure/y.store.ts', text: importing('../y/y.use-case.js', 'used'), rule: rooms, says: 'infrastructure may not import use-case' },
  { name: 'a second module knows infrastructure', file: 'apps/gateway/src/http/http.module.ts', text: importing('../infrastructure/x.store.js', 'store'), rule: rooms, says: 'part may not import infrastructure' },
  { name: 'some other file knows infrastructure', file: 'apps/gateway/src/y/policy.ts', text: importing('../infrastructure/x.store.js', 'store'), rule: rooms, says: 'inside may not import infrastructure' },

  // Syntax
  { name: 'bare new Error', file: 'libs/messaging/src/b.ts', text: "export function fail(): never {\n  throw new Error('no');\n}\n", rule: syntax, says: 'ConnectError' },
  { name: 'bare Error without new', file: 'libs/messaging/src/c.ts', text: "export function fail(): never {\n  throw Error('no');\n}\n", rule: syntax, says: 'ConnectError' },
  { name: 'Date.now', file: 'libs/messaging/src/d.ts', text: 'export const now = (): number => Date.now();\n', rule: syntax, says: 'Clock' },
  { name: 'new Date without arguments', file: 'libs/messaging/src/e.ts', text: 'export const now = (): Date => new Date();\n', rule: syntax, says: 'Clock' },
  { name: 'Math.random', file: 'libs/messaging/src/f.ts', text: 'export const chance = (): number => Math.random();\n', rule: syntax, says: 'randomness' },
  { name: 'process.env', file: 'libs/messaging/src/g.ts', text: 'export const home = process.env.HOME;\n', rule: syntax, says: 'libs/config' },
  { name: 'the environment in the clock file', file: 'libs/domain/src/clock.ts', text: 'export const systemClock = { now: (): Date => new Date(), home: process.env.HOME };\n', rule: syntax, says: 'libs/config' },
  { name: 'an enum', file: 'libs/messaging/src/h.ts', text: 'export enum Colour { red }\n', rule: syntax, says: 'union' },
  { name: 'a default export', file: 'libs/messaging/src/i.ts', text: 'export default function run(): void {}\n', rule: syntax, says: 'named export' },
  { name: 'a default export in a script', file: 'scripts/a.ts', text: 'export default function run(): void {}\n', rule: syntax, says: 'named export' },
  { name: 'a class named Manager', file: 'libs/messaging/src/j.ts', text: 'export class StreamManager {}\n', rule: syntax, says: 'Name it' },
  { name: 'a cipher in the gateway', file: 'apps/gateway/src/g.ts', text: importing('node:crypto', 'createCipheriv'), rule: 'no-restricted-imports', says: 'Ciphers' },
  { name: 'a cipher by the whole module', file: 'apps/gateway/src/h.ts', text: "import * as crypto from 'node:crypto';\nexport const seal = crypto.createCipheriv;\n", rule: syntax, says: 'Ciphers' },
  { name: 'a socket in the worker', file: 'apps/dns-worker/src/b.ts', text: importing('node:net', 'connect'), rule: 'no-restricted-imports', says: 'Sockets' },
  { name: 'a sleeping test', file: 'libs/messaging/src/a.spec.ts', text: 'export const sleep = (): Promise<void> => new Promise((done) => { setTimeout(done, 100); });\n', rule: syntax, says: 'does not sleep' },
  { name: 'a skipped test', file: 'libs/messaging/src/b.spec.ts', text: "import { it } from '@jest/globals';\nit.skip('later', () => undefined);\n", rule: syntax, says: 'left out' },
  { name: 'a reminder instead of work', file: 'libs/messaging/src/k.ts', text: '// TO' + 'DO: finish\nexport const half = true;\n', rule: 'no-warning-comments' },
  { name: 'a file longer than 400 lines', file: 'libs/messaging/src/l.ts', text: Array.from({ length: 401 }, (_, index) => `export const line${index} = ${index};\n`).join(''), rule: 'max-lines' },

  // Types
  { name: 'a promise that nobody awaits', file: 'libs/messaging/src/m.ts', text: 'export function run(work: () => Promise<void>): void {\n  work();\n}\n', rule: '@typescript-eslint/no-floating-promises' },
  { name: 'a promise as a condition', file: 'libs/messaging/src/n.ts', text: 'export function run(work: Promise<boolean>): number {\n  return work ? 1 : 0;\n}\n', rule: '@typescript-eslint/no-misused-promises' },
  { name: 'a switch that forgets a case', file: 'libs/messaging/src/o.ts', text: "export function run(state: 'a' | 'b'): void {\n  switch (state) {\n    case 'a':\n      return;\n  }\n}\n", rule: '@typescript-eslint/switch-exhaustiveness-check' },
  { name: 'any', file: 'libs/messaging/src/p.ts', text: 'export const box: any = 1;\n', rule: '@typescript-eslint/no-explicit-any' },
  { name: 'a silenced compiler', file: 'libs/messaging/src/q.ts', text: '// @ts-ignore\nexport const box: number = 1;\n', rule: '@typescript-eslint/ban-ts-comment' },
  { name: 'an import that nobody uses', file: 'libs/messaging/src/r.ts', text: "import { door } from '@connect/domain';\nexport const box = 1;\n", rule: '@typescript-eslint/no-unused-vars' },
];

export const graphViolations: Violation[] = [
  { name: 'a cycle', file: 'libs/config/src/a.ts', text: importing('./b.js', 'used as door'), rule: 'no-cycle' },
  { name: 'a file that nobody needs', file: 'libs/config/src/lonely.ts', text: 'export const lonely = true;\n', rule: 'no-orphan' },
  { name: 'a provider imports another provider', file: 'libs/adapters/src/providers/beta/a.ts', text: importing('../alpha/index.js'), rule: 'no-sibling-provider' },
  { name: 'the catalogue brings an adapter along', file: 'libs/adapters/src/catalogue/b.ts', text: importing('../providers/beta/credential.js', 'adapter'), rule: 'catalogue-is-data' },
  { name: 'an app imports an app', file: 'apps/verifier/src/d.ts', text: importing('../../gateway/src/index.js'), rule: 'no-app-imports-app' },
  { name: 'product code imports testing', file: 'apps/verifier/src/e.ts', text: importing('@connect/testing'), rule: 'product-without-test-code' },
  { name: 'product code imports a fake', file: 'libs/adapters/src/providers/beta/b.ts', text: importing('../alpha/alpha.fake.js', 'fake'), rule: 'product-without-test-code' },
  { name: 'product code needs a development package', file: 'libs/config/src/c.ts', text: importing('fast-check', 'string'), rule: 'product-without-development-packages' },
  { name: 'jose in the worker', file: 'apps/dns-worker/src/c.ts', text: importing('jose', 'CompactEncrypt'), rule: 'ciphers-in-their-rooms' },
  { name: 'a server in the worker', file: 'apps/dns-worker/src/d.ts', text: importing('node:http', 'createServer'), rule: 'sockets-in-their-rooms' },
  { name: 'datagrams in a provider', file: 'libs/adapters/src/providers/beta/c.ts', text: importing('node:dgram', 'createSocket'), rule: 'sockets-in-their-rooms' },
  { name: 'TLS in the gateway', file: 'apps/gateway/src/i.ts', text: importing('node:tls', 'connect'), rule: 'sockets-in-their-rooms' },
  { name: 'undici in the gateway', file: 'apps/gateway/src/j.ts', text: importing('undici', 'request'), rule: 'undici-in-transport' },
  { name: 'an import that leads nowhere', file: 'libs/config/src/d.ts', text: importing('@connect/nowhere'), rule: 'resolvable' },
];

export const allowed: Planted[] = [
  { name: 'contracts import the domain', file: 'libs/contracts/src/good.ts', text: importing('@connect/domain') },
  { name: 'messaging stores', file: 'libs/messaging/src/good-store.ts', text: importing('@connect/storage') },
  { name: 'a provider uses the base', file: 'libs/adapters/src/providers/alpha/good-base.ts', text: importing('@connect/adapters/base') },
  { name: 'a provider signs and parses', file: 'libs/adapters/src/providers/alpha/good.ts', text: "import { createHmac } from 'node:crypto';\nimport { z } from 'zod';\nimport { door } from '@connect/domain';\nimport { door as spi } from '@connect/adapters/spi';\nexport const used = [createHmac, z, door, spi];\n" },
  { name: 'the catalogue reads a descriptor', file: 'libs/adapters/src/catalogue/good.ts', text: importing('../providers/alpha/descriptor.js', 'descriptor') },
  { name: 'a fake opens a server', file: 'libs/adapters/src/providers/alpha/alpha.fake.ts', text: "import { createServer } from 'node:http';\nimport { door } from '@connect/testing';\nexport const fake = [createServer, door];\n" },
  { name: 'a provider’s spec runs the suite on the fake', file: 'libs/adapters/src/providers/alpha/alpha.conformance.spec.ts', text: "import { door } from '../../conformance/index.js';\nimport { fake } from './alpha.fake.js';\nexport const used = [door, fake];\n" },
  { name: 'the registry knows providers', file: 'libs/adapters/src/registry.ts', text: importing('./providers/alpha/index.js') },
  { name: 'the worker knows adapters and sealing', file: 'apps/dns-worker/src/good.ts', text: "import { door } from '@connect/adapters';\nimport { door as transport } from '@connect/adapters/transport';\nimport { door as sealing } from '@connect/sealing';\nexport const used = [door, transport, sealing];\n" },
  { name: 'the verifier knows the outgoing policy', file: 'apps/verifier/src/good.ts', text: importing('@connect/adapters/transport', 'outgoingPolicy') },
  { name: 'the gateway knows the catalogue', file: 'apps/gateway/src/good.ts', text: importing('@connect/adapters/catalogue') },
  { name: 'an app’s spec starts real parts', file: 'apps/gateway/src/good.int-spec.ts', text: "import { door } from '@connect/testing';\nimport { door as parts } from '@connect/local-parts';\nexport const used = [door, parts];\n" },
  { name: 'a use case asks a port', file: 'apps/gateway/src/good/good.use-case.ts', text: importing('../ports/x.port.js', 'port') },
  { name: 'infrastructure gives what a port asks for', file: 'apps/gateway/src/infrastructure/x.store.ts', text: "import { port } from '../ports/x.port.js';\nexport const store = port;\n" },
  { name: 'a port stands alone', file: 'apps/gateway/src/ports/x.port.ts', text: 'export const port = true;\n' },
  { name: 'a list of endpoints', file: 'apps/gateway/src/http/endpoints.ts', text: "export * from './good/read-good.endpoint.js';\n" },
  { name: 'an endpoint knows its use case', file: 'apps/gateway/src/http/good/read-good.endpoint.ts', text: importing('../../good/good.use-case.js', 'used as door') },
  { name: 'the app’s module knows both', file: 'apps/gateway/src/gateway.module.ts', text: "import { store } from './infrastructure/x.store.js';\nimport { port } from './ports/x.port.js';\nimport { used } from './good/good.use-case.js';\nexport const all = [store, port, used];\n" },
  { name: 'main reads the environment', file: 'apps/gateway/src/main.ts', text: "import { all } from './gateway.module.js';\nexport const home = [process.env.HOME, all];\n" },
  { name: 'the vault has ciphers', file: 'apps/credential-vault/src/good.ts', text: importing('node:crypto', 'createCipheriv') },
  { name: 'the DNS client has sockets', file: 'libs/dns-client/src/good.ts', text: "import { createSocket } from 'node:dgram';\nimport { connect } from 'node:net';\nexport const used = [createSocket, connect];\n" },
  { name: 'anybody may ask what an address is', file: 'libs/domain/src/good.ts', text: importing('node:net', 'isIP') },
  { name: 'a class of its own may extend Error', file: 'libs/domain/src/good-error.ts', text: 'export class GoodError extends Error {}\n' },
  { name: 'a given instant becomes a Date', file: 'libs/messaging/src/good.ts', text: 'export const instant = (text: string): Date => new Date(text);\n' },
  { name: 'a script uses the clock', file: 'scripts/good.ts', text: 'export const now = Date.now();\n' },
];

/** The other halves of rows above. */
export const companions: Record<string, string> = {
  'libs/adapters/src/providers/alpha/descriptor.ts': 'export const descriptor = true;\n',
  'libs/adapters/src/providers/beta/credential.ts': "export { adapter } from './adapter.js';\n",
  'libs/adapters/src/providers/beta/adapter.ts': 'export const adapter = true;\n',
  'libs/config/src/b.ts': importing('./a.js', 'used as door'),
  'libs/adapters/src/transport/index.ts': 'export const door = true;\nexport const outgoingPolicy = true;\n',
};
