/**
 * `npm run dead-letters`: the messages that a service could not handle, in the product that `npm start` runs (or INNER_URL and OPERATOR_KEY name). docs/runbooks/dead-letters.md
 * says what to do with them. The message itself is printed only when asked for: what another system published may hold anything. Exit code 1: it was not done.
 */
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { DeadLetterLine, DeadLetterWhole, Replay } from '@connect/contracts';
import { runningProduct } from './start/running-product.js';

const usage = `Usage: npm run dead-letters -- list [--replayed]     what waits, the newest first; or also what was replayed
                               show ID [--body]      one of them; with the message itself
                               replay ID…            its service handles it again; safe to repeat
                               drop ID…              nobody will handle it any more`;
const service = { service: z.string() };
const Listed = z.object({ items: z.array(DeadLetterLine.extend(service)), unanswered: z.array(z.string()) });
const Shown = DeadLetterWhole.extend(service);
const Replayed = Replay.extend(service);
const Refused = z.object({ code: z.string(), title: z.string(), next_step: z.string() });
const outcomes: Readonly<Record<Replay['outcome'], string>> = {
  done: 'is handled', replayed_before: 'was handled before; nothing was done', later: 'cannot be handled yet; try again later', dead: 'still cannot be handled',
};
/** What of a message tells whose it is. */
const MessageHead = z.object({ id: z.string(), type: z.string(), tenant_id: z.string(), connection_id: z.string(), generation: z.number(), step: z.string(), occurred_at: z.string() }).partial();

const { values: flags, positionals } = parseArgs({ allowPositionals: true, options: { replayed: { type: 'boolean', default: false }, body: { type: 'boolean', default: false } } });
const [verb, ...ids] = positionals;
const wantsIds = verb === 'show' || verb === 'replay' || verb === 'drop';
if (!(verb === 'list' && ids.length === 0) && !(wantsIds && ids.length > 0)) {
  console.error(usage);
  process.exit(2);
}
const { inner_url, operator_key } = runningProduct();
if (verb === 'list') await list();
for (const id of ids) {
  if (verb === 'show') await show(id);
  if (verb === 'replay') await replay(id);
  if (verb === 'drop' && (await ask('DELETE', `/${id}`)) !== null) console.log(`${id}  is dropped`);
}

async function list(): Promise<void> {
  const answer = await ask('GET', `?replayed=${flags.replayed}`);
  if (answer === null) return;
  const { items, unanswered } = Listed.parse(answer);
  for (const { id, died_at, service: owner, subject, code, detail, replayed_at } of items) {
    console.log(`${id}  ${died_at}  ${owner}  ${subject}  ${code}${detail === null ? '' : `: ${detail}`}${replayed_at === null ? '' : `  (replayed ${replayed_at})`}`);
  }
  if (items.length === 0) console.log('No message waits.');
  if (unanswered.length === 0) return;
  console.error(`Did not answer, so their dead letters are not in this list: ${unanswered.join(', ')}`);
  process.exitCode = 1;
}

async function show(id: string): Promise<void> {
  const answer = await ask('GET', `/${id}`);
  if (answer === null) return;
  const { body, body_characters, ...letter } = Shown.parse(answer);
  console.log(JSON.stringify({ ...letter, message: headOf(body), characters: body_characters }, null, 2));
  if (flags.body) console.log(body);
}

async function replay(id: string): Promise<void> {
  const answer = await ask('POST', `/${id}/replay`);
  if (answer === null) return;
  const { outcome, code, detail } = Replayed.parse(answer);
  const why = [code, detail].filter((each) => each !== null).join(': ');
  console.log(`${id}  ${outcomes[outcome]}${why === '' ? '' : ` (${why})`}`);
  if (outcome === 'later' || outcome === 'dead') process.exitCode = 1;
}

/** The answer, or null after its refusal was printed. */
async function ask(method: string, path: string): Promise<unknown> {
  const response = await fetch(`${inner_url}/v1/dead-letters${path}`, { method, headers: { authorization: `Bearer ${operator_key}` } });
  const text = await response.text();
  if (response.ok) return text === '' ? {} : JSON.parse(text);
  const { code, title, next_step } = Refused.parse(JSON.parse(text));
  console.error(`${path.slice(1)}  ${code}: ${title} ${next_step}`);
  process.exitCode = 1;
  return null;
}

function headOf(body: string): z.infer<typeof MessageHead> | 'no JSON' {
  try {
    return MessageHead.safeParse(JSON.parse(body)).data ?? {};
  } catch {
    return 'no JSON';
  }
}
