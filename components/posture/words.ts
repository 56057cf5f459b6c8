/** Items one after the other, or what stands for none. */
export function list(items: readonly string[], nothing = "none named"): string {
  return items.length === 0 ? nothing : items.join(", ");
}
