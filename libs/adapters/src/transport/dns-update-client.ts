import { ProviderError, isConnectError, type Clock } from '@connect/domain';
import { DnsClientError, querySigned, sendUpdate, transferZone, tsigKey, type DnsAddress, type SignedOptions } from '@connect/dns-client';
import type { CredentialServer, DnsServer, DnsUpdateClient, ProviderDescriptor, UpdateKey } from '../spi/index.js';
import type { OutgoingPolicy } from './outgoing-policy.js';

export type DnsUpdateClientOptions = {
  descriptor: Pick<ProviderDescriptor, 'callTimeoutMs'>;
  /** The servers that the credential names; nothing else is asked. */
  servers: readonly CredentialServer[];
  policy: OutgoingPolicy;
  clock: Clock;
};

/** DNS UPDATE, signed queries and AXFR, over TCP; what it promises stands at the port `DnsUpdateClient`. */
export function createDnsUpdateClient({ descriptor, servers, policy, clock }: DnsUpdateClientOptions): DnsUpdateClient {
  async function call<Answer>(server: DnsServer, write: boolean, signal: AbortSignal, ask: (address: DnsAddress, options: SignedOptions) => Promise<Answer>): Promise<Answer> {
    const isDeclared = servers.some(({ protocol, host, port }) => protocol === 'dns:' && host === server.address && port === server.port);
    if (!isDeclared) throw new ProviderError('outgoing_denied', { detail: `${server.address} is not the server of the credential` });
    let nothingSent: unknown;
    for (const { address } of await policy.resolve(server.address)) {
      try {
        return await ask({ ip: address, port: server.port }, { signal, timeoutMs: descriptor.callTimeoutMs, clock });
      } catch (error) {
        // A server with several addresses: the next one may answer, as long as this one cannot have got the request.
        if (!(error instanceof DnsClientError) || error.requestSent || signal.aborted) throw errorOf(error, write);
        nothingSent = error;
      }
    }
    throw errorOf(nothingSent, write);
  }

  return {
    query: (server, question, key, signal) => call(server, false, signal, (address, options) => querySigned(address, question, signingKey(key), options)),
    // An update that only has prerequisites changes nothing, so a lost answer to it is no lost write.
    update: (server, zone, prerequisites, operations, key, signal) =>
      call(server, operations.length > 0, signal, (address, options) => sendUpdate(address, { zone, prerequisites, updates: operations }, signingKey(key), options)),
    transfer: (server, zone, key, signal) => call(server, false, signal, (address, options) => transferZone(address, zone, signingKey(key), options)),
  };
}

const signingKey = (key: UpdateKey): ReturnType<typeof tsigKey> => tsigKey(key);

function errorOf(error: unknown, write: boolean): unknown {
  if (error instanceof DnsClientError) {
    const detail = `the DNS server: ${error.detail}`;
    if (write && error.requestSent) return new ProviderError('outcome_unknown', { detail });
    const isProtocol = error.code === 'malformed_answer' || error.code === 'unsigned_answer' || error.code === 'too_large';
    return new ProviderError(isProtocol ? 'provider_protocol' : 'provider_unavailable', { detail });
  }
  if (isConnectError(error) && !(error instanceof ProviderError)) return new ProviderError('record_invalid', { detail: error.detail });
  return error;
}
