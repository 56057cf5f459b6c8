import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import satisfies from "semver/functions/satisfies";
import maxSatisfying from "semver/ranges/max-satisfying";
import { parse } from "yaml";
import { type Cloud, type CloudObject, keyOf } from "../cloud";
import { type ProviderConfig, Refusal, type ResourceType, refuse, type Subject } from "../resource-type";
import {
  containsUnknown,
  isAsset,
  isProperties,
  isSecret,
  isUnknown,
  type Properties,
  reveal,
  secret,
  type Value,
  valueAt,
} from "../wire";
import { type Chart, findChart, needsDefinitions, repositories } from "./charts";
import { clusterOf } from "./cluster";
import { jupyterhubFailure, jupyterhubObjects } from "./jupyterhub-chart";
import { namespaceExists, scopeOf } from "./objects";

export const releaseToken = "kubernetes:helm.sh/v3:Release";

const text = (inputs: Properties, name: string): string => (typeof inputs[name] === "string" ? inputs[name] : "");
const repositoryOf = (inputs: Properties): string => String(valueAt(inputs, "repositoryOpts.repo") ?? "");

/** Helm's errors for charts and repositories that are not there. */
export function locate(inputs: Properties): Chart {
  const name = text(inputs, "chart");
  const repository = repositoryOf(inputs);
  const chart = findChart(name, repository);
  if (chart !== undefined) return chart;
  if (repository === "" && !name.includes("/"))
    throw new Error(`failed to download "${name}": repo opts with a repository are needed for it`);
  if (repositories.includes(repository.replace(/\/$/, "")))
    throw new Error(`chart "${name}" not found in ${repository} repository`);
  throw new Error(
    `looks like "${repository}" is not a valid chart repository or cannot be reached: the local cloud knows ${[...new Set(repositories)].join(", ")}`,
  );
}

export function resolveVersion(chart: Chart, wanted: string, repository: string): string {
  const exact = chart.versions.find(
    (version) => version === wanted || version === `v${wanted}` || `v${version}` === wanted,
  );
  const newest = wanted === "" ? chart.versions.at(-1) : undefined;
  const version = exact ?? newest ?? maxSatisfying([...chart.versions], wanted);
  if (version) return version;
  throw new Error(
    `chart "${chart.name}" matching ${wanted} not found in ${repository} index: the local cloud knows ${chart.versions.join(", ")}`,
  );
}

/** Lays values over others as Helm does with value files: maps merge, the rest replaces. Secrets stay secret, key by key. */
function mergeValues(below: Value, above: Value): Value {
  if (isSecret(below) || isSecret(above)) {
    const [open, over] = [isSecret(below) ? reveal(below) : below, isSecret(above) ? reveal(above) : above];
    return isProperties(open) && isProperties(over) ? secret(mergeValues(open, over)) : above;
  }
  if (!isProperties(below) || !isProperties(above)) return above;
  const merged = Object.fromEntries(Object.entries(below));
  for (const [key, value] of Object.entries(above))
    merged[key] = key in below ? mergeValues(below[key] ?? null, value) : value;
  return merged;
}

/** A value file's content; files lie where the program lies. */
function readValues(asset: Value, config: ProviderConfig): Properties {
  if (!isAsset(asset)) throw new Error("valueYamlFiles takes file and string assets");
  const content =
    typeof asset.path === "string"
      ? readFileSync(resolve(text(config, "programDirectory"), asset.path), "utf8")
      : asset.text;
  const values: unknown = parse(typeof content === "string" ? content : "");
  return (values ?? {}) as Properties;
}

/** What the provider's check makes of a release: a name, the resolved version, all values in one. */
const completeRelease: NonNullable<ResourceType["normalize"]> = (given, { urn, olds, config, seed }) => {
  const logical = urn.slice(urn.lastIndexOf("::") + 2).toLowerCase();
  const named: Properties = {
    ...given,
    name: given.name ?? olds.name ?? `${logical}-${seed.toString("hex").slice(0, 8)}`,
    namespace: given.namespace ?? config.namespace ?? "default",
  };
  // As long as something is unknown the provider does not load the chart.
  if (containsUnknown(named)) return named;
  const chart = locate(reveal(named) as Properties);
  const files = [named.valueYamlFiles ?? []].flat().map((file) => readValues(reveal(file), config));
  const { valueYamlFiles: _merged, ...rest } = named;
  const values = [...files, named.values ?? {}].reduce(mergeValues, {});
  return { ...rest, version: resolveVersion(chart, text(named, "version"), repositoryOf(named)), values };
};

function failed(subject: Subject, reason: string): never {
  const { namespace, name, atomic } = subject.inputs;
  const verb = subject.before === undefined ? "created" : "updated";
  const undone = subject.before === undefined ? "uninstalled" : "rolled back";
  if (atomic === true)
    refuse("failed", `release ${name} failed, and has been ${undone} due to atomic being set: ${reason}`);
  refuse(
    "failed",
    `Helm release "${namespace}/${name}" was ${verb} but has a failed status. Use the \`helm\` command to investigate the error, correct it, then retry. Reason: ${reason}`,
  );
}

function admitRelease(subject: Subject): void {
  const { inputs, cloud, config, scope } = subject;
  const chart = locate(inputs);
  const version = text(inputs, "version");
  const { eks } = clusterOf(config, cloud);
  const kubernetes = `${text(eks?.inputs ?? {}, "version") || "1.35"}.0`;
  if (!satisfies(kubernetes, chart.kubernetes(version), { includePrerelease: true })) {
    refuse(
      "failed",
      `chart requires kubeVersion: ${chart.kubernetes(version)} which is incompatible with Kubernetes v${kubernetes}`,
    );
  }
  const namespace = text(inputs, "namespace");
  if (inputs.createNamespace !== true && !namespaceExists(cloud, scope, namespace)) {
    refuse("failed", `create: failed to create: namespaces "${namespace}" not found`);
  }
  if (
    needsDefinitions(chart, version) &&
    !cloud.list(releaseToken).some((each) => each.scope === scope && text(each.inputs, "chart") === chart.needs)
  ) {
    refuse(
      "failed",
      'unable to build kubernetes objects from release manifest: resource mapping not found for name: "default" namespace: "" from "": no matches for kind "Installation" in version "operator.tigera.io/v1"; ensure CRDs are installed first',
    );
  }
  if (chart.name === "jupyterhub") {
    const failure = jupyterhubFailure(subject, version, eks);
    if (failure?.late) failed(subject, failure.reason);
    if (failure) refuse("failed", failure.reason);
  }
}

function objectsOf(release: CloudObject, cloud: Cloud): CloudObject[] {
  const owner = keyOf(release);
  const namespace = text(release.inputs, "namespace");
  const made = text(release.inputs, "chart").endsWith("jupyterhub") ? jupyterhubObjects(release) : [];
  const missing = !namespaceExists(cloud, release.scope, namespace);
  // Helm leaves a namespace behind that it made.
  const space: CloudObject = {
    type: "kubernetes:core/v1:Namespace",
    scope: release.scope,
    id: namespace,
    inputs: { metadata: { name: namespace } },
    computed: {},
  };
  return [...(missing ? [space] : []), ...made.map((object) => ({ ...object, owner }))];
}

export const releaseType: ResourceType = {
  id: ({ inputs }) => `${text(inputs, "namespace")}/${text(inputs, "name")}`,
  scope: scopeOf,
  required: ["chart"],
  normalize: completeRelease,
  check: (inputs) => {
    const name = inputs.name;
    if (typeof name !== "string" || isUnknown(name) || /^[a-z0-9]([-a-z0-9.]{0,51}[a-z0-9])?$/.test(name)) return [];
    return [
      {
        property: "name",
        reason: `release name "${name}" is invalid: at most 53 lower case letters, digits, '-' or '.'`,
      },
    ];
  },
  replaceOn: ["name", "namespace"],
  admit: admitRelease,
  companions: objectsOf,
  computed: {
    status: ({ inputs, before }) => ({
      appVersion: findChart(text(inputs, "chart"), repositoryOf(inputs))?.appVersion(text(inputs, "version")) ?? "",
      chart: text(inputs, "chart"),
      name: text(inputs, "name"),
      namespace: text(inputs, "namespace"),
      revision: Number(valueAt(before, "status.revision") ?? 0) + 1,
      status: "deployed",
      version: text(inputs, "version"),
    }),
    resourceNames: (subject) => resourceNames(subject),
  },
  changing: ["status", "resourceNames"],
  missing: (id) => new Refusal("NotFound", `release: ${id}: not found`),
  exists: () => new Refusal("AlreadyExists", "cannot re-use a name that is still in use"),
  describe: (_operation, _subject, refusal) => refusal.message,
};

function resourceNames({ inputs, scope, id }: Subject): Properties {
  if (!text(inputs, "chart").endsWith("jupyterhub")) return {};
  const objects = jupyterhubObjects({ type: releaseToken, scope, id, inputs, computed: {} });
  const names: Record<string, string[]> = {};
  for (const object of objects) {
    const [, groupVersion = "", kind = ""] = object.type.split(":");
    const [group = "", version = ""] = groupVersion.split("/");
    const key = group === "core" ? `${kind}/${version}` : `${kind}.${group}/${groupVersion}`;
    names[key] = [...(names[key] ?? []), object.id];
  }
  return names;
}
