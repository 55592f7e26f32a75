import { randomBytes } from 'node:crypto';
import { isConnectError, type ErrorCode } from '@connect/domain';
import { credentialFinding } from '../../base/index.js';
import type { CredentialFinding, Zone } from '../../spi/index.js';
import type { Route53Client } from './client.js';
import { toTheirName } from './names.js';
import { toZone } from './zones.js';

const wider = 'The key may list the hosted zones of the account; the minimal policy names one hosted zone and lists none.';
/** Refusals that show the key to be right. */
const keyIsRight: readonly ErrorCode[] = ['missing_permission', 'zone_not_found', 'zone_ambiguous', 'zone_not_writable'];

/** Without a zone only the key itself can be looked at; a denial proves it as well. */
export async function checkKey(client: Route53Client, signal: AbortSignal): Promise<CredentialFinding> {
  return credentialFinding(async () => {
    const listed = await allowed(() => client.hostedZones(10, signal));
    if (listed === null) return { detail: 'the key is right and may not list hosted zones, which is as it should be: check it with the hosted zone ID' };
    return { zones: listed.zones.flatMap(zoneIfWritable), zonesComplete: listed.complete, may: ['list_zones'], widerThanNeeded: wider };
  }, keyIsRight);
}

/** Changes nothing: the write that is tried is the DELETE of a record set with a random name, which Route 53 refuses if the key may write. */
export async function checkZone(client: Route53Client, find: () => Promise<Zone>, signal: AbortSignal): Promise<CredentialFinding> {
  return credentialFinding(async () => {
    const zone = await find();
    const mayRead = (await allowed(() => client.recordSets(zone.id, {}, 1, signal).next())) !== null;
    const mayWrite = (await allowed(() => tryWriting(client, zone, signal))) !== null;
    const mayList = (await allowed(() => client.hostedZones(1, signal))) !== null;
    return {
      code: mayRead && mayWrite ? null : 'missing_permission',
      detail: mayRead ? (mayWrite ? null : 'the key may not delete a TXT record of a random name; a policy for single names or types is shown only by a real change') : 'the policy has no route53:ListResourceRecordSets for this hosted zone',
      zones: [zone],
      may: [...(mayList ? (['list_zones'] as const) : []), ...(mayRead ? (['read_records'] as const) : []), ...(mayWrite ? (['write_records'] as const) : [])],
      widerThanNeeded: mayList ? wider : null,
    };
  }, keyIsRight);
}

async function tryWriting(client: Route53Client, zone: Zone, signal: AbortSignal): Promise<true> {
  const name = `_probe-${randomBytes(8).toString('hex')}.${toTheirName(zone.apex)}`;
  try {
    await client.change(zone.id, [{ action: 'DELETE', name, type: 'TXT', ttlSeconds: 60, values: ['"probe"'] }], signal, true);
  } catch (error) {
    if (!isConnectError(error) || error.code !== 'zone_changed') throw error;
  }
  return true;
}

async function allowed<T>(call: () => Promise<T>): Promise<T | null> {
  try {
    return await call();
  } catch (error) {
    if (isConnectError(error) && error.code === 'missing_permission') return null;
    throw error;
  }
}

function zoneIfWritable(zone: Parameters<typeof toZone>[0]): Zone[] {
  return zone.Config?.PrivateZone === true || zone.LinkedService ? [] : [toZone({ ...zone, Features: undefined })];
}
