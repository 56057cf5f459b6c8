import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { openLocalCloud } from "../../local-cloud/session";
import { securityPack } from "../engine/workspace";
import { makeCertificate } from "../support/certificates";
import { deploys, projectOf } from "./variant";

const host = "hub-variant.local-cloud.test";
const recordType = "aws:route53/record:Record";
const own = makeCertificate({ names: [host] });
// The programs read them where they run.
process.env.HUB_CERTIFICATE = own.certificate;
process.env.HUB_KEY = own.key;

deploys([
  {
    name: "a child zone, made and delegated to in one pass",
    settings: { hostedZone: { kind: "child" }, users: { subdomains: true } },
    deployed: ({ inputs, outputs }) => {
      expect(inputs("aws:route53/zone:Zone")).toMatchObject([{ name: host }]);
      const records = inputs(recordType).map(({ name, type }) => `${type} ${name}`);
      expect(records).toEqual(expect.arrayContaining([`NS ${host}`, `A ${host}`, `A *.${host}`]));
      expect(outputs.dnsRecords).toEqual([]);
    },
  },
  {
    name: "a private zone and a certificate by its ARN, for an internal hub",
    program: "private-zone.ts",
    deployed: ({ inputs, outputs }) => {
      expect(inputs("aws:route53/zoneAssociation:ZoneAssociation")).toHaveLength(1);
      expect(inputs("aws:lb/loadBalancer:LoadBalancer")).toMatchObject([{ internal: true }]);
      expect(inputs("aws:acm/certificateValidation:CertificateValidation")).toEqual([]);
      expect(outputs.hubUrl).toBe(`https://${host}/`);
    },
  },
  {
    name: "a certificate of one's own, at the proxy",
    program: "own-certificate.ts",
    deployed: ({ inputs, outputs }) => {
      expect(inputs("kubernetes:core/v1:Secret")).toMatchObject([{ type: "kubernetes.io/tls", immutable: true }]);
      expect(inputs("aws:acm/certificate:Certificate")).toEqual([]);
      expect(outputs.posture).toMatchObject({ certificate: expect.stringContaining("valid until") });
    },
  },
]);

describe("a domain that is hosted elsewhere", () => {
  const home = mkdtempSync(join(tmpdir(), "hub-elsewhere-"));
  const project = projectOf({ domain: "hub.acme.science", hostedZone: { kind: "elsewhere" } }, undefined);
  afterAll(() => {
    delete process.env.LOCAL_CLOUD_RECORDS;
    for (const folder of [home, project]) rmSync(folder, { recursive: true, force: true });
  });

  /** Runs a command in a local cloud of its own, in which others' records are those of the environment. */
  async function pulumi(...args: string[]) {
    const cloud = await openLocalCloud({ projectDir: project, home, log: () => {} });
    try {
      const { code, stdout, stderr } = await cloud.pulumi([...args, "--stack", "variant", "--non-interactive"]);
      return { code, stdout, output: `${stdout}\n${stderr}` };
    } finally {
      await cloud.close();
    }
  }

  const told = /Create where the domain is hosted: (\S+ CNAME \S+) \((proves|leads)/g;

  test("names the records, waits, fails; and once the owner created them, goes on", async () => {
    const waiting = await pulumi("up", "--yes", "--skip-preview", "--policy-pack", securityPack);
    expect(waiting.code).not.toBe(0);
    expect(waiting.output).toContain("last state: 'PENDING_VALIDATION', timeout: 30m0s");
    const proof = [...waiting.output.matchAll(told)].find(([, , purpose]) => purpose === "proves")?.[1] ?? "";
    expect(proof).toMatch(/^_[0-9a-f]{32}\.hub\.acme\.science CNAME _[0-9a-f]{32}\.acm-validations\.aws$/);

    process.env.LOCAL_CLOUD_RECORDS = proof;
    const going = await pulumi("up", "--yes", "--skip-preview", "--policy-pack", securityPack);
    expect(going.output).not.toMatch(/error:/);
    expect(going.code).toBe(0);
    const { dnsRecords, loadBalancerAddress } = JSON.parse((await pulumi("stack", "output", "--json")).stdout);
    expect(dnsRecords).toMatchObject([
      { name: proof.split(" ")[0], type: "CNAME", value: proof.split(" ")[2] },
      { name: "hub.acme.science", type: "CNAME", value: loadBalancerAddress },
    ]);
    expect((await pulumi("up", "--yes", "--skip-preview", "--expect-no-changes")).code).toBe(0);
    expect((await pulumi("destroy", "--yes", "--skip-preview")).code).toBe(0);
  });
});
