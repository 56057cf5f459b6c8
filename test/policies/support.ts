import { describe, expect, test } from "vitest";
import { at, isMap, UNKNOWN, type Value, type ValueMap } from "../../chart/values";
import type { Control, Verdict } from "../../policies/control";
import { type Configuration, type Judgement, judge } from "../../policies/evaluate";
import type { Resource } from "../../policies/evidence/resource";
import { runPack } from "./run-pack";

export { runPack, unknownText, wire } from "./run-pack";
export function resource(
  type: string,
  name: string,
  properties: ValueMap,
  sources: Readonly<Record<string, readonly Resource[]>> = {},
): Resource {
  const propertyDependencies = Object.fromEntries(
    Object.entries(sources).map(([property, made]) => [property, made.map(({ urn }) => urn)]),
  );
  const dependencies = Object.values(propertyDependencies).flat();
  return { type, name, urn: `urn:pulumi:dev::demo::${type}::${name}`, properties, propertyDependencies, dependencies };
}

const releaseType = "kubernetes:helm.sh/v3:Release";

/** A release of the chart as a user writes it. */
export function hub(
  values: Value,
  properties: ValueMap = {},
  sources: Readonly<Record<string, readonly Resource[]>> = {},
): Resource {
  return {
    ...resource(
      releaseType,
      "hub",
      {
        chart: "jupyterhub",
        version: "4.4.0",
        repositoryOpts: { repo: "https://hub.jupyter.org/helm-chart/" },
        namespace: "jhub",
        name: "hub",
        values,
        ...properties,
      },
      sources,
    ),
    providerVersion: "4.34.2",
  };
}

/** A release that has nothing to do with JupyterHub. */
export const otherRelease = resource(releaseType, "web", { chart: "nginx", values: { replicas: 2 } });

/** A hub with traits of KubeSpawner in hub.config, and one with a profile that overrides them. */
export const kubespawner = (traits: Value) => hub({ hub: { config: { KubeSpawner: traits } } });
export const profile = (kubespawner_override: Value) =>
  hub({ singleuser: { profileList: [{ display_name: "p", kubespawner_override }] } });

export const hubOf = (version: string, values: Value = {}) => hub(values, { version });

// ---- parts of a stack --------------------------------------------------------------------------------------------------

export const safeMetadata = { httpTokens: "required", httpPutResponseHopLimit: 1 };

export function launchTemplate(metadataOptions?: Value): Resource {
  const type = "aws:ec2/launchTemplate:LaunchTemplate";
  return resource(type, "nodes", metadataOptions === undefined ? {} : { metadataOptions });
}

/** A node group on a launch template, and the template. */
export function nodes(metadataOptions?: Value): Resource[] {
  const template = launchTemplate(metadataOptions);
  const launch: ValueMap = { launchTemplate: { id: UNKNOWN, version: UNKNOWN } };
  return [template, resource("aws:eks/nodeGroup:NodeGroup", "nodes", launch, { launchTemplate: [template] })];
}

export const bareNodes = resource("aws:eks/nodeGroup:NodeGroup", "bare", {});

export const calico = resource(releaseType, "calico", {
  chart: "tigera-operator",
  repositoryOpts: { repo: "https://docs.tigera.io/calico/charts" },
  values: { installation: { kubernetesProvider: "EKS", cni: { type: "AmazonVPC" } } },
});

export function vpcCni(enableNetworkPolicy: string): Resource {
  const configurationValues = JSON.stringify({ enableNetworkPolicy });
  return resource("aws:eks/addon:Addon", "vpc-cni", { addonName: "vpc-cni", configurationValues });
}

export function cluster(properties: ValueMap = {}): Resource {
  return resource("aws:eks/cluster:Cluster", "cluster", properties);
}

export const securedCluster = cluster({
  vpcConfig: { endpointPrivateAccess: true, endpointPublicAccess: true, publicAccessCidrs: ["203.0.113.7/32"] },
  encryptionConfig: { resources: ["secrets"], provider: { keyArn: UNKNOWN } },
});

export function networkPolicy(spec: Value, namespace: Value = "jhub"): Resource {
  return resource("kubernetes:networking.k8s.io/v1:NetworkPolicy", "extra", { metadata: { namespace }, spec });
}

export const tlsPolicy = "ELBSecurityPolicy-TLS13-1-2-2021-06";

/** A load balancer with one target group on the node port and the given listeners; ARNs are not known yet. */
export function balancer(listeners: readonly ValueMap[], port: Value = 30443, service = "lb"): Resource[] {
  const lb = resource(`aws:${service}/loadBalancer:LoadBalancer`, "lb", {});
  const group = resource(`aws:${service}/targetGroup:TargetGroup`, "hub", { port, protocol: "HTTP" });
  return [
    lb,
    group,
    ...listeners.map((listener, index) =>
      resource(
        `aws:${service}/listener:Listener`,
        `listener-${index}`,
        { loadBalancerArn: UNKNOWN, ...listener },
        { loadBalancerArn: [lb], ...("defaultActions" in listener ? {} : { defaultActions: [group] }) },
      ),
    ),
  ];
}

export const forwarding: ValueMap = { type: "forward", targetGroupArn: UNKNOWN };
export const httpsListener: ValueMap = { port: 443, protocol: "HTTPS", sslPolicy: tlsPolicy };
export const redirectListener: ValueMap = {
  port: 80,
  protocol: "HTTP",
  defaultActions: [{ type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } }],
};

export const github: ValueMap = {
  JupyterHub: { authenticator_class: "github" },
  GitHubOAuthenticator: { allowed_organizations: ["example-org"], client_id: "id", client_secret: UNKNOWN },
};

/** The values that the repository's own hub sends at a first preview. */
const ownValues: ValueMap = {
  proxy: {
    secretToken: UNKNOWN,
    service: { type: "NodePort", nodePorts: { https: 30443 }, disableHttpPort: true },
    https: { enabled: true, type: "offload", hosts: ["hub.acme.science"] },
  },
  hub: {
    cookieSecret: UNKNOWN,
    config: {
      ...github,
      GitHubOAuthenticator: {
        allowed_organizations: ["example-org"],
        client_id: "id",
        client_secret: "made-up",
        oauth_callback_url: "https://hub.acme.science/hub/oauth_callback",
      },
      CryptKeeper: { keys: [UNKNOWN] },
    },
  },
  singleuser: {
    cloudMetadata: { blockWithIptables: false },
    image: { name: "quay.io/example/user", tag: "2026-01-15" },
  },
};

export function randomBytes(name: string, length = 32): Resource {
  return resource("random:index/randomBytes:RandomBytes", name, { length });
}

/** The repository's own deployment as the gate sees it at a first preview. */
export function ownStack(values: ValueMap = ownValues): Resource[] {
  const secrets = [randomBytes("proxy-token"), randomBytes("cookie-secret"), randomBytes("crypt-key")];
  return [
    ...secrets,
    securedCluster,
    vpcCni("false"),
    calico,
    ...nodes(safeMetadata),
    ...balancer([httpsListener, redirectListener]),
    resource("aws:ecr/repository:Repository", "images", {
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
    }),
    hub(values, {}, { values: secrets }),
  ];
}

// ---- judging -----------------------------------------------------------------------------------------------------------

/** A title, the verdict that the documents demand, the stack, and the pack's configuration if any. */
export type Case = readonly [
  title: string,
  verdict: Verdict,
  stack: Resource | readonly Resource[],
  config?: Configuration,
];

/** Runs the cases of a control by the plain evaluation and through CrossGuard; both must agree. */
export function describeControl(control: Control, cases: readonly Case[]): void {
  describe(control.name, () => {
    test.each(cases.map((each) => [...each]))("%s: %s", (_title, verdict, stack, config) => {
      const resources = Array.isArray(stack) ? (stack as Resource[]) : [stack as Resource];
      const judgements = judge(resources, config as Configuration | undefined, [control]);
      const worst = worstOf(judgements.map((judgement) => judgement.verdict));
      expect(worst, judgements.map(({ message }) => message).join("\n")).toBe(verdict);
      expect(crossguardVerdict(control, resources, config as Configuration | undefined)).toBe(
        reported(verdict as Verdict),
      );
      if (resources.some(canBeIncluded) && !ofVersion.includes(control.name)) {
        const around = resources.map((each) => (canBeIncluded(each) ? included(each) : each));
        const inside = judge(around, config as Configuration | undefined, [control]);
        expect(worstOf(inside.map((judgement) => judgement.verdict)), "as part of a larger chart").toBe(verdict);
      }
      for (const judgement of judgements.filter((each) => each.verdict === "fail")) {
        expect(judgement.message).not.toBe("");
        expect(judgement.remediation).not.toBe("");
      }
    });
  });
}

/** Controls about the chart's version, which the larger chart hides. */
const ofVersion = ["chart-version-exact", "chart-version-has-no-known-vulnerability", "image-versions-match-chart"];

/** A plain release of the newest chart, whose values could as well be part of a larger chart's. */
function canBeIncluded({ type, properties, providerVersion }: Resource): boolean {
  const { chart, version, values, repositoryOpts } = properties;
  const plain =
    chart === "jupyterhub" &&
    version === "4.4.0" &&
    at(repositoryOpts, "repo") === "https://hub.jupyter.org/helm-chart/";
  return type === releaseType && plain && providerVersion !== undefined && (isMap(values) || values === UNKNOWN);
}

function included(release: Resource): Resource {
  const { values = null } = release.properties;
  const chart: ValueMap = { chart: "platform", version: "0.1.0", repositoryOpts: {}, values: { jupyterhub: values } };
  return { ...release, properties: { ...release.properties, ...chart } };
}

const byGravity: readonly Verdict[] = ["fail", "unknown", "pass", "notApplicable"];

export function worstOf(verdicts: readonly Verdict[]): Verdict {
  return byGravity.find((verdict) => verdicts.includes(verdict)) ?? "notApplicable";
}

/** What a user sees of a verdict. */
export function reported(verdict: Verdict): string {
  return verdict === "fail" ? "violation" : verdict === "unknown" ? "advisory" : "silence";
}

export function crossguardVerdict(
  control: Control,
  resources: readonly Resource[],
  config: Configuration = {},
): string {
  const diagnostics = runPack([control], resources, config);
  if (diagnostics.some(({ level }) => level === undefined)) return "violation";
  return diagnostics.length > 0 ? "advisory" : "silence";
}

export function judgementOf(control: Control, resources: readonly Resource[], config?: Configuration): Judgement {
  const [first] = judge(resources, config, [control]);
  if (!first) throw new Error(`${control.name} judged nothing`);
  return first;
}
