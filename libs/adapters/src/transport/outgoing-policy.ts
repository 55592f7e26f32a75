import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import ipaddr from 'ipaddr.js';
import { ProviderError, systemClock, type Clock } from '@connect/domain';

export type CheckedAddress = { address: string; family: 4 | 6 };

/** Where we connect to, for every outgoing call: providers' APIs, customers' own servers, and the name servers that the verifier asks. */
export interface OutgoingPolicy {
  /** Why an IP address is not one that we connect to; `null`: it is allowed. A text that is no IP address is refused. */
  refusalOf(address: string): string | null;
  allows(address: string): boolean;
  /**
   * The allowed addresses of a host name or IP literal. The caller connects to these and does not resolve again: between two look-ups
   * a name can move (DNS rebinding). Throws `outgoing_denied` if none is allowed, `provider_unavailable` if the name does not resolve.
   */
  resolve(host: string): Promise<CheckedAddress[]>;
}

export type OutgoingPolicyOptions = {
  /** CIDR ranges that are opened (setting `OUTGOING_ALLOW`). */
  allow?: readonly string[];
  /** Addresses of this machine; default: those of its interfaces, read again every 30 s. */
  ownAddresses?: () => readonly string[];
  /** Default: the system's resolver. */
  lookup?: (host: string) => Promise<readonly { address: string }[]>;
  clock?: Pick<Clock, 'monotonicMs'>;
};

/**
 * Addresses under which clouds hand out credentials of the machine. Only a range of exactly this address opens one: nobody who opens
 * 10.0.0.0/8 or everything means these. AWS, GCP, Azure (also 168.63.129.16), Alibaba, Oracle; checked 2026-11.
 */
const metadataAddresses = ['169.254.169.254', '169.254.170.2', '168.63.129.16', '100.100.100.200', '192.0.0.192', 'fd00:ec2::254', 'fd20:ce::254'].map(normalized);

type Range = { range: [ipaddr.IPv4 | ipaddr.IPv6, number]; exact: boolean };

export function createOutgoingPolicy(options: OutgoingPolicyOptions = {}): OutgoingPolicy {
  const allowed = (options.allow ?? []).map(parseRange);
  const own = memo(options.ownAddresses ?? interfaceAddresses, options.clock ?? systemClock);
  const find = options.lookup ?? ((host: string) => lookup(host, { all: true, verbatim: true }));

  function refusalOf(text: string): string | null {
    if (!ipaddr.isValid(text) || isIP(text) === 0) return 'it is not an IP address';
    // `process` turns an IPv4-mapped IPv6 address into the IPv4 address that the kernel would connect to.
    const address = ipaddr.process(text);
    const opened = allowed.filter(({ range }) => range[0].kind() === address.kind() && address.match(range));
    if (metadataAddresses.includes(address.toString())) return opened.some(({ exact }) => exact) ? null : 'it is a metadata address';
    if (opened.length > 0) return null;
    const range = address.range();
    if (range !== 'unicast') return `it is in the range ${range}`;
    // IPv4-compatible addresses (::127.0.0.1) were given up by RFC 4291 2.5.5.1; nothing real has one.
    if (address.kind() === 'ipv6' && address.match(ipaddr.parseCIDR('::/96'))) return 'it is an IPv4-compatible address';
    return own().has(address.toString()) ? 'it is our own address' : null;
  }

  return {
    refusalOf,
    allows: (address) => refusalOf(address) === null,
    async resolve(host) {
      const literal = host.replace(/^\[(.*)\]$/, '$1');
      const found = isIP(literal) === 0 ? await resolveName(host, find) : [literal];
      const usable = found.filter((address) => refusalOf(address) === null);
      if (usable.length === 0) throw new ProviderError('outgoing_denied', { detail: `${host} is not an address that we connect to: ${refusalOf(found[0]!)}` });
      return usable.map((address) => ({ address, family: isIP(address) === 6 ? 6 : 4 }));
    },
  };
}

async function resolveName(host: string, find: (host: string) => Promise<readonly { address: string }[]>): Promise<string[]> {
  const found = await find(host).catch((cause: unknown) => {
    throw new ProviderError('provider_unavailable', { detail: `the name ${host} does not resolve`, cause });
  });
  if (found.length === 0) throw new ProviderError('provider_unavailable', { detail: `the name ${host} has no address` });
  return found.map(({ address }) => address);
}

function parseRange(text: string): Range {
  const cidr = text.includes('/') ? text : `${text}/${isIP(text) === 6 ? 128 : 32}`;
  if (!ipaddr.isValidCIDR(cidr)) throw new ProviderError('outgoing_denied', { detail: 'a range of OUTGOING_ALLOW is not in CIDR form' });
  const range = ipaddr.parseCIDR(cidr);
  return { range, exact: range[1] === (range[0].kind() === 'ipv6' ? 128 : 32) };
}

function normalized(address: string): string {
  return ipaddr.process(address).toString();
}

function interfaceAddresses(): string[] {
  // A scope id (`fe80::1%eth0`) belongs to the interface, not to the address.
  return Object.values(networkInterfaces()).flatMap((entries) => (entries ?? []).map(({ address }) => address.replace(/%.*$/, '')));
}

function memo(read: () => readonly string[], clock: Pick<Clock, 'monotonicMs'>): () => ReadonlySet<string> {
  const keptMs = 30_000;
  let kept: { at: number; addresses: ReadonlySet<string> } | undefined;
  return () => {
    const at = clock.monotonicMs();
    if (kept === undefined || at - kept.at > keptMs) kept = { at, addresses: new Set(read().map(normalized)) };
    return kept.addresses;
  };
}
