import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseRecords } from "../../../local-cloud/cloud";
import type { PublicRecord } from "../../../local-cloud/cloud/cloud";
import { network } from "./cluster";
import { type Instance, type Made, World } from "./world";

const zoneType = "aws:route53/zone:Zone";
const recordType = "aws:route53/record:Record";
const certificateType = "aws:acm/certificate:Certificate";
const validationType = "aws:acm/certificateValidation:CertificateValidation";
const associationType = "aws:route53/zoneAssociation:ZoneAssociation";

let world: World;
let aws: Instance;
beforeAll(async () => {
  world = await World.start();
  aws = await world.aws();
});
afterAll(() => world.end());

let made = 0;
const make = (type: string, inputs: object, timeoutSeconds = 0) => {
  made += 1;
  return aws.make(type, `r${made}`, inputs as never, timeoutSeconds);
};

const ownZoneId = async () =>
  String((await aws.invoke("aws:route53/getZone:getZone", { name: "local-cloud.test" })).zoneId);

/** A certificate, and the record that ACM wants for it. */
async function certificateFor(domainName: string): Promise<{ certificate: Made; wanted: PublicRecord }> {
  const certificate = await make(certificateType, { domainName, validationMethod: "DNS" });
  const [option] = certificate.outputs.domainValidationOptions as [Record<string, string>];
  return {
    certificate,
    wanted: {
      name: option.resourceRecordName?.slice(0, -1) ?? "",
      type: "CNAME",
      value: option.resourceRecordValue ?? "",
    },
  };
}

const keep = (zoneId: string, { name, type, value }: PublicRecord) =>
  make(recordType, { zoneId, name, type, ttl: 60, records: [value] });

describe("ACM issues a certificate", () => {
  it("whose record is in a zone that the account owns", async () => {
    const { certificate, wanted } = await certificateFor("a.local-cloud.test");
    await keep(await ownZoneId(), wanted);
    await make(validationType, { certificateArn: certificate.id, validationRecordFqdns: [wanted.name] });
  });

  it("whose record is in a zone to which one of the account's delegates, not before", async () => {
    const child = await make(zoneType, { name: "child.local-cloud.test" });
    const { certificate, wanted } = await certificateFor("hub.child.local-cloud.test");
    await keep(child.id, wanted);
    await expect(make(validationType, { certificateArn: certificate.id })).rejects.toThrow(/'PENDING_VALIDATION'/);

    await make(recordType, {
      zoneId: await ownZoneId(),
      name: "child.local-cloud.test",
      type: "NS",
      ttl: 60,
      records: child.outputs.nameServers,
    });
    await make(validationType, { certificateArn: certificate.id });
  });

  it("of another owner's domain, as soon as that created the record", async () => {
    const { certificate, wanted } = await certificateFor("hub.acme.science");
    await expect(make(validationType, { certificateArn: certificate.id })).rejects.toThrow(/'PENDING_VALIDATION'/);
    await world.restart({ account: { records: [wanted] } });
    aws = await world.aws();
    await make(validationType, { certificateArn: certificate.id });
  });
});

describe("a certificate stays pending", () => {
  it("for as long as the program waits, or 75 minutes", async () => {
    const { certificate } = await certificateFor("nobody.local-cloud.test");
    await expect(make(validationType, { certificateArn: certificate.id })).rejects.toThrow(
      "(last state: 'PENDING_VALIDATION', timeout: 1h15m0s)",
    );
    await expect(make(validationType, { certificateArn: certificate.id }, 1800)).rejects.toThrow(
      "(last state: 'PENDING_VALIDATION', timeout: 30m0s)",
    );
  });

  it("while its record is in a zone that nothing delegates to", async () => {
    const { certificate, wanted } = await certificateFor("hub.orphan.science");
    const orphan = await make(zoneType, { name: "orphan.science" });
    await keep(orphan.id, wanted);
    await expect(make(validationType, { certificateArn: certificate.id })).rejects.toThrow(/'PENDING_VALIDATION'/);
  });

  it("while its record is in the zone above a delegation, where nobody asks", async () => {
    const zoneId = await ownZoneId();
    const { certificate, wanted } = await certificateFor("hub.shadow.local-cloud.test");
    await keep(zoneId, wanted);
    const shadow = await make(zoneType, { name: "shadow.local-cloud.test" });
    const records = shadow.outputs.nameServers;
    await make(recordType, { zoneId, name: "shadow.local-cloud.test", type: "NS", ttl: 60, records });
    await expect(make(validationType, { certificateArn: certificate.id })).rejects.toThrow(/'PENDING_VALIDATION'/);
  });

  it("while its record is in a private zone", async () => {
    const { vpc } = await network(aws);
    const zone = await make(zoneType, { name: "private.local-cloud.test", vpcs: [{ vpcId: vpc.id }] });
    const { certificate, wanted } = await certificateFor("hub.private.local-cloud.test");
    await keep(zone.id, wanted);
    await expect(make(validationType, { certificateArn: certificate.id })).rejects.toThrow(/'PENDING_VALIDATION'/);
  });

  it("and is not validated by the record of another domain", async () => {
    const { certificate } = await certificateFor("one.local-cloud.test");
    await expect(
      make(validationType, { certificateArn: certificate.id, validationRecordFqdns: ["_x.other.local-cloud.test"] }),
    ).rejects.toThrow(/missing one\.local-cloud\.test DNS validation record: _[0-9a-f]{32}\.one\.local-cloud\.test/);
  });
});

describe("a private zone", () => {
  it("is found by its name among the private ones, and by its id", async () => {
    const vpc = await make("aws:ec2/vpc:Vpc", { cidrBlock: "10.9.0.0/16" });
    const zone = await make(zoneType, { name: "corp.acme.science", vpcs: [{ vpcId: vpc.id }] });
    const find = (query: object) => aws.invoke("aws:route53/getZone:getZone", query as never);
    expect(await find({ name: "corp.acme.science", privateZone: true })).toMatchObject({
      zoneId: zone.id,
      privateZone: true,
    });
    expect(await find({ zoneId: zone.id })).toMatchObject({ name: "corp.acme.science", privateZone: true });
    await expect(find({ name: "corp.acme.science", privateZone: false })).rejects.toThrow(/no matching Route 53/);
    await expect(find({ name: "corp.acme.science", zoneId: zone.id })).rejects.toThrow(/conflicts with/);
  });

  it("gets to know more VPCs, each of them once", async () => {
    const [own, other] = await Promise.all(
      ["10.11.0.0/16", "10.12.0.0/16"].map((cidrBlock) => make("aws:ec2/vpc:Vpc", { cidrBlock })),
    );
    const zone = await make(zoneType, { name: "lab.acme.science", vpcs: [{ vpcId: own?.id }] });
    const association = await make(associationType, { zoneId: zone.id, vpcId: other?.id });
    expect(association.id).toBe(`${zone.id}:${other?.id}`);
    await expect(make(associationType, { zoneId: zone.id, vpcId: own?.id })).rejects.toThrow(
      /ConflictingDomainExists: The VPC vpc-\S+ has already been associated/,
    );
    await aws.remove(association);
  });

  it("is no public one", async () => {
    const vpc = await make("aws:ec2/vpc:Vpc", { cidrBlock: "10.13.0.0/16" });
    await expect(make(associationType, { zoneId: await ownZoneId(), vpcId: vpc.id })).rejects.toThrow(
      /PublicZoneVPCAssociation/,
    );
    await expect(make(associationType, { zoneId: "Z0", vpcId: vpc.id })).rejects.toThrow(/NoSuchHostedZone/);
  });
});

describe("records that others keep, as text", () => {
  it("are read as they are printed for people", () =>
    expect(parseRecords("_a.hub.acme.science CNAME _b.acm-validations.aws, x.acme.science CNAME y.test")).toEqual([
      { name: "_a.hub.acme.science", type: "CNAME", value: "_b.acm-validations.aws" },
      { name: "x.acme.science", type: "CNAME", value: "y.test" },
    ]));

  it.each(["hub.acme.science", "a CNAME b c"])("%s is refused with an example", (text) =>
    expect(() => parseRecords(text)).toThrow(/LOCAL_CLOUD_RECORDS has ".*"\. Example: "_a1\.hub/),
  );
});
