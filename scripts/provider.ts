/**
 * `npm run provider -- <key> check|find-zone|list|apply`: drives one adapter alone against the real API, for whoever has an account. The credential comes from the
 * variable CREDENTIAL, never from the command line. CONTRIBUTING.md tells the rest. Prints one JSON document.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { createOutgoingPolicy, createProviderTransport, openProvider, providerById, type ProviderAdapter, type Zone } from '@connect/adapters';
import { recordSetFromWire, recordSetToWire, WireRecordSet } from '@connect/contracts';
import { ConnectError, isConnectError, ownerName, parseHostname, problemOf, recordSetKey, secret, type Change } from '@connect/domain';

const usage = `Usage: CREDENTIAL=… npm run provider -- <key> check     [--zone ID]
                                          find-zone NAME [--zone ID]
                                          list NAME  [--zone ID] [--name OWNER]…
                                          apply NAME --file CHANGES.json [--zone ID]
CHANGES.json: [{"before": SET|null, "after": SET|null}], SET: {"owner_name", "type", "ttl_seconds", "values"} as "list" prints it`;
const ChangesFile = z.array(z.strictObject({ before: WireRecordSet.nullable(), after: WireRecordSet.nullable() })).min(1);
const callTimeoutMs = 120_000;

const { values: flags, positionals } = parseArgs({ allowPositionals: true, options: { zone: { type: 'string' }, name: { type: 'string', multiple: true }, file: { type: 'string' }, 'outgoing-allow': { type: 'string', multiple: true } } });
const [key, action, name] = positionals;

try {
  const token = process.env['CREDENTIAL'];
  if (key === undefined || action === undefined || token === undefined) throw new ConnectError('malformed_request', { detail: usage });
  const provider = providerById(key);
  const transport = createProviderTransport({ policy: createOutgoingPolicy({ allow: flags['outgoing-allow'] ?? [] }) });
  const credential = secret(token);
  const adapter = openProvider(provider, credential, transport.portsFor(provider, credential));
  console.log(JSON.stringify(await run(adapter, AbortSignal.timeout(callTimeoutMs)), null, 2));
  await transport.close();
} catch (error) {
  console.error(isConnectError(error) ? JSON.stringify(problemOf(error.code, error), null, 2) : error);
  process.exit(1);
}

async function run(adapter: ProviderAdapter, signal: AbortSignal): Promise<unknown> {
  if (action === 'check') return adapter.checkCredential(flags.zone ?? null, signal);
  if (name === undefined) throw new ConnectError('malformed_request', { detail: usage });
  const { ownerName: hostname, apex } = parseHostname(name);
  const zone = await adapter.findZone({ hostname, apex, zone: flags.zone ?? null }, signal);
  if (action === 'find-zone') return zone;
  if (action === 'list') return (await adapter.getRecordSets(zone, flags.name?.map(ownerName) ?? 'all', signal)).recordSets.map((set) => ({ ...recordSetToWire(set), ...(set.untouchable === undefined ? {} : { untouchable: set.untouchable }) }));
  if (action === 'apply' && flags.file !== undefined) return apply(adapter, zone, changesOf(flags.file), signal);
  throw new ConnectError('malformed_request', { detail: usage });
}

async function apply(adapter: ProviderAdapter, zone: Zone, changes: Change[], signal: AbortSignal): Promise<unknown> {
  const reading = await adapter.getRecordSets(zone, [...new Set(changes.map((change) => change.ownerName))], signal);
  const outcomes = await adapter.applyChanges(zone, changes, reading, signal);
  return outcomes.map(({ change, status, code, detail }) => ({ record_set: recordSetKey(change), status, code, detail }));
}

function changesOf(file: string): Change[] {
  return ChangesFile.parse(JSON.parse(readFileSync(file, 'utf8'))).map(({ before, after }) => {
    const sets = { before: before && recordSetFromWire(before), after: after && recordSetFromWire(after) };
    const some = sets.before ?? sets.after;
    if (some === null) throw new ConnectError('malformed_request', { detail: 'a change needs `before`, `after` or both' });
    return { ownerName: some.ownerName, type: some.type, ...sets };
  });
}
