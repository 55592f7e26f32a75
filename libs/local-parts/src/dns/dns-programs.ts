import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { debianTriplet, unpackedDebianPackages } from '../binaries/debian-packages.js';
import { LocalPartError } from '../local-part-error.js';
import { findProgram, isExecutable, machineEnvironment, silent, type MachineEnvironment, type Progress } from '../machine.js';

export type DnsProgram = 'knotd' | 'knotc' | 'keymgr' | 'named' | 'pdns_server' | 'unbound' | 'unbound-control';

export interface ResolvedDnsProgram {
  path: string;
  /** Where its libraries lie when it is not installed. */
  env: Readonly<Record<string, string>>;
  /** Folder above `usr` for what else came with it: '/' when installed. */
  root: string;
}

const dnsServers = {
  name: 'dns-servers',
  packages: ['knot', 'bind9', 'pdns-server', 'pdns-backend-lmdb', 'unbound'],
} as const;

/**
 * A DNS server program: installed, or from Debian's packages in the cache. All come in one go (about 8 MB), and their
 * libraries with them.
 */
export async function findDnsProgram(program: DnsProgram, progress: Progress = silent, env: MachineEnvironment = machineEnvironment()): Promise<ResolvedDnsProgram> {
  const installed = findProgram(program, env);
  if (installed !== undefined && (program !== 'pdns_server' || existsSync(lmdbBackend('/')))) return { path: installed, env: {}, root: '/' };
  const root = await unpackedDebianPackages(dnsServers, progress, env);
  if (root === undefined) {
    throw new LocalPartError('binary_missing', `${program} was not found and cannot be fetched (that takes apt). Install it; where that is not possible, the built-in DNS server serves in its place.`);
  }
  const path = ['usr/sbin', 'usr/bin'].map((folder) => join(root, folder, program)).find((candidate) => isExecutable(candidate)) ?? installed;
  if (path === undefined) throw new LocalPartError('binary_missing', `${program} is not among the packages ${dnsServers.packages.join(', ')}.`);
  return { path, env: { LD_LIBRARY_PATH: join(root, 'usr/lib', debianTriplet) }, root };
}

/** PowerDNS loads its database as a module; the package that brings it may be missing where the server is installed. */
export function lmdbBackend(root: string): string {
  return join(root, 'usr/lib', debianTriplet, 'pdns', 'liblmdbbackend.so');
}
