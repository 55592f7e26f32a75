import type { HeldSet, HeldZone, WantedChange } from './route53-zone.fake.js';
import { heldName } from './route53-zone.fake.js';

export const namespace = 'https://route53.amazonaws.com/doc/2013-04-01/';

type Element = { tag: string; children: Element[]; text: string };

/** What their schema says of the order; anything else is "Invalid XML". */
const order: Readonly<Record<string, readonly string[]>> = {
  ChangeResourceRecordSetsRequest: ['ChangeBatch'],
  // The documented order has the Comment first; their JavaScript SDK (3.x, seen 2026-11) sends it last, and that is taken as well.
  ChangeBatch: ['Comment', 'Changes', 'Comment'],
  Change: ['Action', 'ResourceRecordSet'],
  ResourceRecordSet: ['Name', 'Type', 'SetIdentifier', 'Weight', 'Region', 'GeoLocation', 'Failover', 'MultiValueAnswer', 'TTL', 'ResourceRecords', 'AliasTarget', 'HealthCheckId', 'TrafficPolicyInstanceId', 'CidrRoutingConfig', 'GeoProximityLocation'],
  ResourceRecord: ['Value'],
};

export const xml = (text: string): string => text.replace(/[&<>"]/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[char]!);
const plain = (text: string): string => text.replace(/&(amp|lt|gt|quot|apos|#34|#39);/g, (_, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", '#34': '"', '#39': "'" })[name]!);

/** The changes of a request, or `null` where it does not fit the schema. */
export function readChanges(body: string): WantedChange[] | null {
  const root = elements(body);
  const batch = root?.tag === 'ChangeResourceRecordSetsRequest' && isOrdered(root) ? child(root, 'ChangeBatch') : undefined;
  const changes = batch === undefined ? undefined : child(batch, 'Changes')?.children;
  if (changes === undefined || changes.length === 0) return null;
  return changes.map((change) => {
    const set = child(change, 'ResourceRecordSet')!;
    const alias = child(set, 'AliasTarget');
    const identifier = child(set, 'SetIdentifier')?.text;
    const ttl = child(set, 'TTL')?.text;
    const policies = set.children.filter(({ tag }) => ['Weight', 'Region', 'Failover', 'MultiValueAnswer', 'HealthCheckId'].includes(tag));
    const held: HeldSet = {
      name: heldName(child(set, 'Name')?.text ?? ''),
      type: child(set, 'Type')?.text ?? '',
      ttl: ttl === undefined ? null : Number(ttl),
      values: (child(set, 'ResourceRecords')?.children ?? []).map((record) => child(record, 'Value')?.text ?? ''),
      ...(identifier === undefined ? {} : { setIdentifier: identifier }),
      ...(policies.length === 0 ? {} : { more: Object.fromEntries(policies.map(({ tag, text }) => [tag, text])) }),
      ...(alias === undefined ? {} : { aliasTarget: { hostedZoneId: child(alias, 'HostedZoneId')?.text ?? '', dnsName: heldName(child(alias, 'DNSName')?.text ?? '') } }),
    };
    return { action: child(change, 'Action')?.text ?? '', set: held };
  });
}

function child(element: Element, tag: string): Element | undefined {
  return element.children.find((each) => each.tag === tag);
}

function isOrdered({ tag, children }: Element): boolean {
  const allowed = order[tag];
  let from = 0;
  for (const each of allowed === undefined ? [] : children) {
    from = allowed!.indexOf(each.tag, from) + 1;
    if (from === 0) return false;
  }
  return children.every(isOrdered);
}

function elements(body: string): Element | null {
  const stack: Element[] = [{ tag: '', children: [], text: '' }];
  for (const [, closing, tag, own, text] of body.replace(/<\?xml[^>]*\?>/, '').matchAll(/<(\/?)([A-Za-z]+)[^>]*?(\/?)>|([^<]+)/g)) {
    const top = stack.at(-1)!;
    if (text !== undefined) top.text += plain(text);
    else if (closing === '/') {
      if (top.tag !== tag) return null;
      stack.pop();
    } else {
      const element: Element = { tag: tag!, children: [], text: '' };
      top.children.push(element);
      if (own !== '/') stack.push(element);
    }
  }
  return stack.length === 1 ? (stack[0]!.children[0] ?? null) : null;
}

export function documentOf(root: string, inner: string): string {
  return `<?xml version="1.0"?>\n<${root} xmlns="${namespace}">${inner}</${root}>`;
}

export function setXml({ name, type, ttl, values, setIdentifier, aliasTarget, more = {} }: HeldSet): string {
  const records = values.map((value) => `<ResourceRecord><Value>${xml(value)}</Value></ResourceRecord>`).join('');
  const alias = aliasTarget === undefined ? '' : `<AliasTarget><HostedZoneId>${aliasTarget.hostedZoneId}</HostedZoneId><DNSName>${aliasTarget.dnsName}</DNSName><EvaluateTargetHealth>false</EvaluateTargetHealth></AliasTarget>`;
  const others = Object.entries(more).map(([tag, text]) => `<${tag}>${text}</${tag}>`).join('');
  // Some answers carried an empty list beside an alias (aws/aws-sdk-php 56).
  return `<ResourceRecordSet><Name>${xml(name)}</Name><Type>${type}</Type>${setIdentifier === undefined ? '' : `<SetIdentifier>${xml(setIdentifier)}</SetIdentifier>`}${others}${ttl === null ? '' : `<TTL>${ttl}</TTL>`}<ResourceRecords>${records}</ResourceRecords>${alias}</ResourceRecordSet>`;
}

export function zoneXml(zone: HeldZone): string {
  const { private: isPrivate, linkedService, recovery } = zone.options;
  // A zone without a comment and public may come without Config.
  const config = isPrivate === undefined ? '' : `<Config><PrivateZone>${isPrivate}</PrivateZone></Config>`;
  const linked = linkedService === true ? '<LinkedService><ServicePrincipal>servicediscovery.amazonaws.com</ServicePrincipal></LinkedService>' : '';
  const features = recovery === undefined ? '' : `<Features><AcceleratedRecoveryStatus>${recovery}</AcceleratedRecoveryStatus></Features>`;
  return `<HostedZone><Id>/hostedzone/${zone.id}</Id><Name>${xml(zone.name)}</Name><CallerReference>fake-${zone.id}</CallerReference>${config}<ResourceRecordSetCount>${zone.sets.size}</ResourceRecordSetCount>${linked}${features}</HostedZone>`;
}
