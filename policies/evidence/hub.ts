import { deletesDefault, mergeHelmValues, stripNulls } from "../../chart/helm-merge";
import { chartDefaults, defaultChartVersion } from "../../chart/releases";
import { at, type Found, isList, isMap, own, UNKNOWN, type Unknown, type ValueMap } from "../../chart/values";
import { compareMain, parse, type SemVer } from "../../chart/version";
import { type Context, type Finding, gravest, notApplicable, unknown } from "../control";
import { memoise, type Resource } from "./resource";

/** Resource types that can deploy the JupyterHub chart. */
export const hubTypes: readonly string[] = ["kubernetes:helm.sh/v3:Release"];

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
  /** What limits the judgement, to be told with every finding. */
  readonly note: string;
}

type Recognised =
  /** Several when it is open which of them will be deployed. */
  | { readonly kind: "hub"; readonly hubs: readonly Hub[] }
  | { readonly kind: "unsupported"; readonly reason: string }
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
      return [unknown("chart", recognised.reason, "the chart jupyterhub of https://hub.jupyter.org/helm-chart/")];
    }
    return gravest(
      recognised.hubs.flatMap((hub) =>
        gravest(judge(hub, context)).map((finding) =>
          hub.note && finding.verdict !== "notApplicable"
            ? { ...finding, found: `${finding.found} (${hub.note})` }
            : finding,
        ),
      ),
    );
  };
}

/** Says whether a resource deploys the chart, and with which effective values; computed once per resource. */
export const recognise: (resource: Resource) => Recognised = memoise((resource) => {
  if (!hubTypes.includes(resource.type)) return { kind: "other" };
  const given = own(resource.properties, "values") ?? {};
  switch (chartIdentity(resource, given)) {
    case "other":
      return { kind: "other" };
    case "foreign":
      return { kind: "unsupported", reason: "another chart that is also called jupyterhub" };
    case "undecided":
      return { kind: "unsupported", reason: "a chart that nothing identifies as Project Jupyter's" };
    case "z2jh":
      return { kind: "hub", hubs: readings(resource, given) };
  }
});

// ---- which chart it is -------------------------------------------------------------------------------------------------

const officialRepository = /^(https?|oci):\/\/(hub\.jupyter\.org|jupyterhub\.github\.io)\/helm-chart\b/i;
const foreignRepository = /bitnami|vmware|helmforge/i;

/** Keys that exist only in the values of zero-to-jupyterhub-k8s. */
const ownKeys = [
  "singleuser.cloudMetadata",
  "singleuser.storage",
  "singleuser.networkTools",
  "singleuser.memory",
  "singleuser.cpu",
  "singleuser.image.name",
  "singleuser.extraEnv",
  "proxy.chp",
  "proxy.https",
  "proxy.traefik",
  "proxy.service.type",
  "proxy.service.annotations",
  "hub.config",
  "hub.db",
  "hub.extraConfig",
  "hub.cookieSecret",
  "hub.allowNamedServers",
  "prePuller",
  "cull",
  "rbac",
  "scheduling",
  "auth",
];

/** Keys that exist only in other charts called jupyterhub. */
const foreignKeys = [
  "hub.configuration",
  "hub.existingConfigmap",
  "hub.adminUser",
  "hub.image.repository",
  "hub.image.registry",
  "proxy.image",
  "proxy.service.public",
  "singleuser.image.repository",
  "singleuser.image.registry",
  "singleuser.persistence",
  "singleuser.notebookDir",
  "postgresql",
  "imagePuller",
];

/**
 * Names lie (mirrors, vendored folders, other charts called jupyterhub), so the values decide, then the repository.
 */
function chartIdentity(resource: Resource, given: Found): "z2jh" | "foreign" | "undecided" | "other" {
  const chart = own(resource.properties, "chart");
  const source = [chart, at(resource.properties, "repositoryOpts.repo")].filter((text) => typeof text === "string");
  const named = typeof chart === "string" && /(^|[/\\])jupyterhub(-v?\d[^/\\]*)?(\.tgz)?[/\\]*$/i.test(chart.trim());
  const has = (path: string) => ![undefined, UNKNOWN].includes(at(given, path) as undefined);
  if (named && source.some((text) => officialRepository.test(text))) return "z2jh";
  const components = ["hub", "proxy", "singleuser"].filter(has).length;
  const ownSigns = ownKeys.filter(has).length;
  const foreignSigns = foreignKeys.filter(has).length;
  if (named) {
    if (foreignSigns > ownSigns || source.some((text) => foreignRepository.test(text))) return "foreign";
    return ownSigns > 0 ? "z2jh" : "undecided";
  }
  const characteristic = ownKeys.slice(0, 14).some(has);
  return components >= 2 && characteristic && ownSigns > foreignSigns ? "z2jh" : "other";
}

// ---- effective values --------------------------------------------------------------------------------------------------

function readings(resource: Resource, given: Found): Hub[] {
  const asked = own(resource.properties, "version");
  const version = asked === undefined ? UNKNOWN : typeof asked === "string" ? (parse(asked) ?? UNKNOWN) : UNKNOWN;
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
  if (!deletesDefault(defaults.values, given) || nullsReachHelm(resource) === true) return [merged];
  const stripped = hub(mergeHelmValues(defaults.values, stripNulls(given)));
  return nullsReachHelm(resource) === false ? [stripped] : [merged, stripped];
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

// ---- Python that nobody can evaluate --------------------------------------------------------------------------------------

/**
 * Path of Python code in the values that mentions a setting and may therefore change it after everything else:
 * `hub.extraConfig`, or a file that `hub.extraFiles` puts into jupyterhub_config.d.
 */
export function codeMentioning(hub: Hub, setting: RegExp): string | undefined {
  return pythonOf(hub).find(({ text }) => text === UNKNOWN || (typeof text === "string" && setting.test(text)))?.path;
}

const pythonOf: (hub: Hub) => readonly { path: string; text: Found }[] = memoise((hub) => {
  const extraConfig = at(hub.values, "hub.extraConfig");
  const blocks: { path: string; text: Found }[] = isMap(extraConfig)
    ? Object.entries(extraConfig).map(([key, text]) => ({ path: `hub.extraConfig.${key}`, text }))
    : [{ path: "hub.extraConfig", text: extraConfig }];
  const files = at(hub.values, "hub.extraFiles");
  const scripts: typeof blocks = Object.entries(isMap(files) ? files : {}).flatMap(([key, file]): typeof blocks => {
    const mount = own(file, "mountPath");
    const loaded = mount === UNKNOWN || (typeof mount === "string" && mount.includes("jupyterhub_config.d"));
    return loaded ? [{ path: `hub.extraFiles.${key}`, text: own(file, "stringData") ?? UNKNOWN }] : [];
  });
  return [...blocks, ...scripts];
});

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
