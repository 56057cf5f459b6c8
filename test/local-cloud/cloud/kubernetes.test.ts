import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isSecret, secret, unknown, valueAt } from "../../../local-cloud/cloud/wire";
import { cluster, kubeconfig, network, nodeGroup } from "./cluster";
import { type Instance, type Made, World } from "./world";

const namespaceType = "kubernetes:core/v1:Namespace";
const configMap = "kubernetes:core/v1:ConfigMap";

describe("the kubernetes stand-in", () => {
  let world: World;
  let foreign: Instance;
  beforeAll(async () => {
    world = await World.start();
    foreign = await world.instance("kubernetes", { kubeconfig: kubeconfig("https://cluster.example.internal") });
  });
  afterAll(() => world.end());

  const named = (name: string, namespace?: string) => ({ metadata: { name, ...(namespace && { namespace }) } });

  it("completes objects: version, kind, namespace, and a name if there is none, which it keeps", async () => {
    const made = await foreign.make(configMap, "settings", { data: { a: "b" } });
    expect(made.inputs).toMatchObject({ apiVersion: "v1", kind: "ConfigMap", metadata: { namespace: "default" } });
    expect(made.id).toMatch(/^default\/settings-[0-9a-f]{8}$/);
    expect((await foreign.diff(made, { data: { a: "c" } })).replaces).toEqual([]);
    expect((await foreign.diff(made, { data: { a: "b" } })).changed).toEqual([]);
  });

  it("are deleted before they are replaced, if they keep the name that the program gave", async () => {
    const type = "kubernetes:storage.k8s.io/v1:StorageClass";
    const gp3 = { provisioner: "ebs.csi.aws.com", parameters: { type: "gp3" } };
    const gp2 = { ...gp3, parameters: { type: "gp2" } };
    const chosen = await foreign.make(type, "fast", { ...named("fast"), ...gp3 });
    const expected = { replaces: ["parameters"], deleteBeforeReplace: true };
    expect(await foreign.diff(chosen, { ...named("fast"), ...gp2 })).toMatchObject(expected);
    const madeUp = await foreign.make(type, "fast", gp3);
    expect(await foreign.diff(madeUp, gp2)).toMatchObject({ ...expected, deleteBeforeReplace: false });
  });

  it("marks what a Secret holds as secret", async () => {
    const made = await foreign.make("kubernetes:core/v1:Secret", "s", { ...named("s"), stringData: { token: "t" } });
    expect(isSecret(made.inputs.stringData) && isSecret(made.outputs.stringData)).toBe(true);
  });

  it.each<[what: string, type: string, inputs: object, words: RegExp]>([
    ["an object in a namespace that is not there", configMap, named("a", "nowhere"), /namespaces "nowhere" not found/],
    [
      "a name in capitals",
      namespaceType,
      named("Hub"),
      /metadata\.name: Invalid value: "Hub": must be a lowercase RFC 1123 label/,
    ],
    ["a name of 64 letters", namespaceType, named("n".repeat(64)), /at most 63/],
    [
      "a Pod Security level that is none",
      namespaceType,
      { metadata: { name: "p", labels: { "pod-security.kubernetes.io/enforce": "strict" } } },
      /must be one of privileged, baseline, restricted/,
    ],
    [
      "a label that is no string",
      namespaceType,
      { metadata: { name: "p", labels: { a: true } } },
      /expected type string, got boolean/,
    ],
    [
      "a StorageClass without a provisioner",
      "kubernetes:storage.k8s.io/v1:StorageClass",
      named("gp3"),
      /provisioner: Required value/,
    ],
    [
      "a kind it does not know",
      "kubernetes:acme.io/v1:Widget",
      named("w"),
      /does not know kubernetes:acme\.io\/v1:Widget/,
    ],
  ])("refuses %s", async (_what, type, inputs, words) => {
    await expect(foreign.make(type, "refused", inputs as never)).rejects.toThrow(words);
  });

  it("refuses a name that is taken, but not in another cluster", async () => {
    await foreign.make(namespaceType, "hub", named("hub"));
    await expect(foreign.make(namespaceType, "again", named("hub"))).rejects.toThrow(/namespaces "hub" already exists/);
    const other = await world.instance("kubernetes", { kubeconfig: kubeconfig("https://other.example.internal") });
    await expect(other.make(namespaceType, "hub", named("hub"))).resolves.toMatchObject({ id: "hub" });
  });

  it("deletes with a namespace all that is in it", async () => {
    const namespace = await foreign.make(namespaceType, "n", named("doomed"));
    const inside = await foreign.make(configMap, "c", named("c", "doomed"));
    await foreign.remove(namespace);
    expect((await foreign.read(configMap, "c", inside.id, inside.outputs)).id).toBe("");
  });

  it("reads back what a program asks for by its id", async () => {
    await foreign.make(configMap, "c", { ...named("readable"), data: { a: "b" } });
    expect((await foreign.read(configMap, "c", "default/readable")).outputs).toMatchObject({ data: { a: "b" } });
    expect((await foreign.read(configMap, "c", "default/nothing")).id).toBe("");
  });

  it("reaches a cluster of this account only while it exists", async () => {
    const address = kubeconfig("https://GONE.gr7.eu-central-1.eks.amazonaws.com");
    const lost = await world.instance("kubernetes", { kubeconfig: address });
    await expect(lost.make(namespaceType, "n", named("n"))).rejects.toThrow(
      /configured Kubernetes cluster is unreachable/,
    );
  });

  it("refuses a kubeconfig without a cluster", async () => {
    expect(await foreign.checkConfig({ kubeconfig: "{}" })).toEqual([
      expect.stringContaining("failed to parse kubeconfig"),
    ]);
    expect(await foreign.checkConfig({ kubeconfig: unknown })).toEqual([]);
  });
});

describe("a Helm release", () => {
  let world: World;
  let kubernetes: Instance;
  beforeAll(async () => {
    world = await World.start();
    kubernetes = await world.instance("kubernetes", { kubeconfig: kubeconfig("https://cluster.example.internal") });
  });
  afterAll(() => world.end());

  const type = "kubernetes:helm.sh/v3:Release";
  const hub = (values: object = {}, more: object = {}) =>
    ({
      name: "hub",
      chart: "jupyterhub",
      version: "4.4.0",
      repositoryOpts: { repo: "https://hub.jupyter.org/helm-chart/" },
      namespace: "jhub",
      createNamespace: true,
      atomic: true,
      values,
      ...more,
    }) as never;
  const asset = (text: string) => ({
    "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17",
    hash: "x",
    text,
  });

  it("merges value files in order, then values, and keeps what is secret", async () => {
    const files = [asset("hub: {a: 1, b: 1, c: 1}\nlist: [1, 2]"), asset("hub: {b: 2, c: 2}\nlist: [3]")];
    const { inputs } = await kubernetes.check(
      type,
      "hub",
      hub({ hub: { c: 3, token: secret("t") } }, { valueYamlFiles: files }),
    );
    expect(inputs.values).toEqual({ hub: { a: 1, b: 2, c: 3, token: secret("t") }, list: [3] });
    expect(inputs.valueYamlFiles).toBeUndefined();
  });

  it.each([
    [undefined, "4.4.0"],
    ["~4.3.0", "4.3.5"],
    ["3.3.8", "3.3.8"],
  ])("resolves the version %s to %s", async (wanted, resolved) => {
    expect((await kubernetes.check(type, "hub", hub({}, { version: wanted ?? null }))).inputs.version).toBe(resolved);
  });

  it("is not looked at while something in it is unknown", async () => {
    const inputs = hub({ hub: { config: unknown } }, { version: "~4.3.0" });
    expect((await kubernetes.check(type, "hub", inputs)).inputs.version).toBe("~4.3.0");
  });

  it("is named by the provider if the program does not, and keeps that name", async () => {
    const made = await kubernetes.make(type, "Hub", hub({}, { name: null, namespace: "auto" }));
    expect(made.id).toMatch(/^auto\/hub-[0-9a-f]{8}$/);
    expect((await kubernetes.diff(made, hub({}, { name: null, namespace: "auto" }))).changed).toEqual([]);
    await kubernetes.remove(made);
  });

  it("knows its status and objects only afterwards", async () => {
    const inputs = hub({}, { namespace: "status" });
    const preview = await kubernetes.preview(type, "hub", inputs);
    expect([preview.status, preview.resourceNames]).toEqual([unknown, unknown]);
    const made = await kubernetes.make(type, "hub", inputs);
    expect(made.outputs.status).toMatchObject({
      status: "deployed",
      revision: 1,
      version: "4.4.0",
      appVersion: "5.5.0",
      namespace: "status",
    });
    const updated = await kubernetes.update(made, hub({ debug: { enabled: true } }, { namespace: "status" }));
    expect(valueAt(updated.outputs, "status.revision")).toBe(2);
    expect((await kubernetes.read("kubernetes:core/v1:Service", "s", "status/proxy-public")).id).toBe(
      "status/proxy-public",
    );
    await kubernetes.remove(updated);
    expect((await kubernetes.read("kubernetes:core/v1:Service", "s", "status/proxy-public")).id).toBe("");
  });

  it.each<[what: string, inputs: () => never, words: RegExp]>([
    [
      "an unknown chart",
      () => hub({}, { chart: "jupyterlab" }),
      /chart "jupyterlab" not found in https:\/\/hub\.jupyter\.org/,
    ],
    [
      "an unknown repository",
      () => hub({}, { repositoryOpts: { repo: "https://charts.example.test" } }),
      /not a valid chart repository/,
    ],
    ["a version that was never published", () => hub({}, { version: "9.9.9" }), /matching 9\.9\.9 not found/],
    [
      "a key that the chart's schema does not know",
      () => hub({ hub: { imagee: {} } }),
      /values don't meet the specifications of the schema\(s\) in the following chart\(s\):\njupyterhub:\n- at '\/hub\/imagee'/,
    ],
    [
      "a value of a wrong type",
      () => hub({ proxy: { service: { annotations: { a: 1 } } } }),
      /at '\/proxy\/service\/annotations\/a'/,
    ],
    ["rbac.enabled", () => hub({ rbac: { enabled: false } }), /NOTES\.txt.*rbac\.enabled is renamed to rbac\.create/],
    [
      "Let's Encrypt without an address",
      () => hub({ proxy: { https: { enabled: true, hosts: ["hub.example.org"] } } }),
      /contactEmail is a required field/,
    ],
    [
      "a metadata server both blocked and allowed",
      () => hub({ singleuser: { networkPolicy: { egressAllowRules: { cloudMetadataServer: true } } } }),
      /contradict each other/,
    ],
    [
      "an environment variable that is a number",
      () => hub({ hub: { extraEnv: { A: 1 } } }),
      /hub\.extraEnv\.A must be a string or a map/,
    ],
    [
      "a certificate that is in no Secret",
      () => hub({ proxy: { https: { enabled: true, type: "secret", secret: { name: "hub-tls" } } } }),
      /timed out waiting for the condition: the pod proxy stays ContainerCreating: .* secret "hub-tls" not found/,
    ],
    [
      "a node port outside the range",
      () => hub({ proxy: { service: { type: "NodePort", nodePorts: { http: 8080 } } } }),
      /nodePort: Invalid value: 8080: provided port is not in the valid range\. The range of valid ports is 30000-32767/,
    ],
    [
      "a namespace that nobody made",
      () => hub({}, { createNamespace: false, namespace: "nowhere" }),
      /namespaces "nowhere" not found/,
    ],
    [
      "Calico's operator without its definitions",
      () =>
        hub(
          {},
          {
            chart: "tigera-operator",
            version: "v3.32.3",
            repositoryOpts: { repo: "https://docs.tigera.io/calico/charts" },
          },
        ),
      /no matches for kind "Installation"/,
    ],
  ])("is refused with %s", async (_what, inputs, words) => {
    await expect(kubernetes.make(type, "refused", inputs())).rejects.toThrow(words);
    expect((await kubernetes.read(type, "refused", "jhub/hub")).id).toBe("");
  });

  it("is refused a name or a node port that another has", async () => {
    const port = { proxy: { service: { type: "NodePort", nodePorts: { http: 30080 } } } };
    const first = await kubernetes.make(type, "first", hub(port, { namespace: "first" }));
    await expect(kubernetes.make(type, "again", hub({}, { namespace: "first" }))).rejects.toThrow(
      /cannot re-use a name that is still in use/,
    );
    await expect(kubernetes.make(type, "second", hub(port, { namespace: "second" }))).rejects.toThrow(
      /provided port is already allocated/,
    );
    await expect(
      kubernetes.update(first, hub({ ...port, debug: { enabled: true } }, { namespace: "first" })),
    ).resolves.toBeDefined();
  });
});

describe("a JupyterHub release on an EKS cluster of this account", () => {
  let world: World;
  let aws: Instance;
  let kubernetes: Instance;
  let subnetIds: string[];
  beforeAll(async () => {
    world = await World.start();
    aws = await world.aws();
    ({ subnetIds } = await network(aws));
    const eks: Made = await cluster(aws, subnetIds);
    kubernetes = await world.instance("kubernetes", { kubeconfig: kubeconfig(eks.outputs.endpoint) });
  });
  afterAll(() => world.end());

  const install = (version = "4.4.0", values = {}) =>
    kubernetes.make("kubernetes:helm.sh/v3:Release", "hub", {
      name: "hub",
      chart: "jupyterhub",
      version,
      repositoryOpts: { repo: "https://hub.jupyter.org/helm-chart/" },
      namespace: "jhub",
      createNamespace: true,
      atomic: true,
      values,
    });

  it("waits in vain until volumes can be made and nodes take its pods", async () => {
    await expect(install()).rejects.toThrow(
      /release hub failed, and has been uninstalled due to atomic being set: timed out waiting for the condition: .*no storage class is set/,
    );
    const annotations = { "storageclass.kubernetes.io/is-default-class": "true" };
    await kubernetes.make("kubernetes:storage.k8s.io/v1:StorageClass", "gp3", {
      metadata: { name: "gp3", annotations },
      provisioner: "ebs.csi.aws.com",
    });
    await expect(install()).rejects.toThrow(/the add-on aws-ebs-csi-driver is not installed/);
    await nodeGroup(aws, subnetIds, { taints: [{ key: "dedicated", value: "user", effect: "NO_SCHEDULE" }] });
    const driver = { clusterName: "hub", addonName: "aws-ebs-csi-driver" };
    await expect(aws.make("aws:eks/addon:Addon", "ebs", driver)).rejects.toThrow(/InsufficientNumberOfReplicas/);
    await nodeGroup(aws, subnetIds, { nodeGroupName: "plain" });
    await aws.make("aws:eks/addon:Addon", "ebs", driver);
    await expect(install()).rejects.toThrow(/ebs-csi-controller-sa has no role with AmazonEBSCSIDriverPolicy/);
    await aws.make("aws:eks/addon:Addon", "agent", { clusterName: "hub", addonName: "eks-pod-identity-agent" });
    const trust = JSON.stringify({
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "pods.eks.amazonaws.com" },
          Action: ["sts:AssumeRole", "sts:TagSession"],
        },
      ],
    });
    const role = await aws.make("aws:iam/role:Role", "ebs", { assumeRolePolicy: trust });
    await aws.make("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "ebs", {
      role: role.id,
      policyArn: "arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy",
    });
    const association = {
      clusterName: "hub",
      namespace: "kube-system",
      serviceAccount: "ebs-csi-controller-sa",
      roleArn: role.outputs.arn ?? null,
    };
    await aws.make("aws:eks/podIdentityAssociation:PodIdentityAssociation", "ebs", association);
    const repository = await aws.make("aws:ecr/repository:Repository", "own", { name: "own" });
    const image = { name: String(repository.outputs.repositoryUrl), tag: "4.4.0" };
    await expect(install("4.4.0", { hub: { image } })).rejects.toThrow(
      /Failed to pull image .*nobody has pushed this image/,
    );
    const gone = { ...image, name: `${image.name}/gone` };
    await expect(install("4.4.0", { proxy: { chp: { image: gone } } })).rejects.toThrow(
      /The repository with name 'own\/gone' does not exist/,
    );
    await expect(install()).resolves.toMatchObject({ id: "jhub/hub" });
  });
});
