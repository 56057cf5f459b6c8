import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import type { Settings, SettingsInput } from "../../components";
import { loginOf } from "../../components/assembly/login";
import { hubUsers, type MadeForUsers } from "../../components/assembly/users";
import { parseSettings } from "../../components/config/parse-settings";
import type { HubSettings } from "../../components/values/hub-values";

/** Must be readable nowhere. */
export const clientSecret = "canary-client-secret";

/** The least that somebody has to set. */
export const minimalSettings = (): SettingsInput => ({
  domain: "hub.acme.science",
  auth: {
    provider: "github",
    clientId: "Ov23liAbCdEf",
    clientSecret: pulumi.secret(clientSecret),
    allowedOrganizations: ["acme"],
  },
  cluster: { publicAccessCidrs: ["203.0.113.7/32"] },
});

/** The client secret of settings whose login has one. */
export function clientSecretOf({ auth }: Settings): pulumi.Output<string> {
  if ("clientSecret" in auth && auth.clientSecret !== undefined) return auth.clientSecret;
  throw new Error(`The login by ${auth.provider} has no client secret`);
}

/** What a committed stack file sets, by key without its namespace. */
export function stackFile(stack: "dev" | "prod"): Record<string, Record<string, unknown>> {
  const file = resolve(__dirname, `../../Pulumi.${stack}.yaml`);
  const { config } = parse(readFileSync(file, "utf8")) as { config: Record<string, Record<string, unknown>> };
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key.replace("jupyterhub-eks:", ""), value]));
}

/** A committed stack file with the keys that only a user knows. */
export function stackSettingsInput(stack: "dev" | "prod"): SettingsInput {
  const { cluster, ...file } = stackFile(stack);
  const user = minimalSettings();
  return { ...user, ...file, cluster: { ...cluster, ...user.cluster } } as SettingsInput;
}

/** What the chart's values depend on, from settings that nobody has to deploy. */
export function hubSettings(input: SettingsInput = minimalSettings(), made: Partial<MadeForUsers> = {}): HubSettings {
  const settings: Settings = parseSettings(input);
  return {
    chartVersion: settings.hub.chartVersion,
    host: settings.domain,
    https: { kind: "offload" },
    service: { kind: "node-port", nodePorts: settings.hub.nodePorts },
    login: loginOf("hub", settings, {}),
    secrets: {
      proxyToken: pulumi.secret("canary-proxy-token"),
      cookieSecret: pulumi.secret("canary-cookie-secret"),
      cryptKey: pulumi.secret("canary-crypt-key"),
    },
    ...hubUsers(settings, { repositoryUrl: "registry.acme.science/hub", storageClassName: "gp3", ...made }),
  };
}
