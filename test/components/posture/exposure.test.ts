import { expect, test } from "vitest";
import type { SettingsInput } from "../../../components";
import { parseSettings } from "../../../components/config/parse-settings";
import { posture } from "../../../components/posture";
import { minimalSettings } from "../../support/hub-settings";

const say = (changes: Partial<SettingsInput> = {}) => posture(parseSettings({ ...minimalSettings(), ...changes }));

test.each<[changes: Partial<SettingsInput>, exposure: string, encryption: string]>([
  [
    {},
    "internet-facing application load balancer for hub.acme.science; open to everybody; nodes in private subnets",
    "TLS 1.2 or newer, ends at the load balancer; port 80 redirects to HTTPS",
  ],
  [
    { https: { loadBalancer: "nlb" }, exposure: { fixedAddresses: true, sourceCidrs: ["203.0.113.0/24"] } },
    "internet-facing network load balancer for hub.acme.science; open to 203.0.113.0/24; fixed addresses; nodes in private subnets",
    "TLS 1.2 or newer, ends at the load balancer; port 80 is closed",
  ],
  [
    { exposure: { kind: "internal", accessLogs: {} } },
    "internal application load balancer for hub.acme.science; open to private ranges; access logs kept for 90 days; nodes in private subnets",
    "TLS 1.2 or newer, ends at the load balancer; port 80 redirects to HTTPS",
  ],
  [
    { https: { kind: "letsencrypt", contactEmail: "it@acme.science" } },
    "internet-facing network load balancer for hub.acme.science; open to everybody; nodes in private subnets",
    "TLS 1.2 or newer, ends in the cluster; port 80 redirects to HTTPS",
  ],
])("%j is said in words", (changes, exposure, encryption) => {
  expect(say(changes)).toMatchObject({ exposure, encryptionInTransit: encryption });
});
