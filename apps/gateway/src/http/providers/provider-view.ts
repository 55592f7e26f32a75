import { isIP } from 'node:net';
import { z } from 'zod';
import type { CatalogueEntry, ProviderDescriptor } from '@connect/adapters/catalogue';
import type { ProviderCircuit } from '@connect/contracts';
import { errorCodes } from '@connect/domain';

/** A provider as the catalogue shows it; the adapter's own needs (hosts, timeouts) are left out. */
export const ProviderView = z.object({
  key: z.string(),
  name: z.string(),
  /** `credential`: store one; `redirect`: the customer allows the change there; `manual`: the records are set by hand. */
  setup: z.enum(['credential', 'redirect', 'manual']),
  links: z.object({ console: z.string().nullable(), documentation: z.string() }),
  steps: z.array(z.string()),
  gate: z.string().nullable(),
  /** Where our calls come from, for a provider's list of allowed addresses: those that this provider can list. Empty where the operator has not said. */
  egress_addresses: z.array(z.string()),
  credential: z.object({ format: z.string(), json: z.boolean(), fields: z.array(z.object({ name: z.string(), secret: z.boolean(), format: z.string(), placeholder: z.string() })), minimal_policy: z.string() }).nullable(),
  write: z.object({ granularity: z.string(), guard: z.string(), atomic: z.boolean() }).nullable(),
  capabilities: z.record(z.string(), z.unknown()).nullable(),
  limits: z.array(z.record(z.string(), z.unknown())),
  name_server_patterns: z.array(z.string()),
  sunset: z.object({ date: z.string(), note: z.string() }).nullable(),
  /**
   * Are calls sent to it at the moment? `open`: it did not answer, and connections wait with `provider_unavailable`; `half_open`: one call is trying it; `unknown`: no
   * worker says. `since`: of the last change, null where it was never open. null where we call nobody, or each credential names a server of its own.
   */
  circuit: z.object({ state: z.enum(['closed', 'open', 'half_open', 'unknown']), since: z.iso.datetime().nullable(), code: z.enum(errorCodes).nullable(), next_probe_at: z.iso.datetime().nullable() }).nullable(),
}).meta({ id: 'Provider' });
export type ProviderView = z.infer<typeof ProviderView>;

export type ProviderViewOptions = { egressAddresses: readonly string[]; /** null: not known. */ circuits: ReadonlyMap<string, ProviderCircuit> | null; /** What stands for `{{zone}}` in the texts that people copy; without it they keep the mark. */ zone?: string | undefined };

export function providerView(entry: CatalogueEntry, options: ProviderViewOptions): ProviderView {
  if (entry.setup === 'credential') return credentialProviderView(entry.descriptor, options);
  const { id, name, setup, links, steps, gate, nameServerPatterns } = entry;
  return { key: id, name, setup, links, steps: [...steps], gate, egress_addresses: [], credential: null, write: null, capabilities: null, limits: [], name_server_patterns: [...nameServerPatterns], sunset: null, circuit: null };
}

function credentialProviderView({ id, name, links, credential, granularity, writeGuard, atomicWrite, capabilities, limits, nameServerPatterns, sunset, addressFamily, hosts }: ProviderDescriptor, { egressAddresses, circuits, zone }: ProviderViewOptions): ProviderView {
  const { format, json, fields, steps, gate, minimalPolicy } = credential;
  const written = (text: string): string => (zone === undefined ? text : text.replaceAll('{{zone}}', zone));
  return {
    key: id, name, setup: 'credential', links, steps: steps.map(written), gate, egress_addresses: egressAddresses.filter((address) => addressFamily === undefined || isIP(address) === addressFamily), credential: { format, json, fields: [...fields], minimal_policy: written(minimalPolicy) }, write: { granularity, guard: writeGuard, atomic: atomicWrite },
    capabilities: snakeCase({ ...capabilities }), limits: limits.map((limit) => snakeCase({ ...limit })), name_server_patterns: [...nameServerPatterns], sunset,
    circuit: hosts === 'from_credential' ? null : circuitView(id, circuits),
  };
}

function circuitView(provider: string, circuits: ProviderViewOptions['circuits']): ProviderView['circuit'] {
  const known = circuits?.get(provider);
  if (known === undefined) return { state: circuits === null ? 'unknown' : 'closed', since: null, code: null, next_probe_at: null };
  const { state, since, code, next_probe_at } = known;
  return { state, since, code, next_probe_at };
}

function snakeCase(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), isPlain(each) ? snakeCase(each) : each]));
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
