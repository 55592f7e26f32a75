import { groupRecords, ownerName, recordValue, secret, systemClock, type OwnerName, type RecordSet } from '@connect/domain';
import { startPowerdns, type RunningPowerdns } from '@connect/local-parts';
import { temporaryFolder } from '@connect/testing';
import { nameIn, type Seed, type World } from '../../conformance/index.js';
import { createOutgoingPolicy, createProviderTransport } from '../../transport/index.js';
import { powerdns } from './index.js';

/** PowerDNS itself, in a folder of its own. Foreign edits and looks go straight to its API, and looks read the zone file it exports. */
export async function powerdnsWorld(): Promise<World> {
  const folder = temporaryFolder('powerdns-world');
  const server = await startPowerdns({ dir: folder.path });
  const transport = createProviderTransport({ policy: createOutgoingPolicy({ allow: ['127.0.0.0/8'] }), clock: systemClock });
  const token = (apiKey: string): string => JSON.stringify({ url: server.apiUrl.replace(/\/api\/v1.*$/, ''), api_key: apiKey });
  const wrongKey = 'wrong-key-5f0c2b7e91d84a63';
  let count = 0;
  return {
    provider: powerdns,
    protocol: 'http',
    token: token(server.apiKey),
    wrongToken: token(wrongKey),
    secrets: [server.apiKey, wrongKey],
    oddTypes: ['TLSA', 'SSHFP', 'LOC', 'NAPTR'],
    portsFor: (text) => transport.portsFor(powerdns, secret(text)),
    async newZone(seed) {
      const apex = ownerName(`zone-${++count}.test.`);
      await server.addZone({ name: apex, records: seed.map((record) => ({ ...record, name: record.name === '' ? '@' : record.name })) });
      return {
        apex,
        edit: (change) => edit(server, apex, change.add ?? [], change.remove ?? []),
        readBack: () => exported(server, apex),
      };
    },
    async stop() {
      await transport.close();
      await server.stop();
      folder.remove();
    },
  };
}

async function edit(server: RunningPowerdns, apex: OwnerName, add: readonly Seed[], remove: readonly Pick<Seed, 'name' | 'type'>[]): Promise<void> {
  const present = await exported(server, apex);
  const rrsets = [
    ...remove.map(({ name, type }) => ({ name: nameIn(apex, name), type, changetype: 'DELETE' })),
    ...groupRecords(add.map((seed) => ({ ownerName: nameIn(apex, seed.name), type: seed.type, ttlSeconds: seed.ttlSeconds ?? 300, value: seed.value }))).map((set) => {
      const before = present.find((other) => other.ownerName === set.ownerName && other.type === set.type);
      const isReplaced = remove.some(({ name, type }) => nameIn(apex, name) === set.ownerName && type === set.type);
      const values = new Set([...(isReplaced ? [] : (before?.values ?? [])), ...set.values]);
      return { name: set.ownerName, type: set.type, ttl: before?.ttlSeconds ?? set.ttlSeconds, changetype: 'REPLACE', records: [...values].map((content) => ({ content, disabled: false })) };
    }),
  ];
  await call(server, `/zones/${apex}`, { method: 'PATCH', body: JSON.stringify({ rrsets }) });
}

/** `name TAB ttl TAB IN TAB type TAB content`, one record a line. */
async function exported(server: RunningPowerdns, apex: OwnerName): Promise<RecordSet[]> {
  const text = await (await call(server, `/zones/${apex}/export`, {})).text();
  const records = text.split('\n').flatMap((line) => {
    const match = /^(\S+)\t(\d+)\tIN\t(\S+)\t(.*)$/.exec(line);
    return match === null || match[3] === 'SOA' ? [] : [{ ownerName: ownerName(match[1]!), type: match[3]!, ttlSeconds: Number(match[2]), value: recordValue(match[3]!, match[4]!) }];
  });
  return groupRecords(records);
}

async function call(server: RunningPowerdns, path: string, init: RequestInit): Promise<Response> {
  const response = await fetch(`${server.apiUrl}${path}`, { ...init, headers: { 'x-api-key': server.apiKey } });
  if (!response.ok) throw new Error(`PowerDNS answered ${response.status} to a foreign edit: ${await response.text()}`);
  return response;
}
