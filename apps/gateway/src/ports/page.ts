/** One page of a list: what comes after the id `after`, `limit` at most. */
export type Page = { limit: number; after: string | null };
