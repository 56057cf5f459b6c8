import { cidr, cidrSuchAs, inside, prefixOf } from "../formats";

/** Private ranges (RFC 1918). The chart's NetworkPolicies keep user pods away from these, and from these only. */
export const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];
/** Ranges that nobody has on the internet: private, shared by carriers (RFC 6598), loopback and link-local. */
const unroutedRanges = [...privateRanges, "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"];

/** Whether every address of the range is one that nobody has on the internet. */
export const isPrivate = (range: string): boolean => inside(range, unroutedRanges) === true;

/** A range of public addresses that is not (nearly) the whole internet. */
export const publicRange = cidr
  .refine((range) => !prefixOf(range, (prefix) => prefix < 8), {
    error: "that opens the Kubernetes API to the internet; name your own addresses, for example 203.0.113.7/32",
  })
  .refine((range) => inside(range, unroutedRanges) !== true, {
    error:
      "nobody reaches the public endpoint from a private address; name your public addresses, for example 203.0.113.7/32",
  });

/** A range of private addresses with so many bits of prefix. */
export const privateRange = (prefix: { largest: number; smallest: number }, example: string) =>
  cidrSuchAs(example)
    .refine((range) => !prefixOf(range, (length) => length < prefix.largest || length > prefix.smallest), {
      error: `expected a range of /${prefix.largest} to /${prefix.smallest}, for example ${example}`,
    })
    .refine((range) => inside(range, privateRanges) !== false, {
      error: `expected a range in ${privateRanges.join(", ")}, because the chart's NetworkPolicies protect those only, for example ${example}`,
    });
