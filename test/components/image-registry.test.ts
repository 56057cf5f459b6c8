import { expect, test } from "vitest";
import { ImageRegistry, type ImageRegistryArgs } from "../../components";
import { awsAnswers } from "../support/aws-answers";
import { record } from "../support/recorded-program";
import { inputsOf } from "../support/wire";

const recorded = (args?: ImageRegistryArgs) =>
  record(() => ({ url: new ImageRegistry("images", args).repositoryUrl }), { answers: awsAnswers });
const repository = "aws:ecr/repository:Repository";

test("tags cannot be moved, pushes are scanned, images are encrypted by KMS", async () =>
  expect(inputsOf(await recorded(), repository)).toMatchObject({
    name: "images",
    imageTagMutability: "IMMUTABLE",
    imageScanningConfiguration: { scanOnPush: true },
    encryptionConfigurations: [{ encryptionType: "KMS" }],
  }));

test("a repository that still holds images is not deleted by accident", async () =>
  expect(inputsOf(await recorded(), repository).forceDelete ?? false).toBe(false));

test("nobody else may read it: there is no repository policy", async () => {
  const { registrations } = await recorded();
  expect(registrations.filter(({ type }) => type.endsWith(":RepositoryPolicy"))).toEqual([]);
});

test.each([
  [undefined, 50],
  [{ keepImages: 7 }, 7],
])("old images go away (%j)", async (args, kept) => {
  const { policy } = inputsOf(await recorded(args), "aws:ecr/lifecyclePolicy:LifecyclePolicy");
  const selections = JSON.parse(policy).rules.map(({ selection }: { selection: object }) => selection);
  // "Amazon ECR user guide, Lifecycle policy properties": a rule for tagged images needs a pattern or prefix list.
  expect(selections).toEqual([
    { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 7 },
    { tagStatus: "tagged", tagPatternList: ["*"], countType: "imageCountMoreThan", countNumber: kept },
  ]);
});

test("tells where images are pushed to", async () =>
  expect((await recorded({ repositoryName: "acme/lab" })).outputs).toEqual({
    url: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/acme/lab",
  }));
