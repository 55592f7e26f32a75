import type { MachineEnvironment, Progress } from '../machine.js';
import type { ServerProcess } from '../server-process.js';
import type { TsigKeyText, ZoneInput } from './zone-text.js';

/** What every DNS server of ours is started with. */
export interface StartDnsOptions {
  /** Configuration, zones and log live here. */
  dir: string;
  /** Any address of 127/8. Default 127.0.0.1. */
  address?: string;
  /** For UDP and TCP. Default: a free one above 1024, so that no root is needed. */
  port?: number;
  zones?: readonly ZoneInput[];
  progress?: Progress;
  env?: MachineEnvironment;
}

export interface StartUpdatableOptions extends StartDnsOptions {
  /** Who may update (RFC 2136) and transfer all zones. */
  key?: TsigKeyText;
}

export interface RunningDnsServer extends Pick<ServerProcess, 'pid' | 'logFile' | 'isRunning' | 'stop' | 'kill'> {
  address: string;
  port: number;
}

/** A unix socket's path may have 107 characters; below a deep folder a short one is used. */
export const longestSocketFolder = 80;
