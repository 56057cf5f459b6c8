import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Properties } from "../../../local-cloud/cloud/wire";
import { kubeconfig } from "./cluster";
import { type Instance, World } from "./world";

const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("the kubernetes stand-in, for what the API server refuses of single kinds", () => {
  let world: World;
  let foreign: Instance;
  beforeAll(async () => {
    world = await World.start();
    foreign = await world.instance("kubernetes", { kubeconfig: kubeconfig("https://cluster.example.internal") });
  });
  afterAll(() => world.end());

  const problemsOf = async (kind: string, inputs: object) =>
    (await foreign.check(`kubernetes:${kind}`, "refused", inputs as Properties)).failures;

  const secret = (inputs: object) => ({ type: "Opaque", ...inputs });
  const policy = (cidr: string, ...except: string[]) => ({
    spec: { podSelector: {}, policyTypes: ["Egress"], egress: [{ to: [{ ipBlock: { cidr, except } }] }] },
  });
  const deployment = (labels: object, container: object) => ({
    spec: {
      selector: { matchLabels: { app: "a" } },
      template: { metadata: { labels }, spec: { containers: [container] } },
    },
  });
  const image = { name: "a", image: "a:1" };

  it.each<[what: string, kind: string, inputs: object, problem: string]>([
    [
      "an annotation that is no text",
      "core/v1:ConfigMap",
      { metadata: { annotations: { a: true } } },
      'metadata.annotations["a"]: expected type string, got boolean',
    ],
    [
      "a Secret that nobody encoded",
      "core/v1:Secret",
      secret({ data: { token: "plain text" } }),
      'data["token"]: illegal base64 data',
    ],
    [
      "a key with a slash",
      "core/v1:Secret",
      secret({ stringData: { "a/b": "c" } }),
      "stringData[\"a/b\"]: a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
    ],
    [
      "a certificate without its key",
      "core/v1:Secret",
      { type: "kubernetes.io/tls", stringData: { "tls.crt": "x" } },
      'data["tls.key"]: Required value',
    ],
    [
      "a login to registries that is no JSON",
      "core/v1:Secret",
      { type: "kubernetes.io/dockerconfigjson", data: { ".dockerconfigjson": base64("{hunter2") } },
      'data[".dockerconfigjson"]: Invalid value: "<secret contents redacted>": invalid character in JSON',
    ],
    [
      "settings that are no text",
      "core/v1:ConfigMap",
      { data: { port: 8000 } },
      'data["port"]: expected type string, got number',
    ],
    [
      "a switch among a StorageClass's parameters",
      "storage.k8s.io/v1:StorageClass",
      { provisioner: "ebs.csi.aws.com", parameters: { encrypted: true } },
      'parameters["encrypted"]: expected type string, got boolean',
    ],
    [
      "volumes that are recycled",
      "storage.k8s.io/v1:StorageClass",
      { provisioner: "ebs.csi.aws.com", reclaimPolicy: "Keep" },
      'reclaimPolicy: Unsupported value: "Keep": supported values: "Delete", "Retain"',
    ],
    [
      "a range that is none",
      "networking.k8s.io/v1:NetworkPolicy",
      policy("10.0.0.0"),
      'spec.egress.*.to.*.ipBlock.cidr: Invalid value: "10.0.0.0": must be a valid CIDR value',
    ],
    [
      "an exception from elsewhere",
      "networking.k8s.io/v1:NetworkPolicy",
      policy("10.0.0.0/8", "192.168.0.0/16"),
      'spec.egress.*.to.*.ipBlock.except: Invalid value: "192.168.0.0/16": must be a strict subset of cidr',
    ],
    [
      "a role that allows nothing",
      "rbac.authorization.k8s.io/v1:Role",
      { rules: [{ apiGroups: [""], resources: ["pods"], verbs: [] }] },
      "rules[0].verbs: Required value: verbs must contain at least one value",
    ],
    [
      "resources of no API group",
      "rbac.authorization.k8s.io/v1:Role",
      { rules: [{ resources: ["pods"], verbs: ["get"] }] },
      "rules[0].apiGroups: Required value: resource rules must supply at least one api group",
    ],
    [
      "a binding of a cluster to a namespace's role",
      "rbac.authorization.k8s.io/v1:ClusterRoleBinding",
      { roleRef: { kind: "Role", name: "a" } },
      'roleRef.kind: Unsupported value: "Role": supported values: "ClusterRole"',
    ],
    [
      "an account of no namespace",
      "rbac.authorization.k8s.io/v1:RoleBinding",
      { roleRef: { kind: "Role", name: "a" }, subjects: [{ kind: "ServiceAccount", name: "hub" }] },
      "subjects[0].namespace: Required value",
    ],
    [
      "a deployment that does not find its pods",
      "apps/v1:Deployment",
      deployment({ app: "b" }, image),
      "spec.template.metadata.labels: `selector` does not match template `labels`",
    ],
    [
      "a container without an image",
      "apps/v1:Deployment",
      deployment({ app: "a" }, { name: "a" }),
      "spec.template.spec.containers[0].image: Required value",
    ],
  ])("refuses %s", async (_what, kind, inputs, problem) => expect(await problemsOf(kind, inputs)).toEqual([problem]));

  it.each<[what: string, kind: string, inputs: object]>([
    [
      "a certificate with its key",
      "core/v1:Secret",
      { type: "kubernetes.io/tls", stringData: { "tls.crt": "x", "tls.key": "y" } },
    ],
    [
      "a login to registries",
      "core/v1:Secret",
      { type: "kubernetes.io/dockerconfigjson", data: { ".dockerconfigjson": base64("{}") } },
    ],
    [
      "everything but private ranges",
      "networking.k8s.io/v1:NetworkPolicy",
      policy("0.0.0.0/0", "10.0.0.0/8", "169.254.169.254/32"),
    ],
    ["a deployment", "apps/v1:Deployment", deployment({ app: "a", more: "b" }, image)],
  ])("takes %s", async (_what, kind, inputs) => expect(await problemsOf(kind, inputs)).toEqual([]));
});
