import * as pulumi from "@pulumi/pulumi";
import { afterEach, describe, expect, test, vi } from "vitest";
import { Domain, type DomainArgs } from "../../components";
import { awsAnswers } from "../support/aws-answers";
import { type Answers, record } from "../support/recorded-program";
import { all, inputsOf, madeBefore, only } from "../support/wire";

const getZone = "aws:route53/getZone:getZone";
const recordType = "aws:route53/record:Record";
const certificateType = "aws:acm/certificate:Certificate";
const validationType = "aws:acm/certificateValidation:CertificateValidation";
const requestedArn = "arn:aws:acm:eu-central-1:123456789012:certificate/0000";

const recorded = (args: Partial<DomainArgs> = {}, { preview = false, answers = {} as Answers } = {}) =>
  record(
    () => {
      const { host, zone, certificateArn, records } = new Domain("hub", { host: "hub.acme.science", ...args });
      return { host, zone, certificateArn, records };
    },
    { answers: { ...awsAnswers, ...answers }, preview },
  );

afterEach(() => vi.restoreAllMocks());

describe("an existing public zone", () => {
  test.each<[what: string, hostedZone: DomainArgs["hostedZone"], query: object]>([
    ["is the one named like the host without its first label", undefined, { name: "acme.science", privateZone: false }],
    ["or another one by its name", { name: "science" }, { name: "science", privateZone: false }],
    ["or by its id", { id: "Z1" }, { zoneId: "Z1", privateZone: false }],
    ["or the id that another resource has", { id: pulumi.output("Z1") }, { zoneId: "Z1", privateZone: false }],
  ])("%s", async (_, hostedZone, inputs) =>
    expect((await recorded({ hostedZone })).calls).toEqual([{ token: getZone, inputs }]),
  );

  test("can be the host itself", async () =>
    expect((await recorded({ host: "acme.science", hostedZone: { name: "acme.science" } })).outputs).toMatchObject({
      zone: { id: "Z0123456789", name: "acme.science" },
    }));

  test("that does not exist fails the preview, named", async () => {
    const answers = { [getZone]: () => Promise.reject(new Error("no matching Route 53 Hosted Zone found")) as never };
    await expect(recorded({}, { preview: true, answers })).rejects.toThrow(
      /The public hosted zone acme\.science cannot be used .*hostedZone\.name/s,
    );
  });

  test("that is private fails the preview", async () => {
    const answers = { [getZone]: () => ({ name: "acme.science", zoneId: "Z1", privateZone: true }) };
    await expect(recorded({ hostedZone: { id: "Z1" } }, { preview: true, answers })).rejects.toThrow(
      /The hosted zone acme\.science \(Z1\) is private, but a public one is expected/,
    );
  });

  test("that does not hold the host fails the preview", async () => {
    const answers = { [getZone]: () => ({ name: "acme.org", zoneId: "Z1" }) };
    await expect(recorded({ hostedZone: { id: "Z1" } }, { preview: true, answers })).rejects.toThrow(
      /The hosted zone acme\.org does not hold hub\.acme\.science/,
    );
  });
});

describe("the certificate", () => {
  test("covers the host, and is validated by DNS", async () => {
    const inputs = inputsOf(await recorded(), certificateType);
    expect(inputs).toMatchObject({ domainName: "hub.acme.science", validationMethod: "DNS" });
    expect(inputs).not.toHaveProperty("subjectAlternativeNames");
  });

  test("covers the names below it, where users have sub-domains", async () =>
    expect(inputsOf(await recorded({ subdomains: true }), certificateType)).toMatchObject({
      domainName: "hub.acme.science",
      subjectAlternativeNames: ["*.hub.acme.science"],
    }));

  test("is proved by the record that ACM asks for, and offered once that has been seen", async () => {
    const program = await recorded({ subdomains: true });
    expect(all(program, recordType)).toHaveLength(1);
    expect(inputsOf(program, recordType)).toMatchObject({
      zoneId: "Z0123456789",
      name: "_x.hub.acme.science",
      type: "CNAME",
      records: ["_y.acm"],
      // The same record serves every certificate of the account for this name: one may be there.
      allowOverwrite: true,
    });
    expect(inputsOf(program, validationType)).toMatchObject({
      certificateArn: requestedArn,
      validationRecordFqdns: ["_x.hub.acme.science"],
    });
    expect(program.outputs).toEqual({
      host: "hub.acme.science",
      zone: { id: "Z0123456789", name: "acme.science" },
      certificateArn: requestedArn,
      records: [],
    });
  });

  test("can be one that exists", async () => {
    const arn = "arn:aws:acm:eu-central-1:123456789012:certificate/mine";
    const program = await recorded({ certificate: { kind: "existing", arn } });
    expect([certificateType, validationType, recordType].flatMap((type) => all(program, type))).toEqual([]);
    expect(program.outputs.certificateArn).toBe(arn);
  });

  test("can be somebody else's affair", async () => {
    const program = await recorded({ certificate: { kind: "none" } });
    expect(all(program, certificateType)).toEqual([]);
    expect(program.outputs.certificateArn).toBeUndefined();
  });
});

describe("a child zone", () => {
  const hostedZone = { kind: "child" } as const;

  test("is made for the host, and the zone above delegates to it", async () => {
    const program = await recorded({ hostedZone });
    expect(program.calls).toEqual([{ token: getZone, inputs: { name: "acme.science", privateZone: false } }]);
    expect(inputsOf(program, "aws:route53/zone:Zone")).toMatchObject({ name: "hub.acme.science" });
    expect(inputsOf(program, recordType, "hub-delegation")).toEqual({
      zoneId: "Z0123456789",
      name: "hub.acme.science",
      type: "NS",
      ttl: 300,
      records: ["ns-1.awsdns.com", "ns-2.awsdns.net"],
    });
    expect(program.outputs.zone).toEqual({ id: "Z-hub.acme.science", name: "hub.acme.science" });
  });

  test("holds the validation record, which nobody looks for before the delegation", async () => {
    const program = await recorded({ hostedZone });
    expect(inputsOf(program, recordType, "hub-validation")).toMatchObject({ zoneId: "Z-hub.acme.science" });
    expect(madeBefore(program, only(program, validationType))).toContain(`${recordType} hub-delegation`);
  });

  test("can lie further up, and below a zone by its id", async () => {
    const program = await recorded({
      host: "hub.lab.acme.science",
      hostedZone: { kind: "child", name: "lab.acme.science", parent: { id: "Z9" } },
    });
    expect(program.calls).toEqual([{ token: getZone, inputs: { zoneId: "Z9", privateZone: false } }]);
    expect(inputsOf(program, recordType, "hub-delegation")).toMatchObject({ zoneId: "Z9", name: "lab.acme.science" });
  });

  test("that does not lie below the other zone fails the preview", async () =>
    expect(
      recorded(
        { hostedZone: { kind: "child", parent: { id: "Z9" } } },
        { preview: true, answers: { [getZone]: () => ({ name: "acme.org", zoneId: "Z9" }) } },
      ),
    ).rejects.toThrow(/The zone hub\.acme\.science cannot be made below acme\.org: .*for example acme\.science/));
});

describe("a private zone", () => {
  const hostedZone = { kind: "private" } as const;
  const certificate = { kind: "existing", arn: "arn:aws:acm:eu-central-1:123456789012:certificate/mine" } as const;
  const association = "aws:route53/zoneAssociation:ZoneAssociation";

  test("is looked up among the private ones, and made known to the VPC", async () => {
    const program = await recorded({ hostedZone, certificate, vpcId: "vpc-1" });
    expect(program.calls).toEqual([{ token: getZone, inputs: { name: "acme.science", privateZone: true } }]);
    expect(inputsOf(program, association)).toEqual({ zoneId: "Z0123456789", vpcId: "vpc-1" });
  });

  test("stays as it is where its VPCs are somebody else's", async () =>
    expect(all(await recorded({ hostedZone, certificate }), association)).toEqual([]));

  test("that is public fails the preview", async () =>
    expect(
      recorded(
        { hostedZone, certificate },
        { preview: true, answers: { [getZone]: () => ({ name: "acme.science", zoneId: "Z1", privateZone: false }) } },
      ),
    ).rejects.toThrow(/The hosted zone acme\.science \(Z1\) is public, but a private one is expected/));

  test("gets no certificate from ACM, and nothing is registered", async () =>
    expect(recorded({ hostedZone })).rejects.toThrow(
      /record that proves hub\.acme\.science in public DNS and finds none in a private zone: name a certificate by its ARN/,
    ));
});

describe("a domain that is hosted elsewhere", () => {
  const hostedZone = { kind: "elsewhere" } as const;
  const wanted = {
    name: "_x.hub.acme.science",
    type: "CNAME",
    value: "_y.acm",
    purpose: "proves the domain to ACM, which is waited for up to 30 minutes; keep it for renewals",
  };

  test("has no zone; the record that proves it is an output, and said at once", async () => {
    const info = vi.spyOn(pulumi.log, "info").mockResolvedValue();
    const program = await recorded({ hostedZone });
    expect(program.calls).toEqual([]);
    expect(all(program, recordType)).toEqual([]);
    expect(program.outputs).toEqual({
      host: "hub.acme.science",
      zone: undefined,
      certificateArn: requestedArn,
      records: [wanted],
    });
    expect(info.mock.calls.map(([message]) => message)).toEqual([
      `Create where the domain is hosted: _x.hub.acme.science CNAME _y.acm (${wanted.purpose})`,
    ]);
  });

  test("has nothing to say in a preview", async () => {
    const info = vi.spyOn(pulumi.log, "info").mockResolvedValue();
    await recorded({ hostedZone }, { preview: true });
    expect(info).not.toHaveBeenCalled();
  });

  test("needs no record for a certificate that exists", async () => {
    const arn = "arn:aws:acm:eu-central-1:123456789012:certificate/mine";
    expect((await recorded({ hostedZone, certificate: { kind: "existing", arn } })).outputs.records).toEqual([]);
  });

  test.each([
    [undefined, 30],
    [5, 5],
  ])("waits for its owner, %s minutes as asked: %s", async (validationTimeoutMinutes, minutes) => {
    const program = await recorded({ hostedZone: { kind: "elsewhere", validationTimeoutMinutes } });
    expect(only(program, validationType).createTimeout).toBe(`${minutes}m`);
  });
});
