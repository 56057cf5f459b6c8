import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseSecrets } from "../../../local-cloud/cloud";
import { type Instance, type Made, World } from "./world";

const poolType = "aws:cognito/userPool:UserPool";
const clientType = "aws:cognito/userPoolClient:UserPoolClient";
const domainType = "aws:cognito/userPoolDomain:UserPoolDomain";
const groupType = "aws:cognito/userGroup:UserGroup";
const secretArn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:hub-login-a1b2c3";

describe("the aws stand-in, for user pools", () => {
  let world: World;
  let aws: Instance;
  let pool: Made;
  beforeAll(async () => {
    world = await World.start({ account: { secrets: { [secretArn]: "the text" } } });
    aws = await world.aws();
    pool = await aws.make(poolType, "people", {});
    await aws.make(domainType, "taken", { userPoolId: pool.id, domain: "acme-hub" });
    await aws.make(groupType, "research", { userPoolId: pool.id, name: "research" });
  });
  afterAll(() => world.end());

  const callbackUrls = ["https://hub.acme.science/hub/oauth_callback"];
  const client = {
    allowedOauthFlowsUserPoolClient: true,
    allowedOauthFlows: ["code"],
    allowedOauthScopes: ["openid"],
    callbackUrls,
  };

  // "Amazon Cognito Developer Guide": user pool domains, app clients, deletion protection, MFA.
  it.each<[what: string, type: string, inputs: object, words: RegExp]>([
    ["a domain with capitals", domainType, { domain: "Acme" }, /no prefix of a domain/],
    ["a domain that ends in a hyphen", domainType, { domain: "acme-" }, /no prefix of a domain/],
    [
      "a domain with a reserved word",
      domainType,
      { domain: "acme-cognito" },
      /Domain cannot contain reserved word: cognito/,
    ],
    ["a second domain of the pool", domainType, { domain: "acme-lab" }, /User pool already has a domain configured/],
    [
      "a way back without TLS",
      clientType,
      { ...client, callbackUrls: ["http://hub.acme.science/"] },
      /cannot use the HTTP protocol/,
    ],
    ["flows without a scope", clientType, { ...client, allowedOauthScopes: [] }, /AllowedOAuthScopes are required/],
    ["a code that leads nowhere", clientType, { ...client, callbackUrls: [] }, /At least one callback URL/],
    ["a scope that is none", clientType, { ...client, allowedOauthScopes: ["groups"] }, /ScopeDoesNotExistException/],
    [
      "a provider that the pool does not have",
      clientType,
      { ...client, supportedIdentityProviders: ["COGNITO", "Google"] },
      /The provider Google does not exist/,
    ],
    ["a group that is there", groupType, { name: "research" }, /GroupExistsException/],
    [
      "a pool that is not there",
      clientType,
      { userPoolId: "eu-central-1_nobody" },
      /User pool eu-central-1_nobody does not exist/,
    ],
    ["a second factor that nobody can have", poolType, { mfaConfiguration: "ON" }, /SMS configuration/],
    ["a short password", poolType, { passwordPolicy: { minimumLength: 5 } }, /in the range \(6 - 99\), got 5/],
  ])("refuses %s", async (_, type, inputs, words) => {
    await expect(aws.make(type, "refused", { userPoolId: pool.id, ...inputs } as never)).rejects.toThrow(words);
  });

  it("refuses a domain that another pool has", async () => {
    const other = await aws.make(poolType, "others", {});
    const taken = aws.make(domainType, "other", { userPoolId: other.id, domain: "acme-hub" });
    await expect(taken).rejects.toThrow(/Domain already associated with another user pool/);
  });

  it("keeps a protected pool, and one with a domain", async () => {
    await expect(aws.remove(pool)).rejects.toThrow(/It has a domain configured that should be deleted first/);
    const kept = await aws.make(poolType, "kept", { deletionProtection: "ACTIVE" });
    await expect(aws.remove(kept)).rejects.toThrow(/deletion protection is activated/);
    await aws.remove(await aws.update(kept, { deletionProtection: "INACTIVE" }));
    await expect(aws.invoke("aws:cognito/getUserPool:getUserPool", { userPoolId: kept.id })).rejects.toThrow(
      /does not exist/,
    );
  });

  it("gives a client its secret, and tells it again to who asks", async () => {
    const made = await aws.make(clientType, "hub", { ...client, userPoolId: pool.id, generateSecret: true });
    const { value } = made.outputs.clientSecret as { value: string };
    const asked = { userPoolId: pool.id, clientId: made.id };
    const found = await aws.invoke("aws:cognito/getUserPoolClient:getUserPoolClient", asked);
    expect(found).toMatchObject({ clientId: made.id, clientSecret: value, callbackUrls });
    expect(value).toMatch(/^[0-9a-f]{52}$/);
    const { domain } = await aws.invoke("aws:cognito/getUserPool:getUserPool", { userPoolId: pool.id });
    expect(domain).toBe("acme-hub");
  });

  it("makes a client without a secret, unless one is asked for", async () => {
    const made = await aws.make(clientType, "public", { userPoolId: pool.id });
    const found = aws.invoke("aws:cognito/getUserPoolClient:getUserPoolClient", {
      userPoolId: pool.id,
      clientId: made.id,
    });
    expect(await found).toMatchObject({ clientSecret: "" });
  });

  const getSecretVersion = "aws:secretsmanager/getSecretVersion:getSecretVersion";

  it("reads what Secrets Manager keeps, in its region", async () => {
    for (const secretId of [secretArn, "hub-login"])
      expect(await aws.invoke(getSecretVersion, { secretId })).toMatchObject({
        secretString: "the text",
        arn: secretArn,
      });
    const elsewhere = await world.aws("eu-west-1");
    await expect(elsewhere.invoke(getSecretVersion, { secretId: secretArn })).rejects.toThrow(
      /can't find the specified secret/,
    );
    await expect(aws.invoke(getSecretVersion, { secretId: "nope" })).rejects.toThrow(/can't find the specified secret/);
  });

  it.each(["{", "[]", '{"hub-login": "x"}', `{"${secretArn}": 7}`])("refuses secrets that it cannot read: %s", (text) =>
    expect(() => parseSecrets(text)).toThrow(/^LOCAL_CLOUD_SECRETS is no JSON object of ARNs and texts/),
  );
});
