import { z } from 'zod';
import { ConnectError } from '@connect/domain';
import type { Page } from '../../ports/page.js';

/** Lists are read page by page, newest first; a cursor means nothing to its reader. */
export const PageQuery = z.strictObject({ limit: z.coerce.number().int().min(1).max(100).default(25), cursor: z.string().max(200).optional() });
export type PageQuery = z.infer<typeof PageQuery>;

export function pageOf(query: PageQuery): Page {
  return { limit: query.limit + 1, after: query.cursor === undefined ? null : readCursor(query.cursor) };
}

/** `rows` holds one more than asked for where there is a next page. */
export function listView<Row, View>(rows: Row[], query: PageQuery, view: (row: Row) => View, idOf: (row: Row) => string): { items: View[]; next_cursor: string | null } {
  const shown = rows.slice(0, query.limit);
  const last = shown.at(-1);
  return { items: shown.map(view), next_cursor: rows.length > query.limit && last !== undefined ? Buffer.from(idOf(last)).toString('base64url') : null };
}

export function ListView<View extends z.ZodType>(view: View): z.ZodObject<{ items: z.ZodArray<View>; next_cursor: z.ZodNullable<z.ZodString> }> {
  return z.object({ items: z.array(view), next_cursor: z.string().nullable() });
}

function readCursor(cursor: string): string {
  const text = Buffer.from(cursor, 'base64url').toString();
  if (!/^[a-z]+_[0-9a-f]{32}$|^\d+$/.test(text)) throw new ConnectError('malformed_request', { errors: [{ path: 'cursor', message: 'not a cursor of this list' }] });
  return text;
}
