import fc from "fast-check";
import { Address4 } from "ip-address";
import { expect, test } from "vitest";
import { maximumZones, splitNetwork, vpcPrefix } from "../../components/subnets";

const zones = fc.integer({ min: 2, max: maximumZones });
/** Ranges that a VPC may have, in private address space. */
const vpc = fc
  .tuple(fc.integer({ min: vpcPrefix.largest, max: vpcPrefix.smallest }), fc.nat({ max: 2 ** 24 - 1 }))
  .map(([prefix, host]) => {
    const start = (0x0a000000 + host) & (-1 << (32 - prefix));
    return `${Address4.fromInteger(start >>> 0).address}/${prefix}`;
  });
const ranges = (cidr: string, count: number) => {
  const { private: inner, public: outer } = splitNetwork(cidr, count);
  return [...inner, ...outer].map((range) => new Address4(range));
};
const property = (check: (cidr: string, count: number) => void) =>
  fc.assert(fc.property(vpc, zones, check), { numRuns: 300 });

test("a private and a public subnet per zone", () =>
  property((cidr, count) => {
    const subnets = splitNetwork(cidr, count);
    expect([subnets.private.length, subnets.public.length]).toEqual([count, count]);
  }));

test("every subnet lies in the VPC and begins at its own first address", () =>
  property((cidr, count) => {
    for (const range of ranges(cidr, count)) {
      expect(range.isInSubnet(new Address4(cidr))).toBe(true);
      expect(range.correctForm()).toBe(range.startAddress().correctForm());
    }
  }));

test("no two subnets share an address", () =>
  property((cidr, count) => {
    const all = ranges(cidr, count);
    for (const [index, one] of all.entries())
      for (const other of all.slice(index + 1)) expect(one.isInSubnet(other) || other.isInSubnet(one)).toBe(false);
  }));

// "Elastic Load Balancing, Application Load Balancers: Subnets": at least a /27; "Amazon VPC user guide": at most a /16.
test("every subnet has a size that AWS accepts, and the private ones are larger", () =>
  property((cidr, count) => {
    const prefixes = ranges(cidr, count).map((range) => range.subnetMask);
    expect(Math.max(...prefixes)).toBeLessThanOrEqual(27);
    expect(Math.min(...prefixes)).toBeGreaterThanOrEqual(16);
    expect(Math.max(...prefixes.slice(0, count))).toBeLessThan(Math.min(...prefixes.slice(count)));
  }));

test("a zone more moves no subnet", () =>
  property((cidr, count) => {
    const [some, all] = [splitNetwork(cidr, count), splitNetwork(cidr, maximumZones)];
    expect(all.private.slice(0, count)).toEqual(some.private);
    expect(all.public.slice(0, count)).toEqual(some.public);
  }));

test("the default range, as documented", () =>
  expect(splitNetwork("10.0.0.0/16", 2)).toEqual({
    private: ["10.0.0.0/19", "10.0.32.0/19"],
    public: ["10.0.224.0/22", "10.0.228.0/22"],
  }));
