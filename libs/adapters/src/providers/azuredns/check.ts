import type { ErrorCode } from '@connect/domain';
import { allowed, credentialFinding } from '../../base/index.js';
import type { CredentialFinding, Zone } from '../../spi/index.js';
import type { AzurednsClient } from './client.js';
import { neededActions } from './credential.js';
import { allows } from './permissions.js';
import type { Permission } from './schema.js';
import { isPublic, toZone } from './zones.js';

/** Refusals by which Azure has accepted the application all the same. */
const secretIsRight: readonly ErrorCode[] = ['missing_permission', 'account_not_eligible', 'zone_not_found', 'zone_not_writable'];

/** What a role on the zone may do beyond record sets, and nobody needs here. */
const beyondNeed: readonly (readonly [string, string])[] = [
  ['Microsoft.Network/dnsZones/delete', 'delete the zone itself'],
  ['Microsoft.Authorization/roleAssignments/write', 'give roles to others'],
  ['Microsoft.Compute/virtualMachines/write', 'change much beside DNS'],
];
const narrower = 'The minimal policy is a role of its own, given on the one zone.';
const lists = 'Microsoft.Network/dnsZones/recordsets/read';

/** Without a zone: which ones of the resource group the application may see. */
export async function checkGroup(client: AzurednsClient, signal: AbortSignal): Promise<CredentialFinding> {
  return credentialFinding(async () => {
    const all = await allowed(() => client.zones(signal));
    if (all === null) return { detail: 'the secret is right, and the application may not list the zones of the resource group: check it with the zone' };
    const zones = all.filter(isPublic).map(toZone);
    return { zones, zonesComplete: true, may: ['list_zones'], widerThanNeeded: zones.length > 1 ? `The application sees ${zones.length} zones. ${narrower}` : null };
  }, secretIsRight);
}

/** Asks Azure itself what the application may do with the zone; nothing is written. */
export async function checkZone(client: AzurednsClient, find: () => Promise<Zone>, signal: AbortSignal): Promise<CredentialFinding> {
  return credentialFinding(async () => {
    const zone = await find();
    const seen = await allowed(() => client.zones(signal));
    const permissions = await allowed(() => client.permissions(zone.id, signal));
    const { may = [], ...rights } = permissions === null ? await unknownRights(client, zone, signal) : rightsOf(permissions);
    const others = (seen ?? []).filter(({ name }) => name.toLowerCase() !== zone.id.toLowerCase()).length;
    return { ...rights, zones: [zone], may: [...(seen === null ? [] : (['list_zones'] as const)), ...may], widerThanNeeded: wider(permissions ?? [], others) };
  }, secretIsRight);
}

function rightsOf(permissions: readonly Permission[]): Partial<CredentialFinding> {
  const missing = neededActions.filter((action) => !allows(permissions, action));
  const mayRead = allows(permissions, lists);
  return {
    code: missing.length === 0 ? null : 'missing_permission',
    detail: missing.length === 0 ? null : `the roles of the application lack ${missing.join(', ')} on the zone`,
    may: [...(mayRead ? (['read_records'] as const) : []), ...(mayRead && missing.length === 0 ? (['write_records'] as const) : [])],
  };
}

/** A role may leave out the right to look at itself. */
async function unknownRights(client: AzurednsClient, zone: Zone, signal: AbortSignal): Promise<Partial<CredentialFinding>> {
  const sets = await allowed(() => client.oneRecordSet(zone.id, signal));
  if (sets === null) return { code: 'missing_permission', detail: `the roles of the application lack ${lists} on the zone` };
  return { detail: 'what the application may write shows at the first write: its role lacks Microsoft.Authorization/permissions/read', may: ['read_records'] };
}

function wider(permissions: readonly Permission[], otherZones: number): string | null {
  const more = [...beyondNeed.filter(([action]) => allows(permissions, action)).map(([, says]) => `may ${says}`), ...(otherZones === 0 ? [] : [`sees ${otherZones} other ${otherZones === 1 ? 'zone' : 'zones'}`])];
  return more.length === 0 ? null : `The application ${more.join(', and ')}. ${narrower}`;
}
