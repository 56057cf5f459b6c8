import { any, type Truth } from "../../chart/three-valued";
import { type Found, isList, own, UNKNOWN, type Value, type ValueMap } from "../../chart/values";
import { type Context, type Control, decide, describe, type Finding, fail, pass, unknown } from "../control";
import { isOn } from "../evidence/aws";
import type { Resource } from "../evidence/resource";
import type { ExampleResource } from "../example";

const repository = (properties: ValueMap): ExampleResource => ({
  type: "aws:ecr/repository:Repository",
  properties: { name: "users", ...properties },
});

export const registryTagsImmutableAndScanned: Control = {
  name: "registry-tags-immutable-and-scanned",
  title: "Image tags in the registry never change, and every pushed image is scanned",
  reference: ["EKS-19", "EKS-20", "IMG-05"],
  severity: "medium",
  pack: "security",
  why: "a tag that can be overwritten puts foreign code into every user's server, and an unscanned image brings known flaws",
  source:
    "Setting up JupyterHub Securely on AWS: container images; Amazon EKS Best Practices, Security: image security",
  remediation: 'set imageTagMutability: "IMMUTABLE" and imageScanningConfiguration: { scanOnPush: true }',
  types: ["aws:ecr/repository:Repository"],
  scope: "stack",
  examples: [
    {
      title: "immutable and scanned",
      verdict: "pass",
      resources: [repository({ imageTagMutability: "IMMUTABLE", imageScanningConfiguration: { scanOnPush: true } })],
    },
    {
      title: "scanned by the registry's own configuration",
      verdict: "pass",
      resources: [
        repository({ imageTagMutability: "IMMUTABLE" }),
        {
          type: "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration",
          properties: {
            scanType: "ENHANCED",
            rules: [{ scanFrequency: "CONTINUOUS_SCAN", repositoryFilters: [{ filter: "*", filterType: "WILDCARD" }] }],
          },
        },
      ],
    },
    {
      title: "immutable but for named tags",
      verdict: "pass",
      resources: [
        repository({
          imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
          imageTagMutabilityExclusionFilters: [{ filter: "cache-*", filterType: "WILDCARD" }],
          imageScanningConfiguration: { scanOnPush: true },
        }),
      ],
    },
    { title: "what ECR does by default", verdict: "fail", resources: [repository({})] },
    {
      title: "not scanned",
      verdict: "fail",
      resources: [repository({ imageTagMutability: "IMMUTABLE", imageScanningConfiguration: { scanOnPush: false } })],
    },
    {
      title: "tags that change",
      verdict: "fail",
      resources: [repository({ imageTagMutability: "MUTABLE", imageScanningConfiguration: { scanOnPush: true } })],
    },
    {
      title: "not known yet",
      verdict: "unknown",
      resources: [repository({ imageTagMutability: UNKNOWN, imageScanningConfiguration: { scanOnPush: true } })],
    },
    { title: "no repository", verdict: "notApplicable", values: {} },
  ],
  evaluate: (repository, context) => [judgeTags(repository), judgeScan(repository, context)],
};

function judgeTags(repository: Resource): Finding {
  const path = "imageTagMutability";
  const value = own(repository.properties, path);
  if (value === "IMMUTABLE") return pass(path, "IMMUTABLE");
  if (value === "IMMUTABLE_WITH_EXCLUSION")
    return judgeExclusions(own(repository.properties, "imageTagMutabilityExclusionFilters"));
  const finding = value === UNKNOWN ? unknown : fail;
  return finding(path, value === "MUTABLE" ? "MUTABLE" : describe(value), "IMMUTABLE");
}

/** Exclusions are fine as long as they leave something: `*` excludes everything. */
function judgeExclusions(filters: Found): Finding {
  const path = "imageTagMutabilityExclusionFilters";
  const excludesAll = any((isList(filters) ? filters : []).map((filter) => isEverything(own(filter, "filter"))));
  return decide(filters === UNKNOWN ? UNKNOWN : excludesAll, {
    pass: fail(path, "a filter that excludes every tag", "filters for single tags, or none"),
    fail: pass(path, "immutable but for named tags"),
    unknown: unknown(path, describe(UNKNOWN), "filters for single tags, or none"),
  });
}

function judgeScan(repository: Resource, { stack }: Context): Finding {
  const path = "imageScanningConfiguration.scanOnPush";
  const value = own(own(repository.properties, "imageScanningConfiguration"), "scanOnPush");
  const byRegistry = any(
    stack
      .ofType("aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration")
      .map((scanning) => scans(scanning, repository)),
  );
  const scanned = any([isOn(value), byRegistry, stack.complete ? false : UNKNOWN]);
  return decide(scanned, {
    pass: pass(path, isOn(value) === true ? "true" : "scanned by the registry's own configuration"),
    fail: fail(path, describe(value), "true"),
    unknown: unknown(path, describe(value), "true"),
  });
}

/** The registry's configuration scans repositories that a filter names, whatever the repository says. */
function scans(scanning: Resource, repository: Resource): Truth {
  const rules = own(scanning.properties, "rules");
  if (rules === UNKNOWN) return UNKNOWN;
  return any(
    (isList(rules) ? rules : []).map((rule) => {
      const frequency = own(rule, "scanFrequency");
      if (frequency !== UNKNOWN && frequency !== "SCAN_ON_PUSH" && frequency !== "CONTINUOUS_SCAN") return false;
      const filters = own(rule, "repositoryFilters");
      if (filters === UNKNOWN || frequency === UNKNOWN) return UNKNOWN;
      return any(
        (isList(filters) ? filters : []).map((filter) =>
          names(own(filter, "filter"), own(repository.properties, "name")),
        ),
      );
    }),
  );
}

/** A filter without wildcard means every repository whose name contains it (Amazon ECR User Guide, scanning filters). */
function names(filter: Found, repository: Found): Truth {
  if (isEverything(filter) === true) return true;
  if (typeof filter !== "string" || typeof repository !== "string") return UNKNOWN;
  if (!filter.includes("*")) return repository.includes(filter);
  const pattern = filter.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${pattern.join(".*")}$`).test(repository);
}

function isEverything(filter: Found | Value): Truth {
  return filter === UNKNOWN ? UNKNOWN : typeof filter === "string" && /^\*+$/.test(filter.trim());
}
