import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { displayName, isConnectError, type OwnerName } from '@connect/domain';
import { fitting } from '../../base/index.js';
import type { HttpAnswer, HttpMethod, ProviderPorts } from '../../spi/index.js';
import type { RecordBody } from './convert.js';
import type { PorkbunKeys } from './credential.js';
import { errorOf, refusalOf } from './errors.js';
import { Created, Done, DomainList, Ping, RecordList, type DomainAnswer, type RecordAnswer } from './schema.js';

const api = 'https://api.porkbun.com/api/json/v3';
/** Domains of one answer at most. */
const perPage = 1_000;

/** One method per endpoint of https://porkbun.com/api/json/v3/documentation. The keys go in headers, so that no body holds them. */
export class PorkbunClient {
  constructor(private readonly keys: PorkbunKeys, private readonly ports: Pick<ProviderPorts, 'http' | 'clock'>) {}

  /** https://porkbun.com/llms/utility: without any keys it succeeds, too; `null`: it does not say, as before 2025. */
  async ping(signal: AbortSignal): Promise<boolean | null> {
    return this.read(await this.send('GET', '/ping', signal), Ping).credentialsValid ?? null;
  }

  /** https://porkbun.com/llms/domain, `listAll`: by offset, until fewer come than fit. */
  async domains(signal: AbortSignal): Promise<DomainAnswer[]> {
    const found: DomainAnswer[] = [];
    for (;;) {
      const { domains } = this.read(await this.send('GET', `/domain/listAll?start=${found.length}`, signal), DomainList);
      found.push(...domains);
      if (domains.length < perPage) return found;
    }
  }

  /** https://porkbun.com/llms/dns, `retrieve`: the whole zone in one answer. */
  async records(zone: OwnerName, signal: AbortSignal): Promise<RecordAnswer[]> {
    return this.read(await this.send('GET', `/dns/retrieve/${inUrl(zone)}`, signal), RecordList).records;
  }

  /** https://porkbun.com/llms/dns, `create`. The key keeps a copy of this very request, made on its way, from being a second record. */
  async create(zone: OwnerName, body: RecordBody, signal: AbortSignal): Promise<void> {
    this.read(await this.send('POST', `/dns/create/${inUrl(zone)}`, signal, body, { 'idempotency-key': randomUUID() }), Created, true);
  }

  /** https://porkbun.com/llms/dns, `edit` by id; by name and type it would give every value of the set the same content. */
  async edit(zone: OwnerName, id: string, body: RecordBody, signal: AbortSignal): Promise<void> {
    this.read(await this.send('POST', `/dns/edit/${inUrl(zone)}/${encodeURIComponent(id)}`, signal, body), Done, true);
  }

  /** https://porkbun.com/llms/dns, `delete` by id; a record that is gone is as good as deleted. */
  async delete(zone: OwnerName, id: string, signal: AbortSignal): Promise<void> {
    try {
      this.read(await this.send('POST', `/dns/delete/${inUrl(zone)}/${encodeURIComponent(id)}`, signal, {}), Done, true);
    } catch (error) {
      if (!isConnectError(error) || error.code !== 'zone_changed') throw error;
    }
  }

  private read<Schema extends z.ZodType>(answer: HttpAnswer, schema: Schema, write = false): z.output<Schema> {
    if (answer.status !== 200 || refusalOf(answer) !== null) throw errorOf(answer, { write, now: this.ports.clock.now() });
    return fitting(schema, answer.json());
  }

  private send(method: HttpMethod, path: string, signal: AbortSignal, body?: unknown, headers: Record<string, string> = {}): Promise<HttpAnswer> {
    return this.ports.http.request({ method, url: `${api}${path}`, headers: { ...headers, 'x-api-key': this.keys.apikey, 'x-secret-api-key': this.keys.secretapikey }, body }, signal);
  }
}

function inUrl(zone: OwnerName): string {
  return encodeURIComponent(displayName(zone));
}
