import { make } from "covertable";
import { describe, expect, test } from "vitest";
import { SecureHub } from "../../components";
import { awsAnswers } from "../support/aws-answers";
import { type Aspect, type Combination, choices, settingsOf } from "../support/choices";
import { alarms } from "../support/judged";
import { record } from "../support/recorded-program";
import { problemsOf } from "../support/refusals";

type Choice = readonly [aspect: Aspect, ...choices: readonly string[]];

const inCluster = ["letsencrypt", "certificate", "tls-secret"];
const throughAlb = ["offload on an ALB", "offload on an ALB, own ACM certificate"];

type Names = readonly [string, string];

/** What cannot be had together, the settings that a refusal has to name, and those that another one may name beside it. */
const clashes: readonly (readonly [one: Choice, other: Choice, names: Names, beside?: Names])[] = [
  [
    ["https", "letsencrypt"],
    ["reach", "internal"],
    ["https.kind", "exposure.kind"],
  ],
  [
    ["https", "letsencrypt"],
    ["sources", "named sources"],
    ["https.kind", "exposure.sourceCidrs"],
  ],
  [
    ["https", "letsencrypt"],
    ["managedBy", "service"],
    ["https.kind", "exposure.managedBy"],
  ],
  [
    ["https", "letsencrypt"],
    ["zone", "private"],
    ["https.kind", "hostedZone.kind"],
  ],
  [
    ["https", "letsencrypt"],
    ["trust", "semi-trusted, sub-domains"],
    ["https.kind", "users.subdomains"],
  ],
  [
    ["https", "letsencrypt"],
    ["trust", "untrusted"],
    ["https.kind", "users.trust"],
  ],
  [
    ["https", ...inCluster],
    ["accessLogs", "kept"],
    ["exposure.accessLogs", "https.kind"],
  ],
  [
    ["https", ...inCluster, "offload on an NLB"],
    ["requests", "web ACL"],
    ["exposure.webAclArn", "https.kind"],
  ],
  [
    ["https", ...throughAlb],
    ["addresses", "fixed addresses"],
    ["exposure.fixedAddresses", "https.loadBalancer"],
  ],
  [
    ["https", ...throughAlb],
    ["managedBy", "service"],
    ["https.loadBalancer", "exposure.managedBy"],
  ],
  [
    ["https", "tls-secret"],
    ["namespace", "made"],
    ["https.kind", "hub.createNamespace"],
  ],
  [
    ["reach", "internal"],
    ["addresses", "fixed addresses"],
    ["exposure.fixedAddresses", "exposure.kind"],
  ],
  [
    ["managedBy", "service"],
    ["addresses", "fixed addresses"],
    ["exposure.fixedAddresses", "exposure.managedBy"],
  ],
  [
    ["managedBy", "service"],
    ["cluster", "of its own"],
    ["exposure.managedBy", "cluster.kind"],
  ],
  [
    ["managedBy", "pulumi"],
    ["cluster", "by kubeconfig"],
    ["cluster.securityGroupId", "exposure.managedBy"],
    ["network.kind", "cluster.kind"],
  ],
  [
    ["zone", "private"],
    ["reach", "the internet"],
    ["hostedZone.kind", "exposure.kind"],
  ],
  [
    ["zone", "private"],
    ["https", "offload on an ALB", "offload on an NLB"],
    ["hostedZone.kind", "https.certificateArn"],
  ],
  [
    ["cluster", "existing"],
    ["network", "of its own"],
    ["network.kind", "cluster.kind"],
  ],
  [
    ["cluster", "existing", "by kubeconfig"],
    ["engine", "default"],
    ["networkPolicyEngine", "cluster.kind"],
  ],
  [
    ["cluster", "existing", "by kubeconfig"],
    ["engine", "vpc-cni"],
    ["networkPolicyEngine.kind", "cluster.kind"],
  ],
  [
    ["login", "entra-id, groups", "auth0, groups", "oidc, groups"],
    ["profiles", "some"],
    ["users.groups", "auth.allowedGroups"],
  ],
  [
    ["engine", "vpc-cni"],
    ["trust", "untrusted"],
    ["networkPolicyEngine.kind", "users.trust"],
  ],
  [
    ["engine", "vpc-cni"],
    ["egress", "allow-list", "none"],
    ["networkPolicyEngine.kind", "users.egress"],
  ],
  [
    ["cluster", "of its own"],
    ["nodes", "existing"],
    ["nodePools.kind", "cluster.kind"],
  ],
  [
    ["cluster", "by kubeconfig"],
    ["nodes", "of its own"],
    ["nodePools.kind", "cluster.kind"],
  ],
  [
    ["cluster", "by kubeconfig"],
    ["storage", "of its own"],
    ["users.storageClass", "cluster.kind"],
  ],
  [
    ["cluster", "by kubeconfig"],
    ["awsAccess", "buckets"],
    ["users.awsAccess", "cluster.kind"],
  ],
  [
    ["egress", "none"],
    ["awsAccess", "buckets"],
    ["users.egress.kind", "users.awsAccess"],
  ],
  [
    ["pullSecret", "existing"],
    ["namespace", "made"],
    ["images.pullSecret", "hub.createNamespace"],
  ],
];

const holds = (combination: Partial<Combination>, [aspect, ...each]: Choice) =>
  each.includes(combination[aspect] as string);

const isPossible = (combination: Partial<Combination>) =>
  !clashes.some(([one, other]) => holds(combination, one) && holds(combination, other));

const aspects = Object.keys(choices) as Aspect[];
const choicesOf = (aspect: Aspect) => Object.keys(choices[aspect]);

/** Each pair of choices occurs in one of these, possible or not. */
const pairwise = make(Object.fromEntries(aspects.map((aspect) => [aspect, choicesOf(aspect)]))) as Combination[];

const pairs = aspects.flatMap((one, index) =>
  aspects
    .slice(index + 1)
    .flatMap((other) =>
      choicesOf(one).flatMap((first) => choicesOf(other).map((second) => ({ [one]: first, [other]: second }))),
    ),
);

function completed(part: Partial<Combination>, turn: number): Combination | undefined {
  if (!isPossible(part)) return undefined;
  const aspect = aspects.find((each) => part[each] === undefined);
  if (aspect === undefined) return part as Combination;
  const offered = choicesOf(aspect);
  for (let step = 0; step < offered.length; step++) {
    const found = completed({ ...part, [aspect]: offered[(turn + step) % offered.length] }, turn);
    if (found) return found;
  }
  return undefined;
}

const includes = (combination: Combination, part: Partial<Combination>) =>
  Object.entries(part).every(([aspect, choice]) => combination[aspect as Aspect] === choice);

const possible = pairwise.filter(isPossible);
// Where a pair occurs only beside others that clash, a combination of its own shows it.
for (const pair of pairs) {
  if (possible.some((combination) => includes(combination, pair))) continue;
  const combination = completed(pair, possible.length);
  if (combination) possible.push(combination);
}

/** A recording shows no add-ons, and an engine of somebody else's is nowhere: the gate takes the word of its configuration. */
const configurationFor = ({ engine }: Combination) =>
  engine === "external" || engine === "vpc-cni" ? { settings: { assume: { networkPolicyEnforced: true } } } : {};

/** What nobody can see in the stack: a certificate that others made. */
const isUnseen = ({ https, trust }: Combination, alarm: string) =>
  alarm.startsWith("subdomains-have-wildcard-certificate (unknown)") &&
  trust !== "semi-trusted" &&
  ["offload on an ALB, own ACM certificate", "certificate", "tls-secret"].includes(https);

const chosen = (combination: Combination) =>
  Object.entries(combination)
    .filter(([aspect, choice]) => Object.keys(choices[aspect as Aspect])[0] !== choice)
    .map(([aspect, choice]) => `${aspect}: ${choice}`)
    .join("; ");

describe("each pair of choices that can be had together is had, and passes the gate", () => {
  test.each(possible.map((combination) => [chosen(combination), combination] as const))(
    "%s",
    async (_, combination) => {
      const settings = settingsOf(combination);
      expect(problemsOf(settings)).toEqual([]);
      const program = await record(() => ({ url: new SecureHub("hub", settings).url }), { answers: awsAnswers });
      const found = alarms(program, configurationFor(combination));
      expect(found.filter((alarm) => !isUnseen(combination, alarm))).toEqual([]);
    },
  );
});

describe("what cannot be had together is refused, naming both settings", () => {
  const clashing = clashes.flatMap(([[one, ...ones], [other, ...others], names]) =>
    ones.flatMap((first) => others.map((second) => [one, first, other, second, names] as const)),
  );
  test.each(clashing)("%s: %s, and %s: %s", (one, first, other, second, names) => {
    const problems = problemsOf(settingsOf({ [one]: first, [other]: second }));
    expect(problems.filter((problem) => names.every((name) => problem.includes(name)))).not.toEqual([]);
  });

  test.each(
    pairwise.filter((each) => !isPossible(each)).map((combination) => [chosen(combination), combination] as const),
  )("and for no other reason: %s", (_, combination) => {
    const held = clashes.filter(([one, other]) => holds(combination, one) && holds(combination, other));
    const expected = held.flatMap(([, , names, beside]) => (beside ? [names, beside] : [names]));
    const isExpected = (problem: string) => expected.some((names) => names.every((name) => problem.includes(name)));
    const problems = problemsOf(settingsOf(combination));
    expect(problems).not.toEqual([]);
    expect(problems.filter((problem) => !isExpected(problem))).toEqual([]);
  });
});
