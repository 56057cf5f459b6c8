import { type Found, isList, isMap, own, type ValueMap } from "../chart/values";
import type { Control, ControlOption } from "./control";
import type { Resource } from "./evidence/resource";

/** What a violation does: `mandatory` stops, `advisory` is only shown, `disabled` is not even that. */
export const levels = ["mandatory", "advisory", "disabled"] as const;
export type Level = (typeof levels)[number];

/** An accepted risk: a control's failure on these resources is shown but does not stop a deploy. */
export interface Exemption {
  /** Name or URN of the resources; `*` stands for any text, `?` for one character. */
  readonly resource: string;
  readonly reason: string;
  /** Last day on which it holds, YYYY-MM-DD. */
  readonly expires: string;
}

/** What a user configured for one control. */
export interface ControlConfiguration {
  readonly options: ValueMap;
  readonly exemptions: readonly Exemption[];
  /** What is wrong with the configuration: each of these is a violation of the control. */
  readonly problems: readonly string[];
}

/** Checks one control's configuration against its options and splits it; exemptions that may not be used are problems. */
export function readConfiguration(control: Control, config: Found): ControlConfiguration {
  const given = isMap(config) ? config : {};
  const schema = control.options ?? {};
  const known = ["enforcementLevel", "exemptions", ...Object.keys(schema)];
  const problems = Object.keys(given)
    .filter((key) => !known.includes(key))
    .map((key) => `unknown option "${key}"; known are ${known.slice(1).join(", ")}`);
  const options = Object.fromEntries(
    Object.entries(schema).map(([key, option]) => {
      const value = own(given, key);
      if (value === undefined) return [key, option.default];
      if (hasType(value, option)) return [key, value];
      problems.push(`option "${key}" must be of type ${option.type}: ${option.description}`);
      return [key, option.default];
    }),
  ) as ValueMap;
  const { exemptions, refused } = readExemptions(own(given, "exemptions"));
  return { options, exemptions, problems: [...problems, ...refused] };
}

function hasType(value: Found, option: ControlOption): boolean {
  if (option.type === "array") return isList(value) && value.every((item) => typeof item === "string");
  if (option.type === "integer") return Number.isInteger(value);
  return typeof value === option.type;
}

function readExemptions(given: Found): { exemptions: Exemption[]; refused: string[] } {
  if (given === undefined) return { exemptions: [], refused: [] };
  if (!isList(given)) return { exemptions: [], refused: ["exemptions must be a list of {resource, reason, expires}"] };
  const exemptions: Exemption[] = [];
  const refused: string[] = [];
  for (const [index, item] of given.entries()) {
    const reason = whyRefused(item);
    if (reason) refused.push(`exemptions[${index}] is refused: ${reason}`);
    else exemptions.push(item as unknown as Exemption);
  }
  return { exemptions, refused };
}

function whyRefused(item: Found): string | undefined {
  if (!isMap(item)) return "it must be {resource, reason, expires}";
  const stray = Object.keys(item).find((key) => !["resource", "reason", "expires"].includes(key));
  if (stray !== undefined) return `it has an unknown key "${stray}"`;
  const { resource, reason, expires } = item;
  if (typeof resource !== "string" || resource.trim() === "")
    return "resource must name a resource or a URN, * allowed";
  if (typeof reason !== "string" || reason.trim() === "") return "it gives no reason";
  if (typeof expires !== "string" || !isDay(expires)) return "expires must be a day, YYYY-MM-DD";
  return expires < today() ? `it expired on ${expires}` : undefined;
}

function isDay(text: string): boolean {
  return (
    /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text)
  );
}

/** Today as YYYY-MM-DD, in UTC so that everybody who runs the pack gets the same answer. */
function today(): string {
  return new Date().toISOString().slice(0, 10);
}

export function covers(exemption: Exemption, resource: Pick<Resource, "name" | "urn">): boolean {
  const pattern = exemption.resource.replace(/[.*+?^${}()|[\]\\]/g, (sign) =>
    sign === "*" ? ".*" : sign === "?" ? "." : `\\${sign}`,
  );
  const glob = new RegExp(`^${pattern.replace(/(\.\*)+/g, ".*")}$`, "s");
  return glob.test(resource.name) || glob.test(resource.urn);
}
