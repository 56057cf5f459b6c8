import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SecureHub, stackSettings } from "../../../components";
import { awsAnswers } from "../../support/aws-answers";
import { makeCertificate } from "../../support/certificates";
import { clientSecret, clientSecretOf, stackFile } from "../../support/hub-settings";
import { record } from "../../support/recorded-program";

const auth = { provider: "github", clientId: "Ov23li", clientSecret, allowedOrganizations: ["acme"] };
const complete: Record<string, unknown> = {
  "aws:region": "eu-central-1",
  "jupyterhub-eks:domain": "hub.acme.science",
  "jupyterhub-eks:auth": auth,
  "jupyterhub-eks:cluster": { publicAccessCidrs: ["203.0.113.7/32"] },
};

let environment: NodeJS.ProcessEnv;
beforeEach(() => {
  environment = { ...process.env };
  delete process.env.AWS_REGION;
  delete process.env.AWS_DEFAULT_REGION;
});
afterEach(() => {
  process.env = environment;
  pulumi.runtime.setAllConfig({});
});

/** Sets the configuration as the engine hands it over: objects and lists as JSON. */
function configure(config: Record<string, unknown>, secretKeys = ["jupyterhub-eks:auth"]): void {
  const texts = Object.entries(config).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  pulumi.runtime.setAllConfig(Object.fromEntries(texts));
  process.env.PULUMI_CONFIG_SECRET_KEYS = JSON.stringify(secretKeys);
}

function refusal(): string {
  try {
    stackSettings("jupyterhub-eks");
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

test("reads the keys of the project's namespace and no other", () => {
  configure({ ...complete, "another:domain": "x", "jupyterhub-eks-2:domain": "y" });
  expect(stackSettings("jupyterhub-eks")).toMatchObject({
    domain: "hub.acme.science",
    auth: { clientId: "Ov23li", allowedOrganizations: ["acme"] },
    cluster: { publicAccessCidrs: ["203.0.113.7/32"] },
    network: { zones: 2 },
  });
});

// pulumi-eks leaves the profile out of the kubeconfig that it hands out (`kubeconfigJson`).
test.each(["profile", "accessKey", "assumeRoles"])("credentials that Kubernetes would not see: %s", (setting) => {
  configure({ ...complete, [`aws:${setting}`]: "AKIA-do-not-show" });
  expect(refusal()).toContain(`- aws:${setting} is set: expected credentials in the environment`);
  expect(refusal()).toContain("`export AWS_PROFILE=admin`");
  expect(refusal()).not.toContain("AKIA-do-not-show");
});

describe("a certificate of one's own", () => {
  const own = makeCertificate({ names: ["hub.acme.science"] });
  const other = makeCertificate({ names: ["hub.acme.science"] });
  const https = (pair: object) => ({ ...complete, "jupyterhub-eks:https": { kind: "certificate", ...pair } });
  const secretKeys = ["jupyterhub-eks:auth", "jupyterhub-eks:https"];

  test("is read with its key, which is a secret from the first moment", async () => {
    configure(https(own), secretKeys);
    const settings = stackSettings("jupyterhub-eks").https as { certificate: string; key: pulumi.Output<string> };
    expect(settings.certificate).toBe(own.certificate);
    expect(await pulumi.isSecret(settings.key)).toBe(true);
  });

  test("whose key is that of another one is refused, and neither is shown", () => {
    configure(https({ ...own, key: other.key }), secretKeys);
    expect(refusal()).toContain(
      "- https.key is (hidden): that is the key of another certificate: expected the one that",
    );
    expect(refusal()).not.toContain("PRIVATE KEY");
  });

  test("whose key is plain text is refused, and the key is not shown", () => {
    configure(https(own));
    expect(refusal()).toContain("- https.key is plain text: expected a secret");
    expect(refusal()).not.toContain("PRIVATE KEY");
  });

  test("that holds the key is refused, and not shown", () => {
    configure(https({ ...own, certificate: `${own.certificate}${own.key}` }), secretKeys);
    expect(refusal()).toContain("that holds a private key; put it into https.key, and only certificates here");
    expect(refusal()).not.toContain(own.key.split("\n")[1]);
  });
});

test("an encrypted client secret is a Pulumi secret from the first moment", async () => {
  configure(complete);
  const secret = clientSecretOf(stackSettings("jupyterhub-eks"));
  expect(await pulumi.isSecret(secret)).toBe(true);
  expect(await new Promise((resolve) => secret.apply(resolve))).toBe(clientSecret);
});

test("a client secret in plain text is refused, and not repeated", () => {
  configure(complete, []);
  expect(refusal()).toContain(
    "auth.clientSecret is plain text: expected a secret, for example by `pulumi config set --secret --path auth.clientSecret`",
  );
  expect(refusal()).not.toContain(clientSecret);
});

test.each(["", "   ", "<client-secret>", "changeme"])(
  "an encrypted placeholder is none the better: %j",
  (placeholder) => {
    configure({ ...complete, "jupyterhub-eks:auth": { ...auth, clientSecret: placeholder } });
    expect(refusal().split("\n").slice(1)).toEqual([
      "  - auth.clientSecret is (hidden): that is empty or a placeholder; put the real value by `pulumi config set --secret --path auth.clientSecret`",
    ]);
  },
);

test("a missing region is one problem among the others", () => {
  configure({ "jupyterhub-eks:domain": "<your-domain>", "jupyterhub-eks:auth": auth });
  expect(
    refusal()
      .split("\n")
      .map((line) => line.trim().split(" ").slice(0, 2).join(" ")),
  ).toEqual(["The settings", "- aws:region", "- domain", "- cluster"]);
  expect(refusal()).toContain("for example by `pulumi config set aws:region eu-central-1`");
});

test.each(["AWS_REGION", "AWS_DEFAULT_REGION"])("the region may come from %s", (variable) => {
  const { "aws:region": _, ...withoutRegion } = complete;
  configure(withoutRegion);
  expect(refusal()).toContain("aws:region is missing");
  process.env[variable] = "eu-central-1";
  expect(refusal()).toBe("");
});

test("broken JSON is said to be no object", () => {
  configure({ ...complete, "jupyterhub-eks:network": '{"zones": 2' });
  expect(refusal()).toContain('network is "{\\"zones\\": 2": expected an object');
});

test("nothing of a hub is registered when its settings are refused", async () => {
  configure({ ...complete, "jupyterhub-eks:network": { zones: 1 } });
  let refused: unknown;
  const program = () => {
    try {
      new SecureHub("hub", stackSettings("jupyterhub-eks"));
    } catch (error) {
      refused = error;
    }
    return {};
  };
  const { registrations } = await record(program, { answers: awsAnswers });
  expect(pulumi.RunError.isInstance(refused)).toBe(true);
  expect(registrations.map(({ type }) => type)).toEqual(["pulumi:pulumi:Stack"]);
});

test("the same holds for code that constructs a hub without a stack's configuration", async () => {
  const program = () => {
    expect(() => new SecureHub("hub", { domain: "hub.acme.science" } as never)).toThrow(/auth is missing/);
    return {};
  };
  const { registrations } = await record(program, { answers: awsAnswers });
  expect(registrations.map(({ type }) => type)).toEqual(["pulumi:pulumi:Stack"]);
});

test.each(["dev", "prod"] as const)("Pulumi.%s.yaml is complete but for what only a user knows", (stack) => {
  const file = stackFile(stack);
  expect(file).not.toHaveProperty("domain");
  expect(file).not.toHaveProperty("auth");
  expect(file).not.toHaveProperty("aws:region");
  expect(file.cluster ?? {}).not.toHaveProperty("publicAccessCidrs");
  const namespaced = Object.fromEntries(Object.entries(file).map(([key, value]) => [`jupyterhub-eks:${key}`, value]));
  configure(namespaced);
  const missing = refusal()
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(" ").slice(1, 4).join(" "));
  expect(missing.sort()).toEqual(
    [
      "auth is missing:",
      "aws:region is missing:",
      `cluster${file.cluster ? ".publicAccessCidrs" : ""} is missing:`,
      "domain is missing:",
    ].sort(),
  );
  const cluster = { ...(complete["jupyterhub-eks:cluster"] as object), ...file.cluster };
  configure({ ...namespaced, ...complete, "jupyterhub-eks:cluster": cluster });
  expect(refusal()).toBe("");
});

test("a secret among the extra values keeps all their texts secret, and leaves the rest readable", async () => {
  const extraValues = { hub: { extraEnv: { TOKEN: "canary", LANGUAGE: "de" }, activeServerLimit: 50, args: ["a"] } };
  configure({ ...complete, "jupyterhub-eks:extraValues": extraValues }, [
    "jupyterhub-eks:auth",
    "jupyterhub-eks:extraValues",
  ]);
  const { hub } = stackSettings("jupyterhub-eks").extraValues as {
    hub: { extraEnv: Record<string, unknown>; activeServerLimit: number; args: unknown[] };
  };
  for (const text of [...Object.values(hub.extraEnv), ...hub.args])
    expect(await pulumi.isSecret(text as pulumi.Output<string>)).toBe(true);
  expect(hub.activeServerLimit).toBe(50);
});
