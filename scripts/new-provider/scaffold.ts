import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const templates = join(import.meta.dirname, 'templates');
const ending = '.template';
/** Documented answers lie apart from the code. */
const fixtures = new Set(['records.json']);

/** The files of a new provider's folder, by path below it. `id`: lower case, words joined by `-`. */
export function scaffold(id: string): Map<string, string> {
  const words = id.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  const written = (text: string): string => text.replaceAll('__id__', id).replaceAll('__Name__', words).replaceAll('__name__', words.charAt(0).toLowerCase() + words.slice(1));
  return new Map(readdirSync(templates).sort().map((file) => {
    const name = written(file.slice(0, -ending.length));
    return [fixtures.has(name) ? `__fixtures__/${name}` : name, written(readFileSync(join(templates, file), 'utf8'))];
  }));
}
