import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { freePort, isPortFree } from '../free-port.js';
import { LocalPartError } from '../local-part-error.js';
import { silent, type MachineEnvironment, type Progress } from '../machine.js';
import { findDnsProgram } from './dns-programs.js';
import { startKnot, type KnotZone, type RunningKnot } from './knot.js';
import { startTinyAuthoritative } from './tiny-authoritative.js';
import { startUnbound, type RunningUnbound, type Stub } from './unbound.js';
import { below, isInside, type NameServer, type TsigKeyText, type ZoneInput } from './zone-text.js';

export interface StartDnsWorldOptions {
  dir: string;
  /** Default `test.`, which RFC 6761 keeps for this. */
  tld?: string;
  /** Root and top-level domain are signed. Takes Knot. */
  isSigned?: boolean;
  /** What serves them. Default: Knot where it can be had, else the built-in server. */
  program?: 'knot' | 'built-in';
  /**
   * `one`: everything at 127.0.0.1, the top-level domain and hosted zones on one built-in server. Default outside Linux, where only that address of
   * 127/8 can be used. Else each server has an address of its own.
   */
  addresses?: 'many' | 'one';
  progress?: Progress;
  env?: MachineEnvironment;
}

export interface WorldServer extends NameServer {
  /** Default: the world's port. */
  port?: number;
}

/** Knot or the built-in server, as a world uses them. */
export interface WorldZoneServer extends Pick<RunningKnot, 'address' | 'port' | 'change' | 'stop'> {
  /** `key` is heard by the built-in server; Knot has one key for all its zones, given at its start. */
  addZone(zone: KnotZone, options?: { key?: TsigKeyText }): Promise<void>;
  /** Only Knot signs. */
  ds?: RunningKnot['ds'];
}

/** A small Internet's worth of DNS on loopback: a root, a top-level domain, and whatever is delegated below. */
export interface DnsWorld {
  /** The setting DNS_ROOTS: `ip:port`. */
  readonly dnsRoots: string;
  /**
   * The setting DNS_PORT_MAP: `ip=port,…`. A delegation names addresses only, so each server has an address of its own and
   * this says its port. All addresses that `place` will give are in it from the beginning: a verifier that runs needs no restart.
   */
  readonly dnsPortMap: string;
  readonly tld: string;
  readonly program: 'knot' | 'built-in';
  readonly root: WorldZoneServer;
  readonly tldServer: WorldZoneServer;
  /** An address and port for one more server of this world. */
  place(): { address: string; port: number };
  /** Serves a zone of somebody in this world: starts a server for it, which takes updates signed with `key`, and delegates it. */
  host(zone: ZoneInput, options?: { key?: TsigKeyText }): Promise<WorldZoneServer>;
  /** From now on the zone is served by these. A zone that was delegated already is moved. `ds` in presentation format. */
  delegate(zone: string, servers: readonly WorldServer[], options?: { ds?: string }): Promise<void>;
  undelegate(zone: string): Promise<void>;
  /** A recursive resolver of this world, which knows the delegations, also later ones. */
  startResolver(): Promise<RunningUnbound>;
  /** Ends everything the world itself started. Idempotent. */
  stop(): Promise<void>;
}

const placesInBlock = 60;

/** Starts a world with addresses of its own, so that many run beside each other. Takes about 0.1 s once the programs are there. */
export async function startDnsWorld(options: StartDnsWorldOptions): Promise<DnsWorld> {
  const tld = options.tld ?? 'test.';
  const isOne = (options.addresses ?? (process.platform === 'linux' ? 'many' : 'one')) === 'one';
  const { addresses, port } = isOne ? { addresses: ['127.0.0.1'], port: await freePort() } : await findBlock();
  const ports = new Map(addresses.map((address) => [address, port] as const));
  const free = [...addresses];
  const place = (): { address: string; port: number } => {
    const address = free.shift();
    if (address === undefined) throw new LocalPartError('start_failed', 'This DNS world has no address left for another server.');
    return { address, port };
  };
  const common = { progress: options.progress ?? silent, env: options.env };
  const isSigned = options.isSigned ?? false;

  const program = isOne ? 'built-in' : (options.program ?? (await chooseProgram(common.progress, common.env)));
  const start = (name: string, zone: KnotZone, at: { address: string; port: number }, key?: TsigKeyText): Promise<WorldZoneServer> => {
    const server = { ...common, ...at, key, zones: [zone] };
    return program === 'knot' ? startKnot({ ...server, dir: join(options.dir, name) }) : startTinyAuthoritative(server);
  };

  const tldPlace = place();
  const tldServer = await start('tld', { name: tld, isSigned, negativeTtlSeconds: 1 }, tldPlace);
  const tldDs = isSigned ? await tldServer.ds?.(tld) : undefined;
  const rootPlace = isOne ? { address: '127.0.0.1', port: await freePort() } : place();
  const tldNs = below('ns1', tld);
  const root = await start('root', {
    name: '.', isSigned, nameServers: [{ name: 'a.root.', address: rootPlace.address }],
    records: [
      { name: tld, type: 'NS', value: tldNs }, { name: tldNs, type: 'A', value: tldPlace.address },
      ...(tldDs === undefined ? [] : [{ name: tld, type: 'DS', value: tldDs }]),
    ],
  }, rootPlace);
  const hosts: WorldZoneServer[] = [];

  const stubs = new Map<string, Stub>([['.', { zone: '.', servers: [rootPlace] }], [tld, { zone: tld, servers: [tldPlace] }]]);
  const delegations = new Map<string, readonly WorldServer[]>();
  const resolvers: RunningUnbound[] = [];

  async function undelegate(zone: string): Promise<void> {
    const servers = delegations.get(zone) ?? [];
    delegations.delete(zone);
    stubs.delete(zone);
    const unused = servers.filter((server) => hasAddressHere(server, zone) && !isUsed(server));
    await tldServer.change(tld, {
      remove: [{ name: zone }, ...unused.filter(({ name }) => name !== zone).map(({ name, address }) => ({ name, type: 'A', value: address }))],
    });
  }

  async function delegate(zone: string, servers: readonly WorldServer[], more: { ds?: string } = {}): Promise<void> {
    if (delegations.has(zone)) await undelegate(zone);
    const withAddress = servers.filter((server) => hasAddressHere(server, zone) && !isUsed(server));
    await tldServer.change(tld, {
      add: [
        ...servers.map(({ name }) => ({ name: zone, type: 'NS', value: name })),
        ...withAddress.map(({ name, address }) => ({ name, type: 'A', value: address })),
        ...(more.ds === undefined ? [] : [{ name: zone, type: 'DS', value: more.ds }]),
      ],
    });
    for (const server of servers) ports.set(server.address, server.port ?? port);
    const stub = { zone, servers: servers.map((server) => ({ address: server.address, port: server.port ?? port })) };
    delegations.set(zone, servers);
    stubs.set(zone, stub);
    await Promise.all(resolvers.map((resolver) => resolver.addStub(stub)));
  }

  /** An address below another delegation belongs into that zone; here it would be glue that nobody asks for. */
  function hasAddressHere({ name }: WorldServer, zone: string): boolean {
    return isInside(name, tld) && ![...delegations.keys()].some((other) => other !== zone && isInside(name, other));
  }

  function isUsed({ name, address }: WorldServer): boolean {
    return [...delegations.values()].some((servers) => servers.some((server) => server.name === name && server.address === address));
  }

  return {
    dnsRoots: `${rootPlace.address}:${rootPlace.port}`,
    get dnsPortMap() { return [...ports].map(([address, at]) => `${address}=${at}`).join(','); },
    tld, program, root, tldServer, place, delegate, undelegate,
    async host(zone, { key } = {}) {
      const server = isOne ? tldServer : await start(`host-${hosts.length + 1}`, zone, place(), key);
      if (isOne) await tldServer.addZone(zone, { key });
      hosts.push(server);
      await delegate(zone.name, zone.nameServers ?? [{ name: below('ns1', zone.name), address: server.address }]);
      return server;
    },
    async startResolver() {
      const ds = isSigned ? await root.ds?.('.') : undefined;
      const trustAnchor = ds === undefined ? undefined : { zone: '.', ds };
      const resolver = await startUnbound({ ...common, ...place(), dir: join(options.dir, `resolver-${resolvers.length + 1}`), stubs: [...stubs.values()], trustAnchor });
      resolvers.push(resolver);
      return resolver;
    },
    async stop() {
      await Promise.all([root, tldServer, ...hosts, ...resolvers].map((server) => server.stop()));
    },
  };
}

async function chooseProgram(progress: Progress, env: MachineEnvironment | undefined): Promise<'knot' | 'built-in'> {
  try {
    await findDnsProgram('knotd', progress, env);
    return 'knot';
  } catch (error) {
    if (!(error instanceof LocalPartError)) throw error;
    progress('no Knot on this machine; the built-in DNS server takes its place');
    return 'built-in';
  }
}

/** Addresses of one block of 127/8, and a port that is free on the first of them. */
async function findBlock(): Promise<{ addresses: string[]; port: number }> {
  for (;;) {
    const block = `127.${randomInt(64, 250)}.${randomInt(0, 256)}`;
    const addresses = Array.from({ length: placesInBlock }, (_, index) => `${block}.${index + 1}`);
    const port = await freePort(addresses[0]);
    const isFree = await Promise.all(addresses.slice(1, 5).map((address) => isPortFree(port, address)));
    if (isFree.every(Boolean)) return { addresses, port };
  }
}
