import { any } from "../../chart/three-valued";
import { own, UNKNOWN } from "../../chart/values";
import { type Control, decide, describe, fail, pass, unknown } from "../control";
import { allowsEverybody, statementsOf } from "../evidence/iam";
import type { Resource } from "../evidence/resource";
import { otherChart } from "../example";

const publicTypes = ["aws:ecrpublic/repository:Repository"];
const policyTypes = [
  "aws:ecr/repositoryPolicy:RepositoryPolicy",
  "aws:ecr/registryPolicy:RegistryPolicy",
  "aws:ecrpublic/repositoryPolicy:RepositoryPolicy",
];

const policy = (statement: object) => ({
  type: "aws:ecr/repositoryPolicy:RepositoryPolicy",
  properties: { policy: JSON.stringify({ Version: "2012-10-17", Statement: statement }) },
});

const everybodyWho = (condition: object) =>
  policy({ Effect: "Allow", Principal: "*", Action: "*", Condition: condition });

export const registryPrivate: Control = {
  name: "registry-private",
  title: "Only your own accounts reach the image registry",
  reference: ["IMG-02", "EKS-22"],
  severity: "high",
  pack: "security",
  why: "images hold code and sometimes credentials; a registry that everybody may push to brings foreign code into servers",
  source: "Setting up JupyterHub Securely on AWS: create a private ECR repository",
  remediation:
    'use aws.ecr.Repository, and name accounts in its policy\'s Principal ({ AWS: "arn:aws:iam::<account>:root" }) or limit "*" by the condition aws:PrincipalOrgID',
  types: [...publicTypes, "aws:ecr/repository:Repository", ...policyTypes],
  scope: "resource",
  examples: [
    {
      title: "a private repository",
      verdict: "pass",
      resources: [{ type: "aws:ecr/repository:Repository", properties: {} }],
    },
    {
      title: "one account",
      verdict: "pass",
      resources: [policy({ Effect: "Allow", Principal: { AWS: "arn:aws:iam::123456789012:root" }, Action: "ecr:*" })],
    },
    {
      title: "the accounts of one organisation",
      verdict: "pass",
      resources: [everybodyWho({ StringEquals: { "aws:PrincipalOrgID": "o-1" } })],
    },
    {
      title: "denied to everybody",
      verdict: "pass",
      resources: [policy([{ Effect: "Deny", Principal: "*", Action: "ecr:DeleteRepository" }])],
    },
    {
      title: "a public repository",
      verdict: "fail",
      resources: [{ type: "aws:ecrpublic/repository:Repository", properties: {} }],
    },
    {
      title: "everybody",
      verdict: "fail",
      resources: [policy([{ Effect: "Allow", Principal: { AWS: ["*"] }, Action: "ecr:*" }])],
    },
    {
      title: "a condition that also holds without the key",
      verdict: "fail",
      resources: [everybodyWho({ "ForAllValues:StringEquals": { "aws:PrincipalOrgID": "o-1" } })],
    },
    {
      title: "roles of a name in any account",
      verdict: "fail",
      resources: [everybodyWho({ ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/ci" } })],
    },
    {
      title: "members of whatever organisation",
      verdict: "fail",
      resources: [everybodyWho({ Null: { "aws:PrincipalOrgID": "false" } })],
    },
    {
      title: "a policy not known yet",
      verdict: "unknown",
      resources: [{ type: "aws:ecr/repositoryPolicy:RepositoryPolicy", properties: { policy: UNKNOWN } }],
    },
    otherChart,
  ],
  evaluate: (resource) => {
    if (publicTypes.includes(resource.type))
      return fail("repositoryName", "a public repository", "a private repository");
    return policyTypes.includes(resource.type) ? judgePolicy(resource) : pass(null, "a private repository");
  },
};

function judgePolicy({ properties }: Resource) {
  const path = "policy";
  const document = own(properties, path);
  const expected = "accounts by name, or a condition on the organisation";
  const statements = statementsOf(document);
  if (statements === UNKNOWN) return unknown(path, describe(UNKNOWN), expected);
  if (statements === undefined) return unknown(path, "a text that is no policy", expected);
  return decide(any(statements.map(allowsEverybody)), {
    pass: fail(path, "a statement that allows everybody", expected),
    fail: pass(path, "no statement for everybody"),
    unknown: unknown(path, describe(UNKNOWN), expected),
  });
}
