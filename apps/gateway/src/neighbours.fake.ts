import { jetstream, type ConsumerMessages } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { changesApplied, connectionRemoved, credentialChecked, credentialDestroyed, domainDetected, listCircuits, planMade, sealKey, storeCredential, verdictReached, workRefused, type DataOf, type DomainEvent, type Message, type MessageDefinition, type ProviderCircuit } from '@connect/contracts';
import { newId, newUuid, secret, type ErrorCode } from '@connect/domain';
import { connectBus } from '@connect/messaging';
import { transportKeyPair, type TransportKeyPair } from '@connect/sealing';

type Command = Message<Record<string, unknown>>;
type Script = (command: Command) => Promise<void> | void;

/** The other three services as one script: they answer as told and remember what they were told. Real bus, real permissions. */
export class Neighbours {
  readonly commands: Command[] = [];
  readonly events: DomainEvent[] = [];
  readonly sealed: { sealed: string; version: number; kid: string }[] = [];
  refuseStoring: ErrorCode | null = null;
  /** null: no worker answers. */
  circuits: ProviderCircuit[] | null = [];
  private kid = 'kid-1';
  private readonly scripts = new Map<string, Script>();
  private readonly readings: ConsumerMessages[] = [];

  private constructor(private readonly vault: NatsConnection, private readonly worker: NatsConnection, private readonly verifier: NatsConnection, private readonly publisher: NatsConnection, private readonly keys: TransportKeyPair) {}

  static async start(urlOf: (user: string) => string): Promise<Neighbours> {
    const connectAs = (user: 'credential-vault' | 'dns-worker' | 'verifier' | 'intake'): Promise<NatsConnection> => connectBus(secret(urlOf(user)), user);
    const neighbours = new Neighbours(await connectAs('credential-vault'), await connectAs('dns-worker'), await connectAs('verifier'), await connectAs('intake'), await transportKeyPair());
    await neighbours.listen();
    neighbours.behaveWell();
    return neighbours;
  }

  /** A worker that writes at once and a verifier that sees at once. */
  behaveWell(): void {
    this.on('cmd.dns.apply-connection', async (command) => {
      await this.plan(command, 'writing');
      await this.applied(command);
    });
    this.on('cmd.dns.remove-connection', (command) => this.removed(command, {}));
    this.on('cmd.verify.watch-connection', (command) => this.sees(command, command.data['expectation'] === 'present' ? 'published' : 'absent'));
    for (const silent of ['cmd.verify.detect-domain', 'cmd.verify.unwatch-connection', 'cmd.dns.check-credential', 'cmd.dns.preview-plan', 'cmd.dns.undo-receipt', 'cmd.vault.destroy-credential']) this.on(silent, () => {});
  }

  on(subject: string, script: Script): void {
    this.scripts.set(subject, script);
  }

  of(connectionId: string): string[] {
    return this.commands.filter((command) => command.connection_id === connectionId).map((command) => command.type);
  }

  async say<Definition extends MessageDefinition>(definition: Definition, command: Pick<Command, 'tenant_id' | 'connection_id' | 'generation' | 'id'>, data: DataOf<Definition>, id: string = newUuid()): Promise<string> {
    const { tenant_id, connection_id, generation } = command;
    const fact = { ...definition.golden, id, occurred_at: new Date().toISOString(), tenant_id, connection_id, generation, causation_id: command.id, data };
    const from = definition.subject.startsWith('evt.vault') ? this.vault : definition.subject.startsWith('evt.dns') ? this.worker : this.verifier;
    await jetstream(from).publish(definition.subject, JSON.stringify(fact));
    return id;
  }

  async plan(command: Command, next: DataOf<typeof planMade>['next'], changes: Partial<DataOf<typeof planMade>['plan']> = {}): Promise<DataOf<typeof planMade>['plan']> {
    const plan = { ...planMade.golden.data.plan, id: newId('plan'), made_at: new Date().toISOString(), expires_at: new Date(Date.now() + 3_600_000).toISOString(), ...changes };
    await this.say(planMade, command, { plan, next });
    return plan;
  }

  async applied(command: Command, changes: Partial<DataOf<typeof changesApplied>['receipt']> = {}): Promise<void> {
    await this.say(changesApplied, command, { receipt: { ...changesApplied.golden.data.receipt, id: newId('receipt'), undo_until: new Date(Date.now() + 86_400_000).toISOString(), ...changes } });
  }

  async sees(command: Command, verdict: 'published' | 'absent' | 'partial' | 'conflicting', more: { expectation?: 'present' | 'absent' } = {}): Promise<void> {
    const expectation = more.expectation ?? (command.data['expectation'] as 'present' | 'absent');
    const golden = verdictReached.golden.data;
    await this.say(verdictReached, command, { ...golden, expectation, projection: { ...golden.projection, verdict, codes: verdict === 'published' ? ['expected_value'] : ['missing_value'], as_of: new Date().toISOString() } });
  }

  async detected(command: Command, changes: Partial<DataOf<typeof domainDetected>['detection']>): Promise<void> {
    await this.say(domainDetected, command, { detection: { ...domainDetected.golden.data.detection, providers: [], ...changes } });
  }

  async checked(command: Command, changes: Partial<DataOf<typeof credentialChecked>['report']>): Promise<void> {
    await this.say(credentialChecked, { ...command, generation: 0 }, { credential_id: command.data['credential_id'] as string, report: { ...credentialChecked.golden.data.report, checked_at: new Date().toISOString(), ...changes } });
  }

  async destroyed(command: Command): Promise<void> {
    await this.say(credentialDestroyed, { ...command, generation: 0 }, { credential_id: command.data['credential_id'] as string });
  }

  async refuses(command: Command, code: ErrorCode, of: DataOf<typeof workRefused>['of'] = 'apply'): Promise<void> {
    await this.say(workRefused, command, { code, detail: null, of });
  }

  async removed(command: Command, changes: Partial<DataOf<typeof connectionRemoved>>): Promise<void> {
    await this.say(connectionRemoved, command, { ...connectionRemoved.golden.data, ...changes });
  }

  async publish(subject: string, body: unknown): Promise<void> {
    await jetstream(this.publisher).publish(subject, typeof body === 'string' ? body : JSON.stringify(body));
  }

  /** The vault has a new key from now on and knows the old one no longer. */
  rotate(): void {
    this.kid = `${this.kid}-next`;
  }

  async stop(): Promise<void> {
    await Promise.all(this.readings.map((reading) => reading.close()));
    await Promise.all([this.vault, this.worker, this.verifier, this.publisher].map((connection) => connection.close()));
  }

  private async listen(): Promise<void> {
    this.answerForVault();
    this.worker.subscribe(listCircuits.subject, { queue: 'dns-worker', callback: (_, ask) => void ask.respond(JSON.stringify(this.circuits === null ? { refused: 'unavailable', detail: null } : { circuits: this.circuits })) });
    void this.hearEvents();
    const readAs = async (connection: NatsConnection, durable: string): Promise<void> => {
      const consumer = await jetstream(connection, { checkAPI: false } as never).consumers.get('COMMANDS', durable);
      const reading = await consumer.consume({ max_messages: 50 });
      this.readings.push(reading);
      void this.read(reading);
    };
    await readAs(this.vault, 'vault-commands');
    await readAs(this.worker, 'dns-commands');
    await readAs(this.verifier, 'verify-commands');
  }

  private async read(reading: ConsumerMessages): Promise<void> {
    for await (const delivery of reading) {
      const command = delivery.json<Command>();
      this.commands.push(command);
      delivery.ack();
      void this.scripts.get(command.type)?.(command);
    }
  }

  private answerForVault(): void {
    this.vault.subscribe(sealKey.subject, { queue: 'vault', callback: (_, ask) => void ask.respond(JSON.stringify({ jwk: { ...this.keys.publicJwk, kid: this.kid }, kid: this.kid })) });
    this.vault.subscribe(storeCredential.subject, {
      queue: 'vault',
      callback: (_, ask) => {
        const { sealed, version } = ask.json<{ sealed: string; version: number }>();
        const { kid } = JSON.parse(Buffer.from(sealed.split('.')[0] ?? '', 'base64url').toString()) as { kid: string };
        if (kid !== this.kid) return void ask.respond(JSON.stringify({ refused: 'key_unknown', detail: null }));
        if (this.refuseStoring !== null) return void ask.respond(JSON.stringify({ refused: this.refuseStoring, detail: null }));
        this.sealed.push({ sealed, version, kid });
        ask.respond(JSON.stringify({ fingerprint: '0123456789abcdef' }));
      },
    });
  }

  private async hearEvents(): Promise<void> {
    for await (const event of this.publisher.subscribe('domain.events.*')) this.events.push(event.json<DomainEvent>());
  }
}
