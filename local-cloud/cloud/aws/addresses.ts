import { Address4 } from "ip-address";

/** The range, or undefined where the text is no IPv4 CIDR with its host bits zero. */
export function parseCidr(text: string): Address4 | undefined {
  if (!/^\d+\.\d+\.\d+\.\d+\/\d+$/.test(text) || !Address4.isValid(text)) return undefined;
  const range = new Address4(text);
  return range.startAddress().correctForm() === text.split("/")[0] ? range : undefined;
}

/** Does the first range lie in the second? Both are valid CIDRs. */
export const inside = (inner: string, outer: string): boolean => new Address4(inner).isInSubnet(new Address4(outer));

export const overlap = (one: string, other: string): boolean => inside(one, other) || inside(other, one);

const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

/** RFC 1918. */
export const isPrivate = (cidr: string): boolean => privateRanges.some((range) => inside(cidr, range));

export const prefixLength = (cidr: string): number => Number(cidr.split("/")[1]);
