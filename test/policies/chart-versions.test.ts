import { describe, expect, test } from "vitest";
import type { Value } from "../../chart/values";
import type { Verdict } from "../../policies/control";
import { judge } from "../../policies/evaluate";
import { hub } from "./support";

function verdict(control: string, version: string, values: Value): Verdict | undefined {
  return judge([hub(values, { version })]).find((judgement) => judgement.control === control)?.verdict;
}

const noPolicy = { networkPolicy: { enabled: false } };
const github = (settings: Value): Value => ({
  hub: { config: { JupyterHub: { authenticator_class: "github" }, GitHubOAuthenticator: settings } },
});

describe("what a setting means depends on the chart:", () => {
  test.each<[control: string, version: string, values: Value, Verdict]>([
    // Roles
    ["rbac-enabled", "0.9.1", { rbac: { enabled: false } }, "fail"],
    ["rbac-enabled", "1.2.0", { rbac: { enabled: false } }, "fail"],
    ["rbac-enabled", "2.0.0", { rbac: { create: false } }, "fail"],
    ["rbac-enabled", "4.4.0", { rbac: { enabled: false } }, "fail"],
    ["rbac-enabled", "1.2.0", { rbac: { create: true, enabled: true } }, "pass"],
    // Logins: a section of their own until 0.10
    ["login-is-real", "0.9.1", { auth: { type: "github" } }, "pass"],
    ["login-is-real", "0.10.6", { auth: { type: "tmp" } }, "fail"],
    ["login-is-real", "0.9.1", { auth: { type: "custom", custom: { className: "a.TmpAuthenticator" } } }, "fail"],
    ["login-is-real", "0.11.1", { auth: { type: "github" } }, "fail"],
    ["login-has-allow-rule", "0.9.1", { auth: { type: "github", github: { orgWhitelist: ["acme"] } } }, "pass"],
    ["login-has-allow-rule", "0.9.1", { auth: { type: "github", whitelist: { users: ["ann"] } } }, "pass"],
    ["login-has-allow-rule", "0.9.1", { auth: { type: "github", admin: { users: ["ann"] } } }, "fail"],
    ["login-has-allow-rule", "0.9.1", { auth: { type: "google", google: { hostedDomain: ["acme.science"] } } }, "pass"],
    ["oauth-callback-is-https", "0.9.1", { auth: { type: "github", github: { callbackUrl: "http://h/x" } } }, "fail"],
    // An empty list of allowed users admitted everybody, then nobody
    ["login-has-allow-rule", "1.2.0", github({ client_id: "a" }), "fail"],
    ["login-has-allow-rule", "1.2.0", github({ allowed_organizations: ["acme"] }), "pass"],
    ["login-has-allow-rule", "1.2.0", github({ admin_users: ["ann"] }), "fail"],
    ["login-has-allow-rule", "4.4.0", github({ admin_users: ["ann"] }), "pass"],
    ["login-has-allow-rule", "1.2.0", github({ github_organization_whitelist: ["acme"] }), "pass"],
    // oauthenticator 17.4 still takes the name of old for the new one, with a warning.
    ["login-has-allow-rule", "4.4.0", github({ github_organization_whitelist: ["acme"] }), "pass"],
    // The metadata block
    ["user-pod-metadata-blocked", "0.9.1", { singleuser: { cloudMetadata: { enabled: true } } }, "fail"],
    ["user-pod-metadata-blocked", "0.9.1", { singleuser: { cloudMetadata: { enabled: "false" } } }, "fail"],
    ["user-pod-metadata-blocked", "0.9.1", { singleuser: { cloudMetadata: { enabled: false } } }, "pass"],
    ["user-pod-metadata-blocked", "0.10.6", { singleuser: noPolicy }, "fail"],
    ["user-pod-metadata-blocked", "0.10.6", { singleuser: { ...noPolicy, cloudMetadata: { block: true } } }, "pass"],
    ["user-pod-metadata-blocked", "0.10.6", { singleuser: { ...noPolicy, cloudMetadata: { enabled: false } } }, "pass"],
    ["user-pod-metadata-blocked", "0.11.1", { singleuser: noPolicy }, "pass"],
    [
      "user-pod-metadata-blocked",
      "1.2.0",
      { singleuser: { ...noPolicy, cloudMetadata: { enabled: false, blockWithIptables: false } } },
      "fail",
    ],
    // NetworkPolicies
    ["network-policies-enabled", "0.9.1", { hub: noPolicy, proxy: noPolicy, singleuser: noPolicy }, "fail"],
    ["network-policies-enabled", "0.10.6", { proxy: { chp: noPolicy } }, "fail"],
    [
      "user-egress-narrow",
      "1.2.0",
      { singleuser: { networkPolicy: { egress: [{ to: [{ ipBlock: { cidr: "10.0.7.0/24" } }] }] } } },
      "pass",
    ],
    // TLS
    [
      "https-effective",
      "0.9.1",
      { proxy: { https: { hosts: ["h.acme.science"], letsencrypt: { contactEmail: "a@acme.science" } } } },
      "pass",
    ],
    [
      "https-effective",
      "0.10.6",
      { proxy: { https: { hosts: ["h.acme.science"], letsencrypt: { contactEmail: "a@acme.science" } } } },
      "fail",
    ],
    // Verification of the provider's certificate
    ["login-provider-over-tls", "2.0.0", github({ tls_verify: false }), "fail"],
    ["login-provider-over-tls", "3.3.8", github({ tls_verify: false }), "pass"],
    ["login-provider-over-tls", "4.4.0", github({ validate_server_cert: false }), "fail"],
    // Rights of user servers
    ["user-server-unprivileged", "1.2.0", { singleuser: { uid: 0 } }, "fail"],
    ["user-server-unprivileged", "2.0.0", { singleuser: { allowPrivilegeEscalation: null } }, "fail"],
    // Advisories
    ["chart-version-has-no-known-vulnerability", "4.3.5", {}, "fail"],
    ["chart-version-has-no-known-vulnerability", "4.4.0", { hub: { image: { tag: "4.3.3" } } }, "fail"],
  ])("%s, chart %s, %j: %s", (control, version, values, expected) =>
    expect(verdict(control, version, values)).toBe(expected),
  );
});
