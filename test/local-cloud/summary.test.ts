import { describe, expect, it } from "vitest";
import { proof, summary } from "../../local-cloud/summary";

const release = "urn:pulumi:dev::p::kubernetes:helm.sh/v3:Release::hub";
const calico = "urn:pulumi:dev::p::kubernetes:helm.sh/v3:Release::calico";

describe("the table of proven controls", () => {
  it("has a line for every verdict, and none for what a control does not apply to", () => {
    const lines = proof([
      { control: "rbac-enabled", verdict: "notApplicable", resource: calico },
      { control: "rbac-enabled", verdict: "pass", resource: release },
      { control: "https-effective", verdict: "fail", resource: release },
      { control: "images-pinned", verdict: "unknown", resource: release },
      { control: "cluster-secrets-encrypted", verdict: "notApplicable", resource: release },
    ]);
    expect(lines).toEqual([
      "CONTROL          VERDICT  RESOURCE",
      "rbac-enabled     pass     Release hub",
      "https-effective  fail     Release hub",
      "images-pinned    unknown  Release hub",
      "",
      "3 controls, 3 verdicts: 1 pass, 1 fail, 1 unknown",
      "Nothing to judge for cluster-secrets-encrypted",
    ]);
  });

  it("says where a failure is accepted", () => {
    const exemption = { resource: "hub", reason: "a test", expires: "2099-01-01" };
    const lines = proof([{ control: "rbac-enabled", verdict: "fail", resource: release, exemption }]);
    expect(lines[1]).toContain("fail, exempted");
  });
});

describe("the summary", () => {
  it("names the hub, and says that it is simulated", () => {
    const stack = { urn: "urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev", type: "pulumi:pulumi:Stack" };
    const text = summary(
      JSON.stringify({
        deployment: { resources: [{ ...stack, outputs: { hubUrl: "https://hub.local-cloud.test/" } }] },
      }),
    );
    expect(text).toContain("Hub: https://hub.local-cloud.test/\n     (simulated: nothing answers there)");
  });
});
