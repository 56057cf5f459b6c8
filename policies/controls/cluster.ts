import { type Found, isList, own, UNKNOWN, type Value, type ValueMap } from "../../chart/values";
import { type Control, describe, type Finding, fail, pass, unknown } from "../control";
import { isTooWide, parseNetwork } from "../evidence/addresses";
import { isOff } from "../evidence/aws";
import type { ExampleResource } from "../example";

const clusterTypes = ["aws:eks/cluster:Cluster"];

const cluster = (properties: ValueMap): ExampleResource => ({ type: "aws:eks/cluster:Cluster", properties });

export const clusterEndpointRestricted: Control = {
  name: "cluster-endpoint-restricted",
  title: "The cluster's API endpoint is not open to the whole internet",
  reference: ["EKS-01"],
  severity: "critical",
  pack: "security",
  why: "an API endpoint that everybody reaches turns one leaked credential or one flaw into the whole cluster",
  source: "Amazon EKS Best Practices, Security: limit access to the cluster endpoint (CIS EKS 5.4.1, 5.4.2)",
  remediation:
    'set vpcConfig.publicAccessCidrs to the networks that administer the cluster, for example ["203.0.113.7/32"], or vpcConfig.endpointPublicAccess: false',
  types: clusterTypes,
  scope: "resource",
  examples: [
    {
      title: "named networks",
      verdict: "pass",
      resources: [cluster({ vpcConfig: { publicAccessCidrs: ["203.0.113.7/32"] } })],
    },
    {
      title: "from the VPC only",
      verdict: "pass",
      resources: [cluster({ vpcConfig: { endpointPrivateAccess: true, endpointPublicAccess: false } })],
    },
    { title: "what EKS does by default", verdict: "fail", resources: [cluster({})] },
    { title: "everybody", verdict: "fail", resources: [cluster({ vpcConfig: { publicAccessCidrs: ["0.0.0.0/0"] } })] },
    {
      title: "everybody in two halves",
      verdict: "fail",
      resources: [cluster({ vpcConfig: { publicAccessCidrs: ["0.0.0.0/1", "128.0.0.0/1"] } })],
    },
    {
      title: "everybody by IPv6",
      verdict: "fail",
      resources: [cluster({ vpcConfig: { publicAccessCidrs: ["203.0.113.7/32", "::/0"] } })],
    },
    {
      title: "an empty list, which means everybody",
      verdict: "fail",
      resources: [cluster({ vpcConfig: { publicAccessCidrs: [] } })],
    },
    {
      title: "not known yet",
      verdict: "unknown",
      resources: [cluster({ vpcConfig: { publicAccessCidrs: UNKNOWN } })],
    },
    { title: "no cluster", verdict: "notApplicable", values: {} },
  ],
  evaluate: (cluster) => {
    const network = own(cluster.properties, "vpcConfig");
    const open = own(network, "endpointPublicAccess");
    if (isOff(open) === true) return pass("vpcConfig.endpointPublicAccess", "false");
    const finding = judgeCidrs(own(network, "publicAccessCidrs"));
    const undecided = isOff(open) === UNKNOWN && finding.verdict === "fail";
    return undecided
      ? unknown("vpcConfig.endpointPublicAccess", describe(open), "false, or named networks only")
      : finding;
  },
};

/** Absent, null and empty all mean the whole internet. */
function judgeCidrs(cidrs: Found): Finding {
  const path = "vpcConfig.publicAccessCidrs";
  const expected = "a list of the networks that may reach the API";
  if (cidrs === UNKNOWN) return unknown(path, describe(cidrs), expected);
  if (!isList(cidrs)) return fail(path, describe(cidrs), expected);
  if (cidrs.length === 0) return fail(path, "an empty list, which means the whole internet", expected);
  const wide = cidrs.findIndex((cidr) => typeof cidr === "string" && isTooWide(cidr));
  if (wide >= 0) return fail(`${path}[${wide}]`, `${String(cidrs[wide])}, which is no named network`, expected);
  const unreadable = cidrs.findIndex((cidr: Value) => typeof cidr !== "string" || !parseNetwork(cidr));
  if (unreadable < 0) return pass(path, `${cidrs.length} named network${cidrs.length === 1 ? "" : "s"}`);
  const finding = cidrs[unreadable] === UNKNOWN ? unknown : fail;
  return finding(`${path}[${unreadable}]`, describe(cidrs[unreadable]), "a network such as 203.0.113.7/32");
}

export const clusterSecretsEncrypted: Control = {
  name: "cluster-secrets-encrypted",
  title: "Kubernetes secrets are encrypted with the deployment's own KMS key",
  reference: ["EKS-03", "SEC-08"],
  severity: "medium",
  pack: "security",
  why: "a Kubernetes secret is only base64; an own key makes every reading of the stored data visible and revocable",
  source: "Amazon EKS Best Practices, Security: data encryption and secrets management (CIS EKS 5.3.1)",
  remediation: 'set encryptionConfig: { resources: ["secrets"], provider: { keyArn: <ARN of the KMS key> } }',
  types: clusterTypes,
  scope: "resource",
  examples: [
    {
      title: "a key of one's own",
      verdict: "pass",
      resources: [cluster({ encryptionConfig: { resources: ["secrets"], provider: { keyArn: UNKNOWN } } })],
    },
    { title: "nothing said", verdict: "fail", resources: [cluster({})] },
    {
      title: "a key for nothing",
      verdict: "fail",
      resources: [cluster({ encryptionConfig: { resources: [], provider: { keyArn: UNKNOWN } } })],
    },
    {
      title: "no key",
      verdict: "fail",
      resources: [cluster({ encryptionConfig: { resources: ["secrets"], provider: {} } })],
    },
    { title: "not known yet", verdict: "unknown", resources: [cluster({ encryptionConfig: UNKNOWN })] },
    { title: "no cluster", verdict: "notApplicable", values: {} },
  ],
  evaluate: (cluster) => {
    const config = own(cluster.properties, "encryptionConfig");
    const resources = own(config, "resources");
    // The ARN is rarely known at a first preview; that one is given is enough.
    const key = own(own(config, "provider"), "keyArn");
    const hasKey = key === UNKNOWN || (typeof key === "string" && key !== "");
    if (config === UNKNOWN) return unknown("encryptionConfig", describe(config), "a KMS key for secrets");
    if (!hasKey) return fail("encryptionConfig.provider.keyArn", describe(key), "the ARN of a KMS key");
    const path = "encryptionConfig.resources";
    if (isList(resources) && resources.includes("secrets")) return pass(path, "secrets, with a KMS key");
    const open = resources === UNKNOWN || (isList(resources) && resources.includes(UNKNOWN));
    return open
      ? unknown(path, describe(resources), 'a list with "secrets"')
      : fail(path, `${describe(resources)} without "secrets"`, 'a list with "secrets"');
  },
};
