import { groupRecords, ownerName, secret, systemClock, type OwnerName } from '@connect/domain';
import { sendUpdate, transferZone, tsigKey, type DnsAddress, type TsigKey, type UpdateOperation } from '@connect/dns-client';
import { newTsigKey, startBind, startKnot } from '@connect/local-parts';
import { temporaryFolder } from '@connect/testing';
import { nameIn, type Seed, type World } from '../../conformance/index.js';
import { createOutgoingPolicy, createProviderTransport } from '../../transport/index.js';
import { rfc2136 } from './index.js';

/** BIND takes no new zones while it runs, so there are enough from the beginning. */
const zoneCount = 160;

/** Knot or BIND itself. Foreign edits are updates of their own, looks are transfers; neither goes through the adapter or its transport. */
export async function rfc2136World(server: 'Knot' | 'BIND'): Promise<World> {
  const folder = temporaryFolder(`rfc2136-${server.toLowerCase()}`);
  const key = newTsigKey();
  const zones = Array.from({ length: zoneCount }, (_, at) => ({ name: `zone-${at + 1}.test.` }));
  const running = await (server === 'Knot' ? startKnot : startBind)({ dir: folder.path, zones, key });
  const transport = createProviderTransport({ policy: createOutgoingPolicy({ allow: ['127.0.0.0/8'] }), clock: systemClock });
  const token = (base64: string): string => JSON.stringify({ server: running.address, port: running.port, key_name: key.name, algorithm: key.algorithm, secret: base64 });
  const wrongSecret = Buffer.from('this-is-not-the-secret-of-the-key').toString('base64');
  const own = tsigKey({ name: key.name, algorithm: key.algorithm, secret: secret(Uint8Array.from(Buffer.from(key.secret, 'base64'))) });
  const address = { ip: running.address, port: running.port };
  let taken = 0;
  return {
    provider: rfc2136,
    protocol: 'dns',
    token: token(key.secret),
    wrongToken: token(wrongSecret),
    secrets: [key.secret, wrongSecret],
    oddTypes: ['TLSA', 'SSHFP', 'NAPTR'],
    portsFor: (text) => transport.portsFor(rfc2136, secret(text)),
    async newZone(seed) {
      const apex = ownerName(zones[taken++]?.name ?? 'none.test.');
      await update(address, apex, own, seed.map((record) => adding(apex, record)));
      return {
        apex,
        edit: ({ add = [], remove = [] }) =>
          update(address, apex, own, [...remove.map(({ name, type }): UpdateOperation => ({ kind: 'delete_set', ownerName: nameIn(apex, name), type })), ...add.map((record) => adding(apex, record))]),
        async readBack() {
          const answer = await transferZone(address, apex, own, { signal: new AbortController().signal });
          if ('refused' in answer) throw new Error(`${server} refused the transfer of ${apex}: ${answer.refused.rcode}`);
          return groupRecords(answer.records.filter(({ type }) => type !== 'SOA'));
        },
      };
    },
    async stop() {
      await transport.close();
      await running.stop();
      folder.remove();
    },
  };
}

function adding(apex: OwnerName, { name, type, ttlSeconds = 300, value }: Seed): UpdateOperation {
  return { kind: 'add', ownerName: nameIn(apex, name), type, ttlSeconds, value };
}

async function update(server: DnsAddress, zone: OwnerName, key: TsigKey, updates: UpdateOperation[]): Promise<void> {
  for (let at = 0; at < updates.length; at += 200) {
    const answer = await sendUpdate(server, { zone, prerequisites: [], updates: updates.slice(at, at + 200) }, key, { signal: new AbortController().signal });
    if (answer.rcode !== 'NOERROR') throw new Error(`A foreign edit was refused: ${answer.rcode}`);
  }
}
