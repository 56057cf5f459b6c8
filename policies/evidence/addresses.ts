import { BlockList, isIP } from "node:net";

interface Network {
  readonly address: string;
  readonly bits: number;
  readonly family: "ipv4" | "ipv6";
}

/** Reads an address or a network in CIDR notation; undefined for any other text. */
export function parseNetwork(text: string): Network | undefined {
  const [address = "", bits, ...rest] = text.trim().split("/");
  const version = address.includes("%") ? 0 : isIP(address);
  const width = version === 4 ? 32 : 128;
  if (version === 0 || rest.length > 0 || (bits !== undefined && !/^\d{1,3}$/.test(bits))) return undefined;
  const prefix = bits === undefined ? width : Number(bits);
  return prefix > width ? undefined : { address, bits: prefix, family: version === 4 ? "ipv4" : "ipv6" };
}

/** Whether a network in CIDR notation contains an address; a text that is no network contains nothing. */
export function contains(cidr: string, address: string): boolean {
  const network = parseNetwork(cidr);
  const family = isIP(address) === 6 ? "ipv6" : "ipv4";
  if (network?.family !== family) return false;
  const list = new BlockList();
  list.addSubnet(network.address, network.bits, family);
  return list.check(address, family);
}

/**
 * Whether a CIDR is so wide that it names no network. No organisation holds more than an IPv4 /8 or an IPv6 /16, and two
 * halves (0.0.0.0/1 and 128.0.0.0/1) are the whole internet as well.
 */
export function isTooWide(cidr: string): boolean {
  const network = parseNetwork(cidr);
  return network !== undefined && network.bits < (network.family === "ipv4" ? 8 : 16);
}
