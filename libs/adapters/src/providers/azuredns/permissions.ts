import type { Permission } from './schema.js';

/** May an account with these role assignments do this? `*` stands for any text, case does not matter. https://learn.microsoft.com/azure/role-based-access-control/role-definitions, verified 2026-11. */
export function allows(permissions: readonly Permission[], action: string): boolean {
  return permissions.some(({ actions, notActions }) => (actions ?? []).some((pattern) => fits(pattern, action)) && !(notActions ?? []).some((pattern) => fits(pattern, action)));
}

function fits(pattern: string, action: string): boolean {
  const [first = '', ...parts] = pattern.toLowerCase().split('*');
  const text = action.toLowerCase();
  const last = parts.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  let at = first.length;
  for (const part of parts) {
    const found = text.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return at <= text.length - last.length;
}
