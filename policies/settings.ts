import { type Found, isMap } from "../chart/values";

/** How strict the pack is: in `strict`, a rule that cannot be decided is violated. */
export const profiles = ["baseline", "untrusted-users", "strict"] as const;
export type Profile = (typeof profiles)[number];

/** Facts about parts of the deployment that the stack does not show, asserted by whoever configures the pack. */
export const assumptions = {
  networkPolicyEnforced:
    "an engine that enforces NetworkPolicies on every pod, user pods included, runs in the cluster",
  imdsHopLimitOne: "every node requires IMDSv2 with a hop limit of 1",
  privateIdentityProvider: "only members of the organisation have an account at the identity provider",
} as const;
export type Assumption = keyof typeof assumptions;

export interface Settings {
  readonly profile: Profile;
  readonly assume: Readonly<Partial<Record<Assumption, boolean>>>;
}

export const defaultSettings: Settings = { profile: "baseline", assume: {} };

/** JSON schema of the pack's `settings`, in the form that CrossGuard takes. */
export const settingsSchema = {
  profile: { type: "string", enum: [...profiles], default: "baseline" },
  assume: {
    type: "object",
    properties: Object.fromEntries(
      Object.entries(assumptions).map(([key, description]) => [key, { type: "boolean", description }]),
    ),
    additionalProperties: false,
  },
} as const;

/** Reads settings; what is wrong with them is said in `problems`, and the default stands in for it. */
export function readSettings(config: Found): { settings: Settings; problems: string[] } {
  const problems: string[] = [];
  const given = isMap(config) ? config : {};
  for (const key of Object.keys(given)) {
    if (key !== "profile" && key !== "assume")
      problems.push(`settings.${key} is not known; known are profile and assume`);
  }
  const { profile = defaultSettings.profile, assume: assumed = {} } = given;
  if (!profiles.some((known) => known === profile))
    problems.push(`settings.profile must be one of ${profiles.join(", ")}`);
  const assume = readAssumptions(assumed, problems);
  return { settings: { profile: profiles.find((known) => known === profile) ?? "strict", assume }, problems };
}

function readAssumptions(given: Found, problems: string[]): Settings["assume"] {
  if (!isMap(given)) {
    problems.push("settings.assume must be a map");
    return {};
  }
  const known = Object.keys(assumptions);
  for (const [key, value] of Object.entries(given)) {
    if (!known.includes(key)) problems.push(`settings.assume.${key} is not known; known are ${known.join(", ")}`);
    else if (typeof value !== "boolean") problems.push(`settings.assume.${key} must be true or false`);
  }
  return Object.fromEntries(
    Object.entries(given).filter(([key, value]) => known.includes(key) && typeof value === "boolean"),
  );
}
