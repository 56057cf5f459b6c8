import * as pulumi from "@pulumi/pulumi";
import { Address4 } from "ip-address";
import { z } from "zod";

/*
 * Formats that more than one setting has. Each message says what is expected and shows an example that works; the
 * setting's path and what was found are added where problems are put into words (problems.ts).
 */

const hostNamePattern = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/;
const placeholderPattern = /<[^>]*>|\byour[-_. ]|changeme|placeholder|\bexample\.(com|org|net)\b/i;

/** A host name of one kind or another, as the example shows. */
export const hostNameSuchAs = (example: string) =>
  z
    .string(`expected a host name, for example ${example}`)
    .refine((text) => hostNamePattern.test(text) && !placeholderPattern.test(text), {
      error: (issue) =>
        placeholderPattern.test(String(issue.input))
          ? `that is a placeholder; put your own name, for example ${example}`
          : `expected a host name in lower case, without scheme, port or trailing dot, for example ${example}`,
    });

export function isFilledIn(text: string): boolean {
  return text.trim() !== "" && !placeholderPattern.test(text);
}

/** Text that somebody has to fill in: not empty, and not what a guide prints in its place. */
export const filledIn = (example: string) =>
  z.string(`expected text, for example ${example}`).refine(isFilledIn, {
    error: `that is empty or a placeholder; put the real value, for example ${example}`,
    abort: true,
  });

/** Text of a format, or an output of another resource: that is checked by whoever uses it, once it is known. */
export const orOutput = (format: z.ZodType<string>, expected: string) =>
  z
    .custom<string | pulumi.Output<string>>(
      (value) => typeof value === "string" || pulumi.Output.isInstance(value),
      expected,
    )
    .superRefine((value, context) => {
      if (typeof value !== "string") return;
      for (const { message } of format.safeParse(value).error?.issues ?? [])
        context.addIssue({ code: "custom", message, input: value });
    });

/** Refuses a list that says something twice: each item becomes a resource with a name of its own. */
export function eachOnce(items: readonly unknown[], context: z.RefinementCtx): void {
  for (const [index, item] of items.entries())
    if (items.indexOf(item) < index)
      context.addIssue({
        code: "custom",
        path: [index],
        message: "that is in the list already; expected each once",
        params: { relation: true },
        input: item,
      });
}

export const cidrSuchAs = (example: string) =>
  z.string(`expected an IPv4 range, for example ${example}`).refine(isNetwork, {
    error: (issue) =>
      `expected an IPv4 range, written as its first address and a prefix length, for example ${meantRange(String(issue.input)) ?? example}`,
  });

export const cidr = cidrSuchAs("203.0.113.7/32");

/** A size as Kubernetes quantities write it. */
export const storageSize = z
  .string()
  .regex(/^[1-9][0-9]*(Mi|Gi|Ti)$/, "expected a size in Mi, Gi or Ti, for example 10Gi");

/** Memory as KubeSpawner writes it. */
export const memory = z
  .string()
  .regex(/^(?=.*[1-9])[0-9]+(\.[0-9]+)?[KMGT]$/, "expected a size in K, M, G or T, for example 2G");

/** How many bytes that is; KubeSpawner counts in powers of 1024. */
export function bytes(size: string): number {
  return Number.parseFloat(size) * 1024 ** (1 + "KMGT".indexOf(size.slice(-1)));
}

/** Families of Graviton processors ("Amazon EC2 instance type naming conventions"): a g behind the generation, and the first of all. */
const graviton = /^(a1|[a-z]+[0-9]+g[a-z]*)\./;

/** An instance type that the image of node pools runs on. */
export const instanceType = z
  .string()
  .regex(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/, "expected an EC2 instance type, for example t3.large")
  .refine((type) => !graviton.test(type), {
    error: "that has ARM processors; expected one for the x86-64 image of the nodes, for example t3.large",
  });

/** An ARN ("IAM User Guide, Amazon Resource Names"): partition, service, region, account, resource. */
const arn = (service: string, { region, account, resource }: { region: string; account: string; resource: string }) =>
  new RegExp(`^arn:aws(-[a-z]+)*:${service}:${region}:${account}:${resource}$`);
const account = "[0-9]{12}";
const inRegion = { region: "[a-z]{2}(-[a-z]+)+-[0-9]+", account };
const inIam = { region: "", account };
/** Path and name in IAM. */
const iamName = "([\\w+=,.@-]+/)*[\\w+=,.@-]+";

export const iamPrincipal = z
  .string()
  .regex(
    arn("iam", { ...inIam, resource: `(role|user)/${iamName}` }),
    "expected the ARN of an IAM role or user, for example arn:aws:iam::123456789012:role/admin",
  );

export const hostedZoneId = z
  .string()
  .regex(/^Z[A-Z0-9]{1,31}$/, "expected the id of a Route 53 zone, for example Z0123456789ABCDEFGHIJ");

/** An AWS Certificate Manager certificate. */
export const acmCertificateArn = z
  .string()
  .regex(
    arn("acm", { ...inRegion, resource: "certificate/[0-9a-zA-Z-]+" }),
    "expected the ARN of an ACM certificate, for example arn:aws:acm:eu-central-1:123456789012:certificate/12345678-90ab-cdef-1234-567890abcdef",
  );

/** A secret in AWS Secrets Manager. */
export const secretArn = z
  .string()
  .regex(
    arn("secretsmanager", { ...inRegion, resource: "secret:[\\w/+=.@-]{1,512}" }),
    "expected the ARN of a secret in AWS Secrets Manager, for example arn:aws:secretsmanager:eu-central-1:123456789012:secret:hub-login-a1b2c3",
  );

/** A WAFv2 web ACL for load balancers; those of CloudFront are global ones. */
export const webAclArn = z
  .string()
  .regex(
    arn("wafv2", { ...inRegion, resource: "regional/webacl/[\\w-]{1,128}/[0-9a-f-]{36}" }),
    "expected the ARN of a regional WAFv2 web ACL, for example arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/hub/12345678-90ab-cdef-1234-567890abcdef",
  );

/** A managed policy: of the account, or of AWS. */
export const policyArn = z
  .string()
  .regex(
    arn("iam", { ...inIam, account: `(aws|${account})`, resource: `policy/${iamName}` }),
    "expected the ARN of a managed policy, for example arn:aws:iam::aws:policy/AmazonAthenaFullAccess",
  );

export const emailAddress = z
  .email({ error: "expected an e-mail address, for example it@acme.science", abort: true })
  .refine(isFilledIn, "that is a placeholder; put your own address, for example it@acme.science");

/** An address that is asked over TLS only. */
export const httpsUrl = (example: string) =>
  z.string(`expected an https address, for example ${example}`).refine(isHttpsUrl, {
    error: (issue) =>
      placeholderPattern.test(String(issue.input))
        ? `that is a placeholder; put the real address, for example ${example}`
        : `expected an https address without credentials, query or fragment, for example ${example}`,
  });

function isHttpsUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url !== undefined && `${url.username}${url.password}${url.search}${url.hash}` === "";
  return isPlain && url.protocol === "https:" && !placeholderPattern.test(text);
}

/** Name of a Kubernetes object. */
export const kubernetesName = z
  .string()
  .regex(/^(?=.{1,253}$)[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, "expected a Kubernetes name, for example hub-tls");

/** Ids of EC2, of the form `PREFIX-0a1b2c3d4e5f67890`: eight digits for old things, seventeen for new ones. */
const ec2Id = (prefix: string, what: string) =>
  orOutput(
    z
      .string()
      .regex(
        new RegExp(`^${prefix}-([0-9a-f]{8}|[0-9a-f]{17})$`),
        `expected the id of ${what}, for example ${prefix}-0a1b2c3d4e5f67890`,
      ),
    `expected the id of ${what}, as text or as an output, for example ${prefix}-0a1b2c3d4e5f67890`,
  );

export const vpcId = ec2Id("vpc", "a VPC");
export const subnetId = ec2Id("subnet", "a subnet");
export const securityGroupId = ec2Id("sg", "a security group");

function isNetwork(text: string): boolean {
  const range = parseRange(text);
  return range !== undefined && range.correctForm() === range.startAddress().correctForm();
}

/** The range that was probably meant, when only its host bits are wrong or its prefix length is missing. */
function meantRange(text: string): string | undefined {
  const range = parseRange(text.includes("/") ? text : `${text}/32`);
  return range && `${range.startAddress().correctForm()}/${range.subnetMask}`;
}

function parseRange(text: string | undefined): Address4 | undefined {
  return text?.includes("/") && Address4.isValid(text) ? new Address4(text) : undefined;
}

/** Whether two ranges share an address; false where one of them is none. */
export function overlap(one: string | undefined, other: string | undefined): boolean {
  const [a, b] = [parseRange(one), parseRange(other)];
  return a !== undefined && b !== undefined && (a.isInSubnet(b) || b.isInSubnet(a));
}

/** Whether the range lies wholly inside one of the others; undefined where it is no range. */
export function inside(text: string, others: readonly string[]): boolean | undefined {
  const range = parseRange(text);
  return range && others.some((other) => range.isInSubnet(new Address4(other)));
}

/** Whether the range's prefix length satisfies the condition; false where it is no range. */
export function prefixOf(text: string, condition: (prefix: number) => boolean): boolean {
  const range = parseRange(text);
  return range !== undefined && condition(range.subnetMask);
}
