import { any, type Truth } from "../../chart/three-valued";
import { at, type Found, UNKNOWN } from "../../chart/values";
import { type Child, children, type Hub } from "./hub";
import { configured } from "./hub-config";
import { isTruthy } from "./truth";

/** Host names under which the values publish the hub, with their paths; one that is not known yet is unknown. */
export function hostNames(hub: Hub): Child[] {
  const lists = [
    { path: "proxy.https.hosts", used: true as Truth },
    { path: "ingress.hosts", used: isTruthy(at(hub.values, "ingress.enabled")) },
    { path: "httpRoute.hostnames", used: isTruthy(at(hub.values, "httpRoute.enabled")) },
  ];
  const listed = lists
    .filter(({ used }) => used !== false)
    .flatMap(({ path }): Child[] => {
      const value = at(hub.values, path);
      return value === UNKNOWN ? [{ path, value }] : children(value, path);
    });
  const urls = ["public_url", "subdomain_host"]
    .map((trait) => configured(hub, "JupyterHub", trait))
    .filter(({ value }) => value !== undefined && value !== null && value !== "")
    .map(({ value, path }): Child => ({ path, value: value === UNKNOWN ? UNKNOWN : hostOf(value) }));
  return [...listed, ...urls];
}

/** The host of a URL, or of a name with or without port; undefined for any other text. */
export function hostOf(text: Found): string | undefined {
  if (typeof text !== "string") return undefined;
  const url = parseUrl(text.includes("://") ? text : `https://${text}`);
  return url === undefined ? undefined : normalHost(url.hostname);
}

export function parseUrl(text: string): URL | undefined {
  return URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
}

function normalHost(name: string): string {
  return name.trim().toLowerCase().replace(/\.$/, "");
}

/** Whether one of the published names, wildcards included, stands for the host. */
export function isPublished(names: readonly Child[], host: string): Truth {
  return any(
    names.map(({ value }): Truth => {
      if (value === UNKNOWN) return UNKNOWN;
      if (typeof value !== "string") return false;
      if (value.trim().startsWith("*.")) {
        const parent = normalHost(value.trim().slice(1));
        return host.endsWith(parent) && !host.slice(0, -parent.length).includes(".");
      }
      return hostOf(value) === host;
    }),
  );
}

/** Names that documentation prints for the reader's own. */
const placeholder = /(^|\.)your([-.]|(domain|company|hub|org|site)[-.])|\.tld$/;

/** What keeps a text from being the hub's own name in public DNS; undefined when nothing does. */
export function whyNoOwnName(value: Found): string | undefined {
  if (typeof value !== "string") return "something that is no text";
  const name = normalHost(value.replace(/^\*\./, ""));
  if (/[<>]/.test(name) || name === "" || placeholder.test(name)) return "a placeholder";
  if (/^[\d.]+$|^\[?[\da-f:]*:[\da-f:.]*\]?$/.test(name)) return "an address instead of a name";
  if (/(^|\.)amazonaws\.com(\.cn)?$/.test(name)) return "a host name of AWS";
  if (/(^|\.)example\.com$|(^|\.)(localhost|local|invalid|example)$/.test(name)) return "a name that nobody can own";
  return /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/.test(name) ? undefined : "no complete host name";
}
