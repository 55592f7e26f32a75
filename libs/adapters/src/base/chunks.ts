/** Splits into portions of at most `size`; what has the same key stays together as long as it fits. */
export function chunksOf<Item>(items: readonly Item[], size: number, keyOf: (item: Item) => string): Item[][] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  const chunks: Item[][] = [];
  let open: Item[] = [];
  for (const group of groups.values()) {
    if (open.length > 0 && open.length + group.length > size) {
      chunks.push(open);
      open = [];
    }
    open.push(...group);
    while (open.length > size) chunks.push(open.splice(0, size));
  }
  return open.length === 0 ? chunks : [...chunks, open];
}
