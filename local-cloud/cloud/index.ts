import { aws } from "./aws";
import { type Account, Cloud, type CloudObject, type PublicRecord } from "./cloud";
import { eks } from "./eks";
import { type Fault, Faults, parseFaults } from "./faults";
import { kubernetes } from "./kubernetes";
import type { Provider } from "./provider";
import { random } from "./random";
import { serve } from "./server";

export type { Account } from "./cloud";
export type { Fault } from "./faults";

export interface CloudOptions {
  /** File that remembers what exists in the account; stacks that name the same file share the account. */
  readonly statePath: string;
  /**
   * Default: account 123456789012, which owns the zone local-cloud.test and those named in LOCAL_CLOUD_ZONES. What the owners
   * of other domains created by hand is in LOCAL_CLOUD_RECORDS, and what Secrets Manager keeps in LOCAL_CLOUD_SECRETS.
   */
  readonly account?: Partial<Account>;
  /** Faults to strike with; default: those in LOCAL_CLOUD_FAULTS. */
  readonly faults?: readonly Fault[];
}

export interface RunningCloud {
  /** Value of PULUMI_DEBUG_PROVIDERS, by which the engine attaches to the stand-ins: `aws:41001,eks:41002`. */
  readonly debugProviders: string;
  close(): Promise<void>;
}

const providers: readonly Provider[] = [aws, eks, kubernetes, random];

/** Starts the stand-in providers on loopback. They stop with the process. */
export async function startCloud(options: CloudOptions): Promise<RunningCloud> {
  const cloud = new Cloud(options.statePath, { ...defaultAccount(), ...options.account });
  const faults = new Faults(options.faults ?? parseFaults(process.env.LOCAL_CLOUD_FAULTS ?? "[]"));
  const servers = await Promise.all(providers.map((provider) => serve(provider, cloud, faults)));
  return {
    debugProviders: servers.map(({ port }, index) => `${providers[index]?.name}:${port}`).join(","),
    async close() {
      for (const server of servers) server.stop();
      cloud.close();
    },
  };
}

/** What exists in the account beside what it owns from the start. */
export function inventory(statePath: string): Pick<CloudObject, "type" | "id">[] {
  const cloud = new Cloud(statePath, { id: "", zones: [] });
  const objects = cloud.all().filter((object) => !object.permanent);
  cloud.close();
  return objects.map(({ type, id }) => ({ type, id }));
}

function defaultAccount(): Account {
  const more = (process.env.LOCAL_CLOUD_ZONES ?? "").split(",").map((zone) => zone.trim());
  const zones = ["local-cloud.test", ...more.filter((zone) => zone !== "")];
  return {
    id: "123456789012",
    zones,
    records: parseRecords(process.env.LOCAL_CLOUD_RECORDS ?? ""),
    secrets: parseSecrets(process.env.LOCAL_CLOUD_SECRETS ?? ""),
  };
}

/** Reads secrets that are written as a JSON object of ARNs and texts. */
export function parseSecrets(text: string): Record<string, string> {
  if (text.trim() === "") return {};
  try {
    const secrets: unknown = JSON.parse(text);
    const isArn = (name: string) => /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:.+/.test(name);
    if (typeof secrets === "object" && secrets !== null && !Array.isArray(secrets))
      if (Object.entries(secrets).every(([name, value]) => isArn(name) && typeof value === "string"))
        return secrets as Record<string, string>;
  } catch {
    // Said below: the parser's own words would repeat part of a secret.
  }
  throw new Error(
    'LOCAL_CLOUD_SECRETS is no JSON object of ARNs and texts. Example: {"arn:aws:secretsmanager:eu-central-1:123456789012:secret:hub-login-a1b2c3": "..."}',
  );
}

/** Reads records that are written `name TYPE value`, with commas between them. */
export function parseRecords(text: string): PublicRecord[] {
  const lines = text.split(",").map((line) => line.trim());
  return lines.filter(Boolean).map((line) => {
    const [name, type, value, ...rest] = line.split(/\s+/);
    if (name !== undefined && type !== undefined && value !== undefined && rest.length === 0)
      return { name, type, value };
    throw new Error(
      `LOCAL_CLOUD_RECORDS has ${JSON.stringify(line)}. Example: "_a1.hub.acme.science CNAME _b2.acm-validations.aws, hub.acme.science CNAME lb.elb.amazonaws.com"`,
    );
  });
}
