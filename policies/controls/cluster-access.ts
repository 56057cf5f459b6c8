import { at, type Found, own, UNKNOWN, type Value } from "../../chart/values";
import { type Context, type Control, describe, type Finding, fail, notApplicable, pass, unknown } from "../control";
import type { Resource } from "../evidence/resource";
import { is, listOf, matches } from "../evidence/truth";
import { type ExampleResource, otherChart } from "../example";

const associationTypes = ["aws:eks/accessPolicyAssociation:AccessPolicyAssociation"];
const administrator = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy";
const association = (principalArn: Value, name = "other"): ExampleResource => ({
  type: "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
  name,
  properties: { policyArn: administrator, accessScope: { type: "cluster" }, principalArn },
});
const arn = (name: string) => `arn:aws:iam::123456789012:${name}`;

export const clusterAdministratorsNamed: Control = {
  name: "cluster-administrators-named",
  title: "Few, named principals administer the cluster, and with it Helm",
  reference: ["RBAC-07", "EKS-06"],
  severity: "medium",
  pack: "security",
  why: "whoever may run Helm in the cluster reads every secret of the hub and becomes any user",
  source: "Zero to JupyterHub, Security: secure access to Helm",
  remediation:
    "give AmazonEKSClusterAdminPolicy to one or two roles that people assume, name them in the option clusterAdministrators, and give others a policy with accessScope of type namespace",
  options: {
    clusterAdministrators: {
      type: "array",
      description: "ARNs that may administer the cluster; empty: any role or user, as long as there are few",
      default: [],
    },
    maximum: { type: "integer", description: "How many principals are few", default: 3 },
  },
  types: associationTypes,
  scope: "stack",
  examples: [
    { title: "one role", verdict: "pass", resources: [association(arn("role/admin"))] },
    { title: "the whole account", verdict: "fail", resources: [association(arn("root"))] },
    {
      title: "a role that is not listed",
      verdict: "fail",
      resources: [association(arn("role/anybody"))],
      configuration: { "cluster-administrators-named": { clusterAdministrators: [arn("role/admin")] } },
    },
    {
      title: "too many",
      verdict: "fail",
      resources: ["a", "b", "c", "d"].map((name) => association(arn(`role/${name}`), name)),
    },
    {
      title: "one role in several clusters",
      verdict: "pass",
      resources: ["a", "b", "c", "d"].map((name) => association(arn("role/admin"), name)),
    },
    { title: "not known yet", verdict: "unknown", resources: [association(UNKNOWN)] },
    {
      title: "rights in one namespace",
      verdict: "notApplicable",
      resources: [
        {
          type: "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
          properties: {
            policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
            accessScope: { type: "namespace", namespaces: ["jhub"] },
          },
        },
      ],
    },
    otherChart,
  ],
  evaluate: (resource, context) => judgeAssociation(resource, context),
};

function administers({ properties }: Resource) {
  const policy = matches(own(properties, "policyArn"), /AmazonEKS(Cluster)?AdminPolicy$/);
  const scope = is(at(properties, "accessScope.type"), "cluster");
  return policy === false || scope === false ? false : policy === true && scope === true ? true : UNKNOWN;
}

function textOf(value: Found): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function judgeAssociation(resource: Resource, { stack, options }: Context): Finding {
  const administrator = administers(resource);
  const path = "principalArn";
  const expected = "a role or user that shall administer the cluster";
  if (administrator === false) return notApplicable("no administrator of the cluster");
  const principal = own(resource.properties, path);
  if (administrator === UNKNOWN) return unknown("policyArn", describe(UNKNOWN), expected);
  const listed = listOf(options.clusterAdministrators);
  if (matches(principal, /:root$|^\*$/) === true) return fail(path, "a whole account", expected);
  if (principal === UNKNOWN) return unknown(path, describe(principal), expected);
  if (listed.length > 0)
    return listed.includes(principal ?? null)
      ? pass(path, "a listed administrator")
      : fail(path, "a principal that is not listed", expected);
  const administrators = stack.ofType(...associationTypes).filter((each) => administers(each) === true);
  const count = new Set(administrators.map((each) => textOf(own(each.properties, path)) ?? each.urn)).size;
  const maximum = typeof options.maximum === "number" ? options.maximum : 3;
  if (count > maximum) return fail(path, `one of ${count} administrators`, `at most ${maximum}`);
  return stack.complete
    ? pass(path, "one of few administrators")
    : unknown(path, "an administrator", `at most ${maximum} of them`);
}
