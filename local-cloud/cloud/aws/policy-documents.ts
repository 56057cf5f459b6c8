/** What IAM looks at before it takes a policy ("IAM User Guide, Grammar of the IAM JSON policy language"). */
import { isProperties } from "../wire";

export interface Statement {
  readonly Sid?: string;
  readonly Effect?: string;
  readonly Principal?: string | Readonly<Record<string, string | readonly string[]>>;
  readonly NotPrincipal?: unknown;
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, unknown>>;
}

/** What the policy hangs on: somebody who may do things, a role that others assume, or a thing that others use. */
export type PolicyKind = "identity" | "trust" | "resource";

/** @throws where the text is no JSON object */
export function statementsOf(document: string): Statement[] {
  const parsed: unknown = JSON.parse(document);
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) throw new Error("not a JSON object");
  const { Statement: statements = [] } = parsed as { Statement?: Statement | Statement[] };
  return [statements].flat();
}

/** One value or many, as policies write them. */
export const listed = (values: string | readonly string[] | undefined): readonly string[] => [values ?? []].flat();

/** The first thing that AWS refuses, in its words; undefined where it takes the document. */
export function policyFault(document: string, kind: PolicyKind): string | undefined {
  const statements = statementsOf(document);
  const { Version: version = "2008-10-17" } = JSON.parse(document) as { Version?: string };
  if (!["2008-10-17", "2012-10-17"].includes(version)) return "The policy must contain a valid version string";
  if (statements.length === 0) return "Syntax errors in policy: there is no Statement.";
  const ids = statements.flatMap(({ Sid }) => Sid ?? []);
  if (new Set(ids).size < ids.length) return "Statement IDs (SID) in a single policy must be unique.";
  if (kind !== "resource" && ids.some((id) => !/^[A-Za-z0-9]*$/.test(id)))
    return "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*";
  for (const statement of statements) {
    const fault = statementFault(statement) ?? partiesFault(statement, kind);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

const action = /^(\*|[a-zA-Z0-9-]+:[a-zA-Z0-9*?]+)$/;
const resource = /^(\*|arn:[^:]*:[^:]*:[^:]*:[^:]*:.+)$/;
const operator =
  /^(ForA(llValues|nyValue):)?(String(Not)?(Equals(IgnoreCase)?|Like)|(Numeric|Date)((Not)?Equals|(Less|Greater)Than(Equals)?)|Bool|BinaryEquals|(Not)?IpAddress|Arn(Not)?(Equals|Like))(IfExists)?$|^Null$/;

function statementFault({ Effect, Action, NotAction, Resource, NotResource, Condition = {} }: Statement) {
  if (Effect === undefined) return "Missing required field Effect cannot be empty!";
  if (!["Allow", "Deny"].includes(Effect)) return `Invalid effect: ${Effect}`;
  const actions = [...listed(Action), ...listed(NotAction)];
  if (actions.length === 0) return "Missing required field Action cannot be empty!";
  if (actions.some((name) => !action.test(name)))
    return "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.";
  const strange = [...listed(Resource), ...listed(NotResource)].find((arn) => !resource.test(arn));
  if (strange !== undefined) return `Resource ${strange} must be in ARN format or "*".`;
  const unknown = Object.entries(Condition).find(
    ([name, keys]) => !operator.test(name) || !isProperties(keys as never),
  );
  return unknown && `Invalid Condition type : ${unknown[0]}.`;
}

/** Who may do what with which: each kind of policy leaves one of these to what it hangs on. */
function partiesFault({ Action, Principal, NotPrincipal, Resource, NotResource }: Statement, kind: PolicyKind) {
  const names = Principal !== undefined || NotPrincipal !== undefined;
  const resources = listed(Resource).length + listed(NotResource).length > 0;
  if (kind === "identity" && names) return "Policy document should not specify a principal.";
  if (kind === "identity" && !resources) return "Missing required field Resource cannot be empty!";
  if (kind !== "identity" && !names) return "Missing required field Principal cannot be empty!";
  if (kind !== "trust") return undefined;
  if (resources) return "Has prohibited field Resource";
  const foreign = listed(Action).some((name) => !name.startsWith("sts:"));
  return foreign ? "AssumeRole policy may only specify STS AssumeRole actions." : undefined;
}
