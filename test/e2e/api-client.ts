import type { ConnectionState } from '@connect/domain';
import { eventually } from '@connect/testing';

export type ApiAnswer<Body = Record<string, unknown>> = { status: number; body: Body; headers: Headers };
export type ConnectionBody = { id: string; state: ConnectionState; generation: number; sequence: number; reference: string | null; reason: { code: string; actor: string; next_step: string } | null; verdict: { verdict: string } | null; not_restored: unknown[] | null };
export type EventBody = { id: string; type: string; sequence: number; reference: string | null; state: string | null };

/** The public API as a customer of ours calls it. */
export class ApiClient {
  constructor(readonly baseUrl: string, readonly key: string, readonly tenantId: string) {}

  async call<Body = Record<string, unknown>>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<ApiAnswer<Body>> {
    const response = await fetch(`${this.baseUrl}${path}`, {
      method, headers: { authorization: `Bearer ${this.key}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as Body, headers: response.headers };
  }

  /** The body of a call that has to succeed. */
  async must<Body = Record<string, unknown>>(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Body> {
    const answer = await this.call<Body>(method, path, body, headers);
    if (answer.status >= 300) throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  connection(id: string): Promise<ConnectionBody> {
    return this.must('GET', `/v1/connections/${id}`);
  }

  /** Waits until the connection is in one of these states. */
  async reaches(id: string, ...states: ConnectionState[]): Promise<ConnectionBody> {
    return eventually(async () => {
      const connection = await this.connection(id);
      if (states.includes(connection.state)) return connection;
      throw new Error(`it is ${connection.state} (${JSON.stringify(connection.reason)})`);
    }, { what: `${id} ${states.join(' or ')}`, timeoutMs: 25_000 });
  }

  async events(id: string): Promise<EventBody[]> {
    return (await this.must<{ items: EventBody[] }>('GET', `/v1/connections/${id}/events?limit=100`)).items;
  }
}
