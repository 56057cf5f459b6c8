import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { SecureHub } from "../../components";
import { awsAnswers } from "../support/aws-answers";
import { byKubeconfig } from "../support/existing-parts";
import { record } from "../support/recorded-program";
import { remembered } from "../support/remembered";
import { all, inputsOf, madeBefore, only } from "../support/wire";

const hostName = "k8s-proxypublic.elb.eu-central-1.amazonaws.com";
const release = "kubernetes:helm.sh/v3:Release";
const answers = {
  ...awsAnswers,
  [release]: ({ namespace }: Record<string, unknown>) => ({ status: { namespace } }),
  "kubernetes:core/v1:Service": () => ({ status: { loadBalancer: { ingress: [{ hostname: hostName }] } } }),
};
const recorded = remembered((https: { certificateArn?: string } = {}) =>
  record(
    () => {
      const { loadBalancerAddress } = new SecureHub("hub", {
        ...byKubeconfig(),
        cluster: { kind: "kubeconfig", kubeconfig: pulumi.secret("{}") },
        https: { loadBalancer: "nlb", ...https },
        exposure: { managedBy: "service" },
      });
      return { loadBalancerAddress };
    },
    { answers },
  ),
);

test("no load balancer is made here; the hub's name leads to the one of the chart's service", async () => {
  const program = await recorded();
  expect(all(program, "aws:lb/loadBalancer:LoadBalancer")).toEqual([]);
  expect(inputsOf(program, "aws:route53/record:Record", "hub").aliases).toEqual([
    { name: hostName, zoneId: "Z3F0SRJ5LGBH90", evaluateTargetHealth: false },
  ]);
  expect(program.outputs).toEqual({ loadBalancerAddress: hostName });
});

test("the hub comes after its certificate, and waits for no record", async () => {
  const program = await recorded();
  expect(madeBefore(program, only(program, release, "hub"))).not.toContain("aws:route53/record:Record hub");
  expect(madeBefore(program, only(program, release, "hub"))).toContain(
    "aws:acm/certificateValidation:CertificateValidation hub",
  );
});

test("a certificate of another region is refused with both regions named", async () => {
  const certificateArn = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-90ab-cdef-1234-567890abcdef";
  await expect(recorded({ certificateArn })).rejects.toThrow(
    `The certificate ${certificateArn} lies in us-east-1, the load balancer in eu-central-1`,
  );
});
