/** A role assignment of the application: on one zone by its name, or on the resource group and so on all its zones. */
export type FakeAssignment = { zone?: string; actions: readonly string[]; notActions?: readonly string[] };

/** What the built-in role DNS Zone Contributor (befefa01-2a29-4197-83a8-272ff33ce314) holds. */
export const dnsZoneContributor: readonly string[] = [
  'Microsoft.Authorization/*/read', 'Microsoft.Insights/alertRules/*', 'Microsoft.Network/dnsZones/*', 'Microsoft.ResourceHealth/availabilityStatuses/read',
  'Microsoft.Resources/deployments/*', 'Microsoft.Resources/subscriptions/resourceGroups/read', 'Microsoft.Support/*',
];

/** Plays role based access control, as far as it matters here: it is asked before anybody looks whether the resource exists. */
export class FakeRights {
  constructor(readonly assignments: readonly FakeAssignment[]) {}

  at(zone: string | null): FakeAssignment[] {
    return this.assignments.filter((each) => each.zone === undefined || each.zone.toLowerCase() === zone?.toLowerCase());
  }

  may(zone: string | null, action: string): boolean {
    return this.at(zone).some(({ actions, notActions = [] }) => actions.some((each) => covers(each, action)) && !notActions.some((each) => covers(each, action)));
  }
}

function covers(pattern: string, action: string): boolean {
  const expression = pattern.split('*').map((part) => part.replace(/[.\\+?^$()[\]{}|/]/g, '\\$&')).join('.*');
  return new RegExp(`^${expression}$`, 'i').test(action);
}
