/** The UUID within a public id (`evt_<32 hex digits>`), as the bus wants it for deduplication. */
export function uuidOfId(id: string): string {
  const hex = id.slice(id.indexOf('_') + 1);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
