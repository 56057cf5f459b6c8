import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { SecureHub } from "../../components";
import { awsAnswers } from "../support/aws-answers";
import { makeCertificate } from "../support/certificates";
import { minimalSettings } from "../support/hub-settings";
import { alarms } from "../support/judged";
import { record } from "../support/recorded-program";

const certificateArn = "arn:aws:acm:eu-central-1:123456789012:certificate/0a1b";
const own = makeCertificate({ names: ["hub.acme.science", "*.hub.acme.science"] });
const https = { kind: "certificate" as const, certificate: own.certificate, key: pulumi.secret(own.key) };

test.each([
  ["a child zone", { hostedZone: { kind: "child" as const } }],
  ["a domain that is hosted elsewhere", { hostedZone: { kind: "elsewhere" as const } }],
  [
    "a private zone",
    { hostedZone: { kind: "private" as const }, exposure: { kind: "internal" as const }, https: { certificateArn } },
  ],
  ["a certificate by its ARN", { https: { certificateArn } }],
  ["a certificate of one's own", { https }],
  ["one of one's own that covers sub-domains", { https, users: { subdomains: true } }],
  // Each is a whole program, recorded and judged.
])(
  "a hub with %s is refused by no control",
  async (_, settings) => {
    const program = await record(() => ({ url: new SecureHub("hub", { ...minimalSettings(), ...settings }).url }), {
      answers: awsAnswers,
    });
    expect(alarms(program)).toEqual([]);
  },
  30_000,
);
