/** A record set as Route 53 holds it: names escaped in octal, lower case, with a final dot; values as somebody wrote them. */
export type HeldSet = { name: string; type: string; ttl: number | null; values: string[]; setIdentifier?: string; aliasTarget?: { hostedZoneId: string; dnsName: string }; /** More elements of the answer, such as Weight. */ more?: Record<string, string> };
export type WantedChange = { action: string; set: HeldSet };
export type Verdict = { refused: null } | { refused: { code: 'InvalidChangeBatch' | 'InvalidInput'; messages: string[] } };

const types = ['SOA', 'A', 'TXT', 'NS', 'CNAME', 'MX', 'NAPTR', 'PTR', 'SRV', 'SPF', 'AAAA', 'CAA', 'DS', 'TLSA', 'SSHFP', 'SVCB', 'HTTPS'];
const strings = /^("([^"\\]|\\[0-3][0-7]{2}|\\["\\])*")(\s*"([^"\\]|\\[0-3][0-7]{2}|\\["\\])*")*$/;
const forms: Readonly<Record<string, RegExp>> = {
  A: /^(25[0-5]|2[0-4]\d|1?\d?\d)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}$/, AAAA: /^[0-9a-f:.]*:[0-9a-f:.]*$/i, CNAME: /^\S+$/, NS: /^\S+$/, PTR: /^\S+$/,
  MX: /^\d{1,5} \S+$/, SRV: /^\d{1,5} \d{1,5} \d{1,5} \S+$/, CAA: /^\d{1,3} [a-z0-9]+ "([^"\\]|\\.)*"$/, TXT: strings, SPF: strings, HTTPS: /^\d{1,5} \S+( \S+)*$/, SVCB: /^\d{1,5} \S+( \S+)*$/,
};

/** Every character outside `a-z0-9-_.` as a backslash and three octal digits. */
export function heldName(text: string): string {
  const octets = text.toLowerCase().replace(/\\([0-3][0-7]{2})|([^a-z0-9\-_.])/g, (_, escaped: string | undefined, raw: string | undefined) => {
    const bytes = escaped === undefined ? [...Buffer.from(raw!)] : [Number.parseInt(escaped, 8)];
    return bytes.map((byte) => (/[a-z0-9\-_]/.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`)).join('');
  });
  return octets.endsWith('.') ? octets : `${octets}.`;
}

/** The order of the lists: labels from right to left. */
export function reversed(name: string): string {
  return name.replace(/\.$/, '').split('.').reverse().join('.');
}

export class HeldZone {
  sets = new Map<string, HeldSet>();

  constructor(readonly id: string, readonly name: string, readonly options: { private?: boolean; linkedService?: boolean; recovery?: string; maxSets?: number; maxValues?: number } = {}) {
    const nameServers = options.private === true ? ['ns-1536.awsdns-00.co.uk.', 'ns-0.awsdns-00.com.', 'ns-1024.awsdns-00.org.', 'ns-512.awsdns-00.net.'] : ['ns-2048.awsdns-64.com.', 'ns-2049.awsdns-65.net.', 'ns-2050.awsdns-66.org.', 'ns-2051.awsdns-67.co.uk.'];
    this.put({ name, type: 'NS', ttl: 172_800, values: nameServers });
    this.put({ name, type: 'SOA', ttl: 900, values: [`${nameServers[0]} awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400`] });
  }

  put(set: HeldSet): void {
    this.sets.set(keyOf(set), set);
  }

  sorted(): HeldSet[] {
    const order = (set: HeldSet): string => `${reversed(set.name)} ${set.type} ${set.setIdentifier ?? ''}`;
    return [...this.sets.values()].sort((a, b) => (order(a) < order(b) ? -1 : 1));
  }

  /** All or nothing. `commit` carries a batch that was found good. */
  judge(changes: readonly WantedChange[]): Verdict & { commit?: () => void } {
    const input = changes.flatMap(({ action, set }) => this.inputProblems(action, set));
    if (input.length > 0) return { refused: { code: 'InvalidInput', messages: input } };
    const messages = [...sizeProblems(changes), ...repeated(changes)];
    const after = new Map(this.sets);
    for (const change of changes) messages.push(...this.step(after, change));
    if (after.size > (this.options.maxSets ?? 10_000)) messages.push(`Number of records limit of ${this.options.maxSets ?? 10_000} exceeded.`);
    if (messages.length > 0) return { refused: { code: 'InvalidChangeBatch', messages } };
    const touched = new Set(changes.map(({ set }) => keyOf(set)));
    return {
      refused: null,
      commit: () => {
        for (const key of touched) {
          const set = after.get(key);
          if (set === undefined) this.sets.delete(key);
          else this.sets.set(key, set);
        }
      },
    };
  }

  private inputProblems(action: string, set: HeldSet): string[] {
    if (!['CREATE', 'DELETE', 'UPSERT'].includes(action)) return [`1 validation error detected: Value '${action}' failed to satisfy constraint: Member must satisfy enum value set: [CREATE, DELETE, UPSERT]`];
    if (!types.includes(set.type)) return [`1 validation error detected: Value '${set.type}' at 'type' failed to satisfy constraint`];
    if (set.aliasTarget === undefined && (set.ttl === null || set.values.length === 0)) return [`Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId], but found none in Change with [Action=${action}, Name=${set.name}, Type=${set.type}, SetIdentifier=null]`];
    if (set.ttl !== null && set.ttl > 2_147_483_647) return ['1 validation error detected: Value at TTL failed to satisfy constraint: Member must have value less than or equal to 2147483647'];
    return [];
  }

  private step(after: Map<string, HeldSet>, { action, set }: WantedChange): string[] {
    const key = keyOf(set);
    const present = after.get(key);
    const of = `[name='${set.name}', type='${set.type}']`;
    if (set.name !== this.name && !set.name.endsWith(`.${this.name}`)) return [`RRSet with DNS name ${set.name} is not permitted in zone ${this.name}`];
    if (action === 'DELETE') {
      if (present === undefined) return [`Tried to delete resource record set ${of} but it was not found`];
      if (present.ttl !== set.ttl || !sameList(present.values, set.values)) return [`Tried to delete resource record set ${of} but the values provided do not match the current values`];
      if (set.name === this.name && set.type === 'SOA') return ['A HostedZone must contain exactly one SOA record.'];
      if (set.name === this.name && set.type === 'NS') return ['A HostedZone must contain at least one NS record for the zone itself.'];
      after.delete(key);
      return [];
    }
    if (action === 'CREATE' && present !== undefined) return [`Tried to create resource record set ${of} but it already exists`];
    const problem = this.recordProblem(set) ?? this.neighbourProblem(after, set);
    if (problem !== null) return [problem];
    after.set(key, set);
    return [];
  }

  private recordProblem(set: HeldSet): string | null {
    if (set.type === 'CNAME' && set.name === this.name) return `RRSet of type CNAME with DNS name ${set.name} is not permitted at apex in zone ${this.name}`;
    if (set.type === 'NS' && set.name.startsWith('\\052.')) return `RRSet of type NS with DNS name ${set.name} is not permitted: wildcards are not allowed for NS`;
    if (set.type === 'CNAME' && set.values.length > 1) return 'Invalid Resource Record: FATAL problem: CNAME record sets can have one record only';
    if (new Set(set.values).size < set.values.length) return `Duplicate Resource Record: '${set.values[0]}'`;
    if (set.values.length > (this.options.maxValues ?? 400)) return `Number of records in the set exceeds ${this.options.maxValues ?? 400}`;
    for (const value of set.values) {
      if (value.length > 4_000) return `Invalid Resource Record: FATAL problem: CharacterStringTooLong (Value is too long) encountered with '${value}'`;
      if (/[^\x20-\x7e]/.test(value)) return `Invalid Resource Record: FATAL problem: UnsupportedCharacter (Value contains unsupported characters) encountered with ' '`;
      if (forms[set.type]?.test(value) === false) return `Invalid Resource Record: FATAL problem: ${set.type === 'TXT' ? 'InvalidCharacterString (Value should be enclosed in quotation marks)' : `${set.type}RRDATAIllegal`} encountered with '${value}'`;
      const long = set.type === 'TXT' && [...value.matchAll(/"((?:[^"\\]|\\.)*)"/g)].some(([, inner]) => inner!.replace(/\\[0-3][0-7]{2}|\\./g, 'x').length > 255);
      if (long) return `Invalid Resource Record: FATAL problem: CharacterStringTooLong (Value is too long) encountered with '${value}'`;
    }
    return null;
  }

  private neighbourProblem(after: ReadonlyMap<string, HeldSet>, set: HeldSet): string | null {
    const others = [...after.values()].filter((other) => other.name === set.name && keyOf(other) !== keyOf(set));
    if (others.some((other) => other.type === set.type && (other.setIdentifier === undefined) !== (set.setIdentifier === undefined))) return `RRSet with DNS name ${set.name}, type ${set.type} cannot be created as other RRSets exist with the same name and type.`;
    if (set.type === 'CNAME' && others.some((other) => other.type !== 'CNAME')) return `RRSet of type CNAME with DNS name ${set.name} is not permitted as it conflicts with other records with the same DNS name in zone ${this.name}`;
    if (set.type !== 'CNAME' && others.some((other) => other.type === 'CNAME')) return `RRSet of type ${set.type} with DNS name ${set.name} is not permitted because a conflicting RRSet of type  CNAME with the same DNS name already exists in zone ${this.name}`;
    return null;
  }
}

export function keyOf(set: Pick<HeldSet, 'name' | 'type' | 'setIdentifier'>): string {
  return `${set.name} ${set.type} ${set.setIdentifier ?? ''}`;
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && [...a].sort().join('\n') === [...b].sort().join('\n');
}

function sizeProblems(changes: readonly WantedChange[]): string[] {
  const weight = ({ action }: WantedChange): number => (action === 'UPSERT' ? 2 : 1);
  const records = changes.reduce((sum, change) => sum + weight(change) * change.set.values.length, 0);
  const characters = changes.reduce((sum, change) => sum + weight(change) * change.set.values.join('').length, 0);
  return [...(records > 1_000 ? ['Number of records limit of 1000 exceeded.'] : []), ...(characters > 32_000 ? ['Number of characters limit of 32000 exceeded.'] : [])];
}

/** DELETE and CREATE of one set may stand in one batch, the same action twice may not. */
function repeated(changes: readonly WantedChange[]): string[] {
  const seen = new Set<string>();
  return changes.flatMap(({ action, set }) => {
    const key = `${action} ${keyOf(set)}`;
    if (seen.has(key)) return [`The request contains an invalid set of changes for a resource record set '${set.type} ${set.name}'`];
    seen.add(key);
    return [];
  });
}
