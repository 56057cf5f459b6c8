/** Regions that need no opting in, with the letters of their first zones ("AWS Regions and Availability Zones", 2026-11-22). */
const zoneLetters: Readonly<Record<string, string>> = {
  "us-east-1": "abcdef",
  "us-east-2": "abc",
  "us-west-1": "ab",
  "us-west-2": "abcd",
  "ca-central-1": "abd",
  "eu-central-1": "abc",
  "eu-west-1": "abc",
  "eu-west-2": "abc",
  "eu-west-3": "abc",
  "eu-north-1": "abc",
  "ap-northeast-1": "acd",
  "ap-northeast-2": "abcd",
  "ap-northeast-3": "abc",
  "ap-south-1": "abc",
  "ap-southeast-1": "abc",
  "ap-southeast-2": "abc",
  "sa-east-1": "abc",
};

export const regions = Object.keys(zoneLetters);

export interface Zone {
  readonly name: string;
  readonly id: string;
}

/** Regions in which a zone's number is not its place among the letters. */
const zoneNumbers: Readonly<Record<string, readonly number[]>> = {
  "us-west-1": [1, 3],
  "ca-central-1": [1, 2, 4],
  "ap-northeast-1": [1, 2, 4],
};

/** Zones in which EKS places no control plane ("Amazon EKS user guide, VPC and subnet requirements"). */
export const zonesWithoutEks = ["use1-az3", "usw1-az2", "cac1-az3"];

/** Availability zones of a region. Which letter is which zone differs between accounts on AWS; here letters go in order. */
export function zonesOf(region: string): Zone[] {
  const [continent = "", direction = "", number = ""] = region.split("-");
  const short = `${continent}${direction.replace(/(north|south|east|west|central)/g, (word) => word.charAt(0))}${number}`;
  return [...(zoneLetters[region] ?? "")].map((letter, index) => ({
    name: `${region}${letter}`,
    id: `${short}-az${zoneNumbers[region]?.[index] ?? index + 1}`,
  }));
}
