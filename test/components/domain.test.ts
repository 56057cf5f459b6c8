import { expect, test } from "vitest";
import { Domain } from "../../components";
import { awsAnswers } from "../support/aws-answers";
import { record } from "../support/recorded-program";
import { inputsOf } from "../support/wire";

const recorded = () =>
  record(
    () => {
      const { host, zone, certificateArn } = new Domain("hub", {
        host: "hub.acme.science",
        hostedZone: { name: "acme.science" },
      });
      return { host, zone, certificateArn };
    },
    { answers: awsAnswers },
  );

test("the zone is the public one of that name, which exists", async () => {
  const { calls } = await recorded();
  expect(calls).toEqual([
    { token: "aws:route53/getZone:getZone", inputs: { name: "acme.science", privateZone: false } },
  ]);
});

test("the certificate covers the host and the names below it, and is validated by DNS", async () =>
  expect(inputsOf(await recorded(), "aws:acm/certificate:Certificate")).toMatchObject({
    domainName: "hub.acme.science",
    subjectAlternativeNames: ["*.hub.acme.science"],
    validationMethod: "DNS",
  }));

test("the record that ACM asks for is made, and the certificate is offered once it has been seen", async () => {
  const program = await recorded();
  expect(inputsOf(program, "aws:route53/record:Record")).toMatchObject({
    zoneId: "Z0123456789",
    name: "_x.hub.acme.science",
    type: "CNAME",
    records: ["_y.acm"],
    // The same record serves every certificate of the account for this name: one may be there.
    allowOverwrite: true,
  });
  expect(inputsOf(program, "aws:acm/certificateValidation:CertificateValidation")).toMatchObject({
    certificateArn: "arn:aws:acm:eu-central-1:123456789012:certificate/0000",
    validationRecordFqdns: ["_x.hub.acme.science"],
  });
  expect(program.outputs).toEqual({
    host: "hub.acme.science",
    zone: { id: "Z0123456789", name: "acme.science" },
    certificateArn: "arn:aws:acm:eu-central-1:123456789012:certificate/0000",
  });
});
