/** A file that is made, not written. `path` from the root of the repository. */
export type GeneratedFile = { path: string; text: string };

export const madeBy = 'Made by `npm run generate`; do not edit.';
