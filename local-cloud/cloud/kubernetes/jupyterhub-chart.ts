import { createHash } from "node:crypto";
import { Validator } from "@cfworker/json-schema";
import { mergeHelmValues } from "../../../chart/helm-merge";
import { chartDefaults, chartSchema } from "../../../chart/releases";
import { at, type Found, isMap, type ValueMap } from "../../../chart/values";
import { addOnType, ordinaryNodes, podsMay } from "../aws/eks-facts";
import type { Cloud, CloudObject } from "../cloud";
import type { Subject } from "../resource-type";
import type { Properties, Value } from "../wire";
import { pullFailure } from "./image-pull";

/** Why the JupyterHub chart does not install. */
export interface Failure {
  readonly reason: string;
  /** It shows only after objects were made: Helm waits for them in vain. */
  readonly late?: boolean;
}

const storageClassType = "kubernetes:storage.k8s.io/v1:StorageClass";
const serviceType = "kubernetes:core/v1:Service";

const effectiveValues = (inputs: Properties): ValueMap =>
  mergeHelmValues(chartDefaults(String(inputs.version)).values, (inputs.values ?? {}) as ValueMap);

/** The first thing that keeps the chart from running, in the order in which Helm and the cluster look. */
export function jupyterhubFailure(
  subject: Subject,
  version: string,
  eks: CloudObject | undefined,
): Failure | undefined {
  const values = effectiveValues(subject.inputs);
  const early = jupyterhubRefusal(values, version) ?? nodePortFailure(values, subject);
  if (early !== undefined) return { reason: early };
  const late =
    certificateFailure(values, subject) ??
    (eks &&
      (volumeFailure(values, subject, eks) ??
        nodeFailure(subject, eks) ??
        pullFailure(values, subject.cloud, eks) ??
        loadBalancerFailure(values, subject)));
  return late === undefined ? undefined : { reason: `timed out waiting for the condition: ${late}`, late: true };
}

/** Why the chart does not even render. */
export function jupyterhubRefusal(effective: ValueMap, version: string): string | undefined {
  return schemaFailure(effective, version) ?? templateFailure(effective);
}

function schemaFailure(values: ValueMap, version: string): string | undefined {
  const schema = chartSchema(version);
  if (schema === undefined) return undefined;
  const { errors } = new Validator(schema, "7", false).validate(values);
  // Every level on the way to a fault reports it; the deepest says what it is.
  const deepest = errors.filter(
    ({ instanceLocation: here }) => !errors.some((other) => other.instanceLocation.startsWith(`${here}/`)),
  );
  if (deepest.length === 0) return undefined;
  const lines = deepest.map(({ instanceLocation, error }) => `- at '${instanceLocation.slice(1)}': ${error}`);
  return `values don't meet the specifications of the schema(s) in the following chart(s):\njupyterhub:\n${[...new Set(lines)].join("\n")}\n`;
}

/** What the chart's templates refuse although its schema lets it pass. */
function templateFailure(values: ValueMap): string | undefined {
  const get = (path: string): Found => at(values, path);
  const notes = (message: string) => `execution error at (jupyterhub/templates/NOTES.txt): ${message}`;
  if (get("rbac.enabled") !== undefined) return notes("DEPRECATION: rbac.enabled is renamed to rbac.create");
  if (get("hub.fsGid") !== undefined) return notes("DEPRECATION: hub.fsGid is replaced by hub.podSecurityContext");
  const networkPolicy = get("singleuser.networkPolicy.enabled") === true;
  if (
    networkPolicy &&
    get("singleuser.cloudMetadata.blockWithIptables") === true &&
    get("singleuser.networkPolicy.egressAllowRules.cloudMetadataServer") === true
  ) {
    return notes(
      "singleuser.cloudMetadata.blockWithIptables and singleuser.networkPolicy.egressAllowRules.cloudMetadataServer contradict each other: set one of them to false",
    );
  }
  const https = get("proxy.https.enabled") === true;
  const type = get("proxy.https.type");
  const hosts = get("proxy.https.hosts");
  if (
    https &&
    type === "letsencrypt" &&
    Array.isArray(hosts) &&
    hosts.length > 0 &&
    !get("proxy.https.letsencrypt.contactEmail")
  ) {
    return "execution error at (jupyterhub/templates/proxy/autohttps/configmap.yaml): proxy.https.letsencrypt.contactEmail is a required field";
  }
  if (https && type === "manual" && !(get("proxy.https.manual.key") && get("proxy.https.manual.cert"))) {
    return "execution error at (jupyterhub/templates/proxy/secret.yaml): proxy.https.manual.key and proxy.https.manual.cert are required fields";
  }
  for (const path of ["hub.extraEnv", "singleuser.extraEnv"]) {
    const environment = get(path);
    const wrong = isMap(environment)
      ? Object.entries(environment).find(([, value]) => typeof value !== "string" && !isMap(value))
      : undefined;
    if (wrong && path === "hub.extraEnv")
      return `execution error at (jupyterhub/templates/hub/deployment.yaml): ${path}.${wrong[0]} must be a string or a map`;
  }
  return undefined;
}

function nodePortsOf(values: ValueMap): number[] {
  if (!["NodePort", "LoadBalancer"].includes(String(at(values, "proxy.service.type")))) return [];
  return ["http", "https"].flatMap((port) => {
    const given = at(values, `proxy.service.nodePorts.${port}`);
    return typeof given === "number" ? [given] : [];
  });
}

function nodePortFailure(values: ValueMap, { cloud, scope, id }: Subject): string | undefined {
  const invalid = (port: number, why: string) =>
    `Service "proxy-public" is invalid: spec.ports[0].nodePort: Invalid value: ${port}: ${why}`;
  for (const port of nodePortsOf(values)) {
    if (port < 30000 || port > 32767)
      return invalid(port, "provided port is not in the valid range. The range of valid ports is 30000-32767");
    const others = cloud
      .list(serviceType)
      .filter((service) => service.scope === scope && !service.owner?.endsWith(`#${id}`));
    if (others.some((service) => takenPorts(service).includes(port)))
      return invalid(port, "provided port is already allocated");
  }
  return undefined;
}

function takenPorts(service: CloudObject): Value[] {
  const { ports = [] } = (service.inputs.spec ?? {}) as { ports?: { nodePort?: number }[] };
  return ports.flatMap((port) => port.nodePort ?? []);
}

/** The proxy mounts its certificate before it starts. */
function certificateFailure(values: ValueMap, { inputs, cloud, scope }: Subject): string | undefined {
  if (at(values, "proxy.https.enabled") !== true || at(values, "proxy.https.type") !== "secret") return undefined;
  const name = String(at(values, "proxy.https.secret.name"));
  const secret = cloud.get("kubernetes:core/v1:Secret", scope, `${String(inputs.namespace)}/${name}`);
  return secret === undefined
    ? `the pod proxy stays ContainerCreating: MountVolume.SetUp failed for volume "tls-secret": secret "${name}" not found`
    : undefined;
}

const isDefault = "storageclass.kubernetes.io/is-default-class";

/** The hub's own database lies on a volume, for which a class and its driver have to be there. */
function volumeFailure(values: ValueMap, { cloud, scope }: Subject, eks: CloudObject): string | undefined {
  if (at(values, "hub.db.type") !== "sqlite-pvc") return undefined;
  const pending = (why: string) => `the PersistentVolumeClaim hub-db-dir stays Pending: ${why}`;
  const wanted = at(values, "hub.db.pvc.storageClassName");
  const classes = cloud.list(storageClassType).filter((each) => each.scope === scope);
  const storageClass = classes.find((each) => (wanted ? each.id === wanted : annotation(each, isDefault) === "true"));
  if (storageClass === undefined) {
    return pending(
      wanted
        ? `storageclass.storage.k8s.io "${String(wanted)}" not found`
        : "no persistent volumes available for this claim and no storage class is set",
    );
  }
  if (storageClass.inputs.provisioner !== "ebs.csi.aws.com") return undefined;
  const [driver] = cloud.where(addOnType, eks.scope, { clusterName: eks.id, addonName: "aws-ebs-csi-driver" });
  if (driver === undefined)
    return pending(
      "waiting for a volume to be created by the external provisioner 'ebs.csi.aws.com': the add-on aws-ebs-csi-driver is not installed",
    );
  const may =
    driver.inputs.serviceAccountRoleArn ||
    podsMay(cloud, eks.scope, eks.id, "kube-system", "ebs-csi-controller-sa", /^AmazonEBSCSIDriverPolicy/);
  return may
    ? undefined
    : pending(
        "failed to provision volume: UnauthorizedOperation: ebs-csi-controller-sa has no role with AmazonEBSCSIDriverPolicy",
      );
}

function annotation(object: CloudObject, name: string): Value | undefined {
  const { annotations = {} } = (object.inputs.metadata ?? {}) as { annotations?: Properties };
  return annotations[name];
}

function nodeFailure({ cloud }: { cloud: Cloud }, eks: CloudObject): string | undefined {
  return ordinaryNodes(cloud, eks.scope, eks.id) > 0
    ? undefined
    : "the pods hub and proxy stay Pending: no node without a taint can take them";
}

const serviceAnnotation = "service.beta.kubernetes.io/aws-load-balancer-";

/** What Kubernetes itself leaves alone is made by the controller, where there is one. */
function loadBalancerFailure(values: ValueMap, { cloud, scope }: Subject): string | undefined {
  const annotations = at(values, "proxy.service.annotations");
  const foreign = isMap(annotations) && annotations[`${serviceAnnotation}type`] === "external";
  if (at(values, "proxy.service.type") !== "LoadBalancer" || !foreign) return undefined;
  const controllers = cloud
    .list("kubernetes:helm.sh/v3:Release")
    .filter((each) => each.scope === scope && String(each.inputs.chart).endsWith("aws-load-balancer-controller"));
  return controllers.length > 0
    ? undefined
    : "the service proxy-public has no load balancer: no AWS load balancer controller is in the cluster";
}

/** The host name that AWS gives to the load balancer of a service. */
function serviceHostName(namespace: string): string {
  const digest = createHash("sha256").update(namespace).digest("hex");
  return `k8s-${namespace.replaceAll("-", "").slice(0, 8)}-proxypub-${digest.slice(0, 10)}-${digest.slice(10, 26)}.elb.eu-central-1.amazonaws.com`;
}

/** The objects that others can refer to: the hub's deployments and services. */
export function jupyterhubObjects({ scope, inputs }: CloudObject): CloudObject[] {
  const namespace = String(inputs.namespace);
  const values = "values" in inputs ? effectiveValues(inputs) : chartDefaults(String(inputs.version)).values;
  const type = String(at(values, "proxy.service.type"));
  const object = (token: string, name: string, spec: Properties = {}): CloudObject => ({
    type: `kubernetes:${token}`,
    scope,
    id: `${namespace}/${name}`,
    inputs: { metadata: { name, namespace }, spec },
    computed:
      type === "LoadBalancer" && name === "proxy-public"
        ? { status: { loadBalancer: { ingress: [{ hostname: serviceHostName(namespace) }] } } }
        : {},
  });
  const ports = nodePortsOf(values).map((nodePort) => ({ nodePort, protocol: "TCP" }));
  return [
    object("apps/v1:Deployment", "hub"),
    object("apps/v1:Deployment", "proxy"),
    object("core/v1:Service", "hub"),
    object("core/v1:Service", "proxy-api"),
    object("core/v1:Service", "proxy-public", { type, ports }),
    object("core/v1:Secret", "hub"),
  ];
}
