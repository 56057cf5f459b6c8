import type { ProviderFunction } from "../provider";
import { regionOf, text } from "./service";

/** Reads a secret of AWS Secrets Manager that the account has from the start, by ARN or by name. */
export const getSecretVersion: ProviderFunction = (args, config, { account }) => {
  const region = regionOf(args, config);
  const id = text(args, "secretId");
  const nameOf = (secret: string) => (secret.split(":secret:")[1] ?? secret).replace(/-[A-Za-z0-9]{6}$/, "");
  const isOfRegion = (secret: string) => secret.split(":")[3] === region;
  const found = Object.entries(account.secrets ?? {}).find(
    ([each]) => isOfRegion(each) && (each === id || nameOf(each) === id),
  );
  if (found === undefined)
    throw new Error(
      `reading Secrets Manager Secret Version (${id}|AWSCURRENT): couldn't find resource: ResourceNotFoundException: Secrets Manager can't find the specified secret.`,
    );
  const [secretArn, secretString] = found;
  const versionId = "00000000-0000-4000-8000-000000000001";
  return {
    id: `${id}|AWSCURRENT`,
    region,
    secretId: id,
    arn: secretArn,
    secretArn,
    secretString,
    secretBinary: "",
    versionId,
    versionStage: "AWSCURRENT",
    versionStages: ["AWSCURRENT"],
    createdDate: "2026-11-22T00:00:00Z",
  };
};
