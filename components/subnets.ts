import { Address4 } from "ip-address";

/** The most zones a network can be split for. */
export const maximumZones = 6;
/**
 * Prefix lengths that a VPC of AWS may have and that leave every public subnet a /27, the least for a load balancer
 * ("Elastic Load Balancing, Application Load Balancers: Subnets").
 */
export const vpcPrefix = { largest: 16, smallest: 21 };

/**
 * Splits a VPC's range into one private and one public subnet per zone. Each zone's ranges depend on the VPC's range alone,
 * so zones can be added later without moving the ones that exist: eighths 0 to 5 are the private subnets (nodes and pods
 * need many addresses), the last eighth holds the public ones, again in eighths.
 */
export function splitNetwork(cidr: string, zones: number): { private: string[]; public: string[] } {
  const numbers = Array.from({ length: zones }, (_, zone) => zone);
  const lastEighth = eighth(cidr, 7);
  return {
    private: numbers.map((zone) => eighth(cidr, zone)),
    public: numbers.map((zone) => eighth(lastEighth, zone)),
  };
}

function eighth(cidr: string, index: number): string {
  const range = new Address4(cidr);
  const prefix = range.subnetMask + 3;
  const size = 2n ** BigInt(32 - prefix);
  return `${Address4.fromBigInt(range.startAddress().bigInt() + BigInt(index) * size).address}/${prefix}`;
}
