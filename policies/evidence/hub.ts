import { deletesDefault, mergeHelmValues, stripNulls } from "../../chart/helm-merge";
import { profilesByGroup } from "../../chart/profiles-by-group";
import { chartDefaults, defaultChartVersion } from "../../chart/releases";
import { all, any, type Truth } from "../../chart/three-valued";
import { at, type Found, isList, isMap, own, UNKNOWN, type Unknown, type ValueMap } from "../../chart/values";
import { compareMain, parse, type SemVer } from "../../chart/version";
import { type Context, type Finding, gravest, notApplicable, unknown } from "../control";
import { chartIdentity } from "./chart-identity";
import { withExistingSecret } from "./existing-secret";
import { nestedHubs } from "./nesting";
import { hubType, memoise, type Resource } from "./resource";
import { is, isTruthy } from "./truth";

/** Types of the resources that controls of hubs judge. */
export const hubTypes: readonly string[] = [hubType];

/** Inputs of a release beside its values; a path of these does not count from the root of the values. */
export const releaseInputs: readonly string[] =
  "atomic chart cleanupOnFail devel name namespace repositoryOpts values version".split(" ");

/** A JupyterHub deployed by the chart of zero-to-jupyterhub-k8s. */
export interface Hub {
  readonly resource: Resource;
  /** The chart's default values for this version with the given values merged in. */
  readonly values: ValueMap;
  readonly version: SemVer | Unknown;
  /** Whether behaviour that came with a chart version is there; an unknown version counts as the newest. */
  since(version: string): boolean;
  readonly namespace: Found;
  /** Name of the Helm release, which pods carry as a label. */
  readonly releaseName: Found;
  /** The Secret that `hub.existingSecret` names, where the stack shows it; the values are then laid under its own. */
  readonly existingSecret?: Resource;
  /** What limits the judgement, to be told with every finding. */
  readonly note: string;
}

type Recognised =
  /** Several when it is open which of them will be deployed. */
  | { readonly kind: "hub"; readonly hubs: readonly Hub[] }
  | { readonly kind: "unsupported"; readonly path: string; readonly reason: string }
  | { readonly kind: "other" };

/**
 * Makes the `evaluate` of a control that judges hubs. Resources that are no hub are not applicable; a chart that only shares
 * the name is never passed; where two readings of the values are possible the worse one counts.
 */
export function onHub(judge: (hub: Hub, context: Context) => Finding | readonly Finding[]) {
  return (resource: Resource, context: Context): readonly Finding[] => {
    const recognised = recognise(resource);
    if (recognised.kind === "other") return [notApplicable("this release does not deploy JupyterHub")];
    if (recognised.kind === "unsupported") {
      const expected = "the chart jupyterhub of https://hub.jupyter.org/helm-chart/, released by itself";
      return [unknown(recognised.path, recognised.reason, expected)];
    }
    return gravest(
      recognised.hubs.flatMap((hub) =>
        gravest(judge(withExistingSecret(hub, context.stack) ?? hub, context)).map((finding) =>
          hub.note && finding.verdict !== "notApplicable"
            ? { ...finding, found: `${finding.found} (${hub.note})` }
            : finding,
        ),
      ),
    );
  };
}

/**
 * As {@link onHub}, for controls that judge settings of the hub's own process. A Secret named by `hub.existingSecret` is laid
 * over them; where the stack does not show it, what is wrong without it stays wrong, but nothing passes on sight of the values alone.
 */
export function onHubProcess(judge: (hub: Hub, context: Context) => Finding | readonly Finding[]) {
  return onHub((hub, context) => {
    const findings = gravest(judge(hub, context));
    const secret = at(hub.values, "hub.existingSecret");
    if (findings[0]?.verdict !== "pass" || secret === undefined || secret === null || secret === "") return findings;
    if (withExistingSecret(hub, context.stack)) return findings;
    return unknown(
      "hub.existingSecret",
      "a Secret that overrides the hub's settings, and that cannot be read here",
      "these settings in the release's own values",
      "give the settings by the release's values (secret ones as Pulumi secrets) and leave hub.existingSecret unset",
    );
  });
}

/** Whether a hub takes settings from a Secret, which only the complete stack can show. */
export function namesExistingSecret(resource: Resource): boolean {
  const recognised = recognise(resource);
  return (
    recognised.kind === "hub" &&
    recognised.hubs.some(({ values }) => typeof at(values, "hub.existingSecret") === "string")
  );
}

/** Says whether a resource deploys the chart, and with which effective values; computed once per resource. */
export const recognise: (resource: Resource) => Recognised = memoise((resource) => {
  if (!hubTypes.includes(resource.type)) return { kind: "other" };
  const given = own(resource.properties, "values") ?? {};
  switch (chartIdentity(resource, given)) {
    case "other":
      return { kind: "other" };
    case "wrapper":
      // Hubs whose values are shown are judged by themselves; those that are left here are switched off.
      return nestedHubs(given).length > 0
        ? { kind: "other" }
        : { kind: "unsupported", path: "values", reason: "a chart that brings JupyterHub with values of its own" };
    case "foreign":
      return { kind: "unsupported", path: "chart", reason: "another chart that is also called jupyterhub" };
    case "undecided":
      return { kind: "unsupported", path: "chart", reason: "a chart that nothing identifies as Project Jupyter's" };
    case "z2jh":
      return { kind: "hub", hubs: readings(resource, given) };
  }
});

// ---- effective values --------------------------------------------------------------------------------------------------

function readings(resource: Resource, given: Found): Hub[] {
  const asked = own(resource.properties, "version") ?? versionInName(own(resource.properties, "chart"));
  const version = typeof asked === "string" ? (parse(asked) ?? UNKNOWN) : UNKNOWN;
  const defaults = chartDefaults(version === UNKNOWN ? defaultChartVersion : version.version);
  const notes = defaults.exact && version !== UNKNOWN ? [] : [defaultsNote(version, defaults.release.chart)];
  const hub = (values: ValueMap): Hub => ({
    resource,
    values,
    version,
    since: (other) => version === UNKNOWN || compareMain(version, other) >= 0,
    namespace: own(resource.properties, "namespace"),
    releaseName: own(resource.properties, "name"),
    note: notes.join("; "),
  });
  if (!isMap(given)) return [hub(allUnknown(defaults.values))];
  const merged = hub(mergeHelmValues(defaults.values, given));
  if (!deletesDefault(defaults.values, given) || nullsReachHelm(resource) === true) return asChartReads(merged);
  const stripped = hub(mergeHelmValues(defaults.values, stripNulls(given)));
  return nullsReachHelm(resource) === false ? asChartReads(stripped) : [merged, stripped].flatMap(asChartReads);
}

/** Charts before 0.11 do not read `hub.config`: nothing good comes of it there, and what is bad in it is a mistake all the same. */
function asChartReads(hub: Hub): Hub[] {
  const section = own(hub.values, "hub");
  if (hub.since("0.11.0") || !isMap(section) || section.config === undefined) return [hub];
  const { config: _unread, ...read } = section;
  const note = [hub.note, "charts before 0.11 do not read hub.config"].filter((text) => text !== "").join("; ");
  return [hub, { ...hub, values: { ...hub.values, hub: read }, note }];
}

/** A packaged chart (jupyterhub-4.4.0.tgz) or a tag (oci://.../jupyterhub:4.4.0) carries the version in its name. */
function versionInName(chart: Found): string | undefined {
  return typeof chart === "string"
    ? /jupyterhub(?:-(?=.*\.tgz$)|:)(.+?)(?:\.tgz)?$/i.exec(chart.trim())?.[1]
    : undefined;
}

function defaultsNote(version: SemVer | Unknown, standIn: string): string {
  const asked =
    version === UNKNOWN ? "the chart version is not known" : `chart ${version.version} is not among the known releases`;
  return `${asked}; judged with the defaults of ${standIn}`;
}

/** The values cannot be read as a map: a whole that is unknown, encrypted, or of a wrong type. */
function allUnknown(defaults: ValueMap): ValueMap {
  return Object.fromEntries([...Object.keys(defaults), "auth"].map((key) => [key, UNKNOWN]));
}

/** pulumi-kubernetes strips nulls from a release's values before 4.30 unless `allowNullValues` is set. */
function nullsReachHelm(resource: Resource): boolean | Unknown {
  if (own(resource.properties, "allowNullValues") === true) return true;
  const provider = parse(resource.providerVersion ?? "");
  return provider === null ? UNKNOWN : compareMain(provider, "4.30.0") >= 0;
}

/** Whether the chart runs Traefik, which it does for certificates of Let's Encrypt only. */
export function runsTraefik(hub: Hub): Truth {
  const https = at(hub.values, "proxy.https");
  const hosts = own(https, "hosts");
  return all([
    isTruthy(own(https, "enabled")),
    is(own(https, "type"), "letsencrypt"),
    hosts === UNKNOWN ? UNKNOWN : isList(hosts) && hosts.length > 0,
  ]);
}

/** Whether TLS ends in the cluster; then the proxy's plain port only redirects. */
export function answersInTls(hub: Hub): Truth {
  const https = at(hub.values, "proxy.https");
  const ownCertificate = all([isTruthy(own(https, "enabled")), is(own(https, "type"), "manual", "secret")]);
  return any([runsTraefik(hub), ownCertificate]);
}

/** Whether a resource lies beside the hub, as far as both namespaces are known. */
export function inNamespaceOf(hub: Hub, { properties }: Resource): boolean {
  const namespace = at(properties, "metadata.namespace");
  return typeof namespace !== "string" || typeof hub.namespace !== "string" || namespace === hub.namespace;
}

// ---- Python that nobody can evaluate --------------------------------------------------------------------------------------

/**
 * Path of Python code in the values that mentions a setting and may therefore change it after everything else.
 *
 * @param setting its name, or a pattern of names
 */
export function codeMentioning(hub: Hub, setting: string | RegExp): string | undefined {
  const code = pythonOf(hub);
  if (code.length === 0) return undefined;
  const pattern = typeof setting === "string" ? new RegExp(`\\b${setting}\\b`) : setting;
  return code.find(({ value }) => value === UNKNOWN || (typeof value === "string" && pattern.test(value)))?.path;
}

/** Files that the hub runs: its configuration, and what stands in the folder beside it. */
const runFiles = /jupyterhub_config\.(d(\/|$)|py$)|\/z2jh\.py$/;

/** Code whose whole effect is known: it only takes away what the values offer. */
const known = new Set([profilesByGroup].map(withoutComments));

/** Python code in the values, comments left out: `hub.extraConfig`, and files that `hub.extraFiles` puts beside it. */
export const pythonOf: (hub: Hub) => readonly Child[] = memoise((hub) => {
  const extraConfig = at(hub.values, "hub.extraConfig");
  const blocks: Child[] = isMap(extraConfig)
    ? children(extraConfig, "hub.extraConfig")
    : [{ path: "hub.extraConfig", value: extraConfig }];
  const files = children(at(hub.values, "hub.extraFiles"), "hub.extraFiles").filter(({ value }) => {
    const mount = own(value, "mountPath");
    return mount === UNKNOWN || (typeof mount === "string" && runFiles.test(mount));
  });
  return [...blocks, ...files.map(({ path, value }): Child => ({ path, value: contentOf(value) }))]
    .map(({ path, value }): Child => ({ path, value: typeof value === "string" ? withoutComments(value) : value }))
    .filter(({ value }) => value === UNKNOWN || (typeof value === "string" && value !== "" && !known.has(value)));
});

/** Python without its lines of comments. */
export function withoutComments(code: string): string {
  return code.replace(/^\s*#.*$/gm, "").trim();
}

function contentOf(file: Found): Found {
  const binary = own(file, "binaryData");
  const plain = own(file, "stringData");
  if (typeof binary === "string") return Buffer.from(binary, "base64").toString("utf8");
  return plain ?? UNKNOWN;
}

/** A value inside another one. */
export interface Child {
  readonly path: string;
  readonly value: Found;
}

/** Elements of a list or values of a map, with their paths; nothing for anything else. */
export function children(value: Found, path: string): Child[] {
  if (isList(value)) return value.map((item, index) => ({ path: `${path}[${index}]`, value: item }));
  if (isMap(value)) return Object.entries(value).map(([key, item]) => ({ path: `${path}.${key}`, value: item }));
  return [];
}
