import { expect, test } from "vitest";
import { ClusterAddons } from "../../components";
import { awsAnswers } from "../support/aws-answers";
import { record } from "../support/recorded-program";
import { all, inputsOf, madeBefore, only } from "../support/wire";

const addon = "aws:eks/addon:Addon";
const recorded = () =>
  record(() => ({ urn: new ClusterAddons("lab", { cluster: { clusterName: "mine", version: "1.35" } }).urn }), {
    answers: awsAnswers,
  });

test("brings CoreDNS and the EBS CSI driver to any cluster, pinned", async () => {
  const program = await recorded();
  expect(
    all(program, addon)
      .map(({ inputs }) => [inputs.clusterName, inputs.addonName])
      .sort(),
  ).toEqual([
    ["mine", "aws-ebs-csi-driver"],
    ["mine", "coredns"],
  ]);
  for (const { inputs } of all(program, addon)) expect(inputs.addonVersion).toMatch(/^v\d+\.\d+\.\d+-eksbuild\.\d+$/);
});

// "Amazon EKS API reference, CreateAddon": with NONE, creation fails where a self-managed add-on differs; EKS makes one of CoreDNS.
test("add-ons replace what EKS put into the cluster by itself", async () => {
  for (const { inputs } of all(await recorded(), addon))
    expect(inputs).toMatchObject({ resolveConflictsOnCreate: "OVERWRITE", resolveConflictsOnUpdate: "OVERWRITE" });
});

test("the driver is told its region, because pods cannot ask the instance metadata", async () =>
  expect(JSON.parse(inputsOf(await recorded(), addon, "lab-ebs-csi").configurationValues)).toEqual({
    controller: { region: "eu-central-1" },
  }));

test("the driver has a role of its own before it starts", async () => {
  const program = await recorded();
  expect(inputsOf(program, "aws:eks/podIdentityAssociation:PodIdentityAssociation")).toMatchObject({
    clusterName: "mine",
    namespace: "kube-system",
    serviceAccount: "ebs-csi-controller-sa",
    roleArn: "arn:aws:iam::123456789012:role/lab-ebs-csi",
  });
  expect(inputsOf(program, "aws:iam/rolePolicyAttachment:RolePolicyAttachment").policyArn).toBe(
    "arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy",
  );
  const before = madeBefore(program, only(program, addon, "lab-ebs-csi"));
  expect(before).toContain("aws:eks/podIdentityAssociation:PodIdentityAssociation lab-ebs-csi");
  expect(before).toContain("aws:iam/rolePolicyAttachment:RolePolicyAttachment lab-ebs-csi-AmazonEBSCSIDriverPolicy");
});
