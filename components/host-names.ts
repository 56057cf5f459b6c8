/** Whether a host name is a zone's own, or lies below it. */
export function liesIn(host: string, zone: string): boolean {
  return host === zone || liesBelow(host, zone);
}

/** Whether a host name lies below another. */
export function liesBelow(host: string, other: string): boolean {
  return host.endsWith(`.${other}`);
}

/** The name without its first label. */
export function parentOf(host: string): string {
  return host.slice(host.indexOf(".") + 1);
}
