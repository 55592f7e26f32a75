import type { ErrorCode } from '@connect/domain';
import { allowed, credentialFinding } from '../../base/index.js';
import type { CredentialFinding, Zone } from '../../spi/index.js';
import type { GcpdnsClient } from './client.js';
import { neededPermissions } from './credential.js';
import { toZone, unpublished } from './zones.js';

/** Refusals by which Google has accepted the key all the same. */
const keyIsRight: readonly ErrorCode[] = ['missing_permission', 'account_not_eligible', 'zone_not_found', 'zone_ambiguous', 'zone_not_writable'];

/** What the role of the user's page can do to the zone, and nobody needs here. */
const beyondNeed = ['dns.managedZones.delete', 'dns.managedZones.update', 'dns.managedZones.setIamPolicy'];
const narrower = 'The minimal policy is a role of its own, given on the one zone.';

/** Without a zone: which ones the account may see. A key that may list none is right, too. */
export async function checkKey(client: GcpdnsClient, signal: AbortSignal): Promise<CredentialFinding> {
  return credentialFinding(async () => {
    const all = await allowed(() => client.managedZones(null, signal));
    if (all === null) return { detail: 'the key is right and may not list zones, which is as it should be: check it with the zone, or add "managed_zone" to it' };
    return { zones: all.filter((zone) => unpublished(zone) === null).map(toZone), zonesComplete: true, may: ['list_zones'], widerThanNeeded: `The service account may list all zones of the project. ${narrower}` };
  }, keyIsRight);
}

/** Asks Google itself what the account may do on the zone; nothing is written. */
export async function checkZone(client: GcpdnsClient, find: () => Promise<Zone>, signal: AbortSignal): Promise<CredentialFinding> {
  return credentialFinding(async () => {
    const zone = await find();
    const held = await client.heldPermissions(zone.id, [...neededPermissions, ...beyondNeed], signal);
    const mayList = (await allowed(() => client.managedZones(zone.apex, signal))) !== null;
    const missing = neededPermissions.filter((permission) => !held.includes(permission));
    const more = beyondNeed.filter((permission) => held.includes(permission)).map((permission) => permission.replace('dns.managedZones.', ''));
    const wider = [...(more.length === 0 ? [] : [`may ${more.join(', ')} the zone itself`]), ...(mayList ? ['may list all zones of the project'] : [])];
    return {
      code: missing.length === 0 ? null : 'missing_permission',
      detail: missing.length === 0 ? null : `the service account lacks ${missing.join(', ')} on the zone`,
      zones: [zone],
      may: [
        ...(mayList ? (['list_zones'] as const) : []),
        ...(held.includes('dns.resourceRecordSets.list') ? (['read_records'] as const) : []),
        ...(missing.every((permission) => permission.endsWith('.list') || permission.endsWith('.get')) ? (['write_records'] as const) : []),
      ],
      widerThanNeeded: wider.length === 0 ? null : `The service account ${wider.join(', and ')}. ${narrower}`,
    };
  }, keyIsRight);
}
