import { expect, test } from "vitest";
import { ImageCache } from "../../components";
import { awsAnswers } from "../support/aws-answers";
import { record } from "../support/recorded-program";
import { all, inputsOf, madeBefore, only } from "../support/wire";

const hub = "quay.io/jupyterhub/k8s-hub-slim";
const pause = "registry.k8s.io/pause";
const traefik = "public.ecr.aws/docker/library/traefik";
const recorded = (images = [hub, pause, traefik]) =>
  record(() => ({ mirrors: new ImageCache("hub", { images }).mirrors }), { answers: awsAnswers });
const repository = "aws:ecr/repository:Repository";
const rule = "aws:ecr/pullThroughCacheRule:PullThroughCacheRule";

test("tells where each published image is found from now on", async () =>
  expect((await recorded()).outputs.mirrors).toEqual({
    [hub]: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/hub/quay/jupyterhub/k8s-hub-slim",
    [pause]: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/hub/k8s/pause",
    [traefik]: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/hub/ecr/docker/library/traefik",
  }));

test("one rule for each registry that is needed", async () => {
  const rules = all(await recorded(), rule).map(({ inputs }) => inputs);
  expect(rules).toEqual([
    { ecrRepositoryPrefix: "hub/quay", upstreamRegistryUrl: "quay.io" },
    { ecrRepositoryPrefix: "hub/k8s", upstreamRegistryUrl: "registry.k8s.io" },
    { ecrRepositoryPrefix: "hub/ecr", upstreamRegistryUrl: "public.ecr.aws" },
  ]);
  expect(all(await recorded([pause]), rule)).toHaveLength(1);
});

test("copies are scanned, encrypted, immutable, and go away with the stack", async () => {
  const program = await recorded();
  expect(all(program, repository)).toHaveLength(3);
  for (const { inputs, name } of all(program, repository)) {
    expect(inputs, name).toMatchObject({
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfigurations: [{ encryptionType: "KMS" }],
      forceDelete: true,
    });
  }
  expect(inputsOf(program, "aws:ecr/lifecyclePolicy:LifecyclePolicy", "hub-k8s-pause").policy).toContain(
    '"countNumber":10',
  );
});

test("the rule is there before its repositories: what it fills is never without it", async () => {
  const program = await recorded([hub]);
  expect(madeBefore(program, only(program, repository))).toContain(`${rule} hub-quay`);
});

// "Amazon ECR API reference, CreatePullThroughCacheRule": a prefix has 2 to 30 characters.
test("prefixes fit for the longest name that a hub can have", async () => {
  const name = "h".repeat(24);
  const program = await record(() => ({ mirrors: new ImageCache(name, { images: [hub, pause, traefik] }).mirrors }), {
    answers: awsAnswers,
  });
  for (const { inputs } of all(program, rule))
    expect(String(inputs.ecrRepositoryPrefix).length).toBeLessThanOrEqual(30);
});

test("registries that want a login are refused", async () =>
  await expect(recorded(["docker.io/library/traefik", hub])).rejects.toThrow(
    "ECR copies from quay.io, registry.k8s.io, public.ecr.aws without a login, not docker.io/library/traefik",
  ));
