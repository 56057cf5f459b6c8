import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { parseSettings } from "../../../components/config/parse-settings";
import { posture } from "../../../components/posture";
import { endOf, makeCertificate } from "../../support/certificates";
import { settings } from "../../support/refusals";

const summary = (changes: Record<string, unknown>) => posture(parseSettings(settings(changes)));
const arn = "arn:aws:acm:eu-central-1:123456789012:certificate/0a1b";

describe("the posture says under which name the hub is found", () => {
  test.each([
    [{}, "hub.acme.science in the public zone acme.science"],
    [{ hostedZone: { id: "Z1" } }, "hub.acme.science in the public zone Z1"],
    [{ hostedZone: { id: pulumi.output("Z1") } }, "hub.acme.science in the public zone of another resource"],
    [
      { hostedZone: { kind: "child" } },
      "hub.acme.science in the new public zone hub.acme.science, to which acme.science delegates",
    ],
    [
      { hostedZone: { kind: "private" }, exposure: { kind: "internal" }, https: { certificateArn: arn } },
      "hub.acme.science in the private zone acme.science: known in its VPCs only",
    ],
    [{ hostedZone: { kind: "elsewhere" } }, "hub.acme.science, hosted elsewhere: its owner keeps the records"],
  ])("%j", (changes, words) => expect(summary(changes).domain).toBe(words));
});

describe("the posture says who renews the certificate", () => {
  test.each([
    [{}, "ACM certificate, renewed by AWS as long as its record is in DNS"],
    [
      { hostedZone: { kind: "elsewhere" } },
      "ACM certificate, renewed by AWS as long as its record is in DNS, which its owner sees to",
    ],
    [{ https: { certificateArn: arn } }, `ACM certificate ${arn}: renewed by AWS if AWS issued it, else by its owner`],
    [
      { https: { kind: "letsencrypt", contactEmail: "it@acme.science" } },
      "Let's Encrypt certificate, renewed by the hub",
    ],
    [
      { https: { kind: "letsencrypt", contactEmail: "it@acme.science", server: "staging" } },
      "Let's Encrypt certificate of the staging service, which no browser trusts",
    ],
  ])("%j", (changes, words) => expect(summary(changes).certificate).toBe(words));

  test("and when one's own ends", () => {
    const own = makeCertificate({ names: ["hub.acme.science"], days: 90 });
    const https = { kind: "certificate", certificate: own.certificate, key: pulumi.secret(own.key) };
    expect(summary({ https }).certificate).toBe(
      `certificate of one's own, valid until ${endOf(own)}: renewed by its owner`,
    );
    expect(JSON.stringify(summary({ https }))).not.toContain("PRIVATE KEY");
  });
});
