import { z } from 'zod';
import { ConnectError, type Finding } from '@connect/domain';

export type Environment = Record<string, string | undefined>;

/**
 * Reads the settings named in `schema` from the environment. Throws `configuration` with all findings at once; a finding names the setting and what
 * is wrong with it, never its value. A setting that is set but empty is a finding of its own: it is nearly always a mistake in a deployment.
 */
export function loadConfig<Shape extends z.ZodRawShape>(schema: z.ZodObject<Shape>, env: Environment = process.env): z.infer<z.ZodObject<Shape>> {
  const names = Object.keys(schema.shape);
  const empty = names.filter((name) => env[name]?.trim() === '');
  const given = Object.fromEntries(names.filter((name) => env[name] !== undefined && !empty.includes(name)).map((name) => [name, env[name]]));
  const parsed = schema.safeParse(given);
  const findings: Finding[] = empty.map((name) => ({ path: name, message: 'is set but empty; give a value or unset it' }));
  for (const issue of parsed.error?.issues ?? []) {
    const path = issue.path.join('.');
    if (!empty.includes(path)) findings.push({ path, message: path in given ? issue.message : issue.code === 'invalid_type' ? 'is not set' : issue.message });
  }
  if (!parsed.success || findings.length > 0) throw new ConnectError('configuration', { detail: findings.map(({ path, message }) => `${path}: ${message}`).join('; '), errors: findings });
  return parsed.data;
}
