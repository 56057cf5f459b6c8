import { expect, test } from "vitest";
import { HomeStorage, type HomeStorageArgs } from "../../components";
import { recordInCluster } from "../support/in-cluster";
import { inputsOf } from "../support/wire";

const recorded = (args: HomeStorageArgs = {}) =>
  recordInCluster((provider) => ({ name: new HomeStorage("homes", args, { provider }).storageClassName }));
const storageClass = "kubernetes:storage.k8s.io/v1:StorageClass";

test("the default class makes encrypted volumes where the pod runs, that can grow and outlive their claims", async () => {
  const program = await recorded();
  expect(inputsOf(program, storageClass)).toMatchObject({
    metadata: { name: "homes", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
    provisioner: "ebs.csi.aws.com",
    parameters: { type: "gp3", encrypted: "true" },
    volumeBindingMode: "WaitForFirstConsumer",
    reclaimPolicy: "Retain",
    allowVolumeExpansion: true,
  });
  expect(program.outputs).toEqual({ name: "homes" });
});

test("volumes carry the tags, in the driver's own numbering", async () => {
  const { parameters } = inputsOf(
    await recorded({ storageClassName: "gp3", tags: { team: "data", cost: "42" } }),
    storageClass,
  );
  expect(parameters).toEqual({
    type: "gp3",
    encrypted: "true",
    tagSpecification_1: "team=data",
    tagSpecification_2: "cost=42",
  });
});

test("a class beside the default of a cluster does not want to be one", async () =>
  expect(inputsOf(await recorded({ isDefault: false }), storageClass).metadata.annotations).toEqual({
    "storageclass.kubernetes.io/is-default-class": "false",
  }));
