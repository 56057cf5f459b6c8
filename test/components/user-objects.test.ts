import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { JupyterHub, type JupyterHubArgs } from "../../components";
import { hubSettings } from "../support/hub-settings";
import { recordInCluster } from "../support/in-cluster";
import { all, inputsOf, madeBefore, only, open, readableText } from "../support/wire";

const release = "kubernetes:helm.sh/v3:Release";

describe("what its users need in the namespace", () => {
  const withUsers = (changes: Partial<JupyterHubArgs>) =>
    recordInCluster((provider) => ({
      url: new JupyterHub("hub", { ...hubSettings(), namespace: "lab", ...changes }, { provider }).url,
    }));
  const account = "kubernetes:core/v1:ServiceAccount";
  const secret = "kubernetes:core/v1:Secret";

  test("nothing by default", async () => {
    const program = await withUsers({});
    expect([...all(program, account), ...all(program, secret)]).toEqual([]);
  });

  test("a service account for AWS, whose token is mounted nowhere", async () => {
    const program = await withUsers({ isolation: { serviceAccountName: "user-server" } });
    expect(inputsOf(program, account)).toMatchObject({
      metadata: { name: "user-server", namespace: "lab" },
      automountServiceAccountToken: false,
    });
    expect(madeBefore(program, only(program, release))).toContain(`${account} hub-users`);
  });

  test.each([
    ["registry.acme.science", "registry.acme.science"],
    ["docker.io", "https://index.docker.io/v1/"],
  ])("the login for %s, kept secret", async (registry, server) => {
    const password = pulumi.secret("canary-password");
    const program = await withUsers({
      images: { pullSecret: { kind: "create", registry, username: "hub", password } },
    });
    const { inputs } = only(program, secret);
    expect(inputs).toMatchObject({
      type: "kubernetes.io/dockerconfigjson",
      metadata: { name: "image-pull", namespace: "lab" },
    });
    expect(readableText(inputs).join()).not.toContain("canary-password");
    const [config] = Object.values(open(inputs).stringData) as [string];
    expect(JSON.parse(config)).toEqual({
      auths: { [server]: { username: "hub", password: "canary-password", auth: "aHViOmNhbmFyeS1wYXNzd29yZA==" } },
    });
    expect(open(only(program, release).inputs).values.imagePullSecrets).toEqual([{ name: "image-pull" }]);
    expect(madeBefore(program, only(program, release))).toContain(`${secret} hub-image-pull`);
  });

  test("no second secret where one is there", async () => {
    const program = await withUsers({ images: { pullSecret: { kind: "existing", name: "acme" } } });
    expect(all(program, secret)).toEqual([]);
    expect(open(only(program, release).inputs).values.imagePullSecrets).toEqual([{ name: "acme" }]);
  });
});
