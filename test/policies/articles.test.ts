import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { ValueMap } from "../../chart/values";
import { type Configuration, judge } from "../../policies/evaluate";
import type { Resource } from "../../policies/evidence/resource";
import { hub, resource } from "./support";

const record = resource("aws:route53/record:Record", "hub", {
  type: "A",
  name: "hub.acme.science",
  records: ["a1b2c3-123.eu-west-1.elb.amazonaws.com"],
});

function verdictsOf(stack: readonly Resource[], configuration: Configuration = {}): Map<string, string> {
  return new Map(judge(stack, configuration).map(({ control, verdict }) => [control, verdict]));
}

/** What the articles get wrong, as they print it, and the controls that refuse it. */
describe("what the articles tell to do by mistake is refused:", () => {
  test.each<[mistake: string, control: string, yaml: string, version?: string]>([
    [
      "Setting up JupyterHub Securely on AWS: an http callback",
      "oauth-callback-is-https",
      `hub: {config: {JupyterHub: {authenticator_class: github}, GitHubOAuthenticator: {oauth_callback_url: "http://hub.acme.science/hub/oauth_callback"}}}`,
    ],
    [
      "JupyterHub, Security settings: the text of a command as the proxy's token",
      "proxy-token-strong",
      `proxy: {secretToken: "openssl rand -hex 32"}`,
    ],
    [
      "JupyterHub, Security settings: the printed token",
      "proxy-token-strong",
      `proxy: {secretToken: 0bc02bede919e99a26de1e2a7a5aadfaf6228de836ec39a05a6c6942831d8fe5}`,
    ],
    [
      "Zero to JupyterHub: the printed token",
      "proxy-token-strong",
      `proxy: {secretToken: "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}`,
    ],
    [
      "Setting up JupyterHub Securely on AWS: a command as the registry's password",
      "pull-secret-password-real",
      `imagePullSecret: {create: true, registry: 123456789012.dkr.ecr.us-east-1.amazonaws.com, username: AWS, password: aws ecr get-login-password --region us-east-1 | cut -d' ' -f6}`,
    ],
    [
      "Setting up JupyterHub Securely on AWS: a password that lives for 12 hours",
      "registry-login-lasts",
      `imagePullSecret: {create: true, registry: 123456789012.dkr.ecr.us-east-1.amazonaws.com, username: AWS, password: made-up}`,
    ],
    [
      "Setting up JupyterHub Securely on AWS: the repository's path in the registry",
      "pull-secret-complete",
      `imagePullSecret: {create: true, registry: 123456789012.dkr.ecr.us-east-1.amazonaws.com/hub, username: AWS, password: made-up}`,
    ],
    [
      "Setting up JupyterHub Securely on AWS: every account of GitHub",
      "login-has-allow-rule",
      `hub: {config: {JupyterHub: {authenticator_class: github}, GitHubOAuthenticator: {client_id: a, client_secret: b, oauth_callback_url: "https://hub.acme.science/hub/oauth_callback"}}}`,
      "1.2.0",
    ],
    [
      "Zero to JupyterHub, Security: egress rules that open the metadata server again",
      "user-egress-narrow",
      `singleuser: {networkPolicy: {enabled: true, egress: [{ports: [{port: 53, protocol: UDP}]}, {ports: [{port: 80, protocol: TCP}]}, {ports: [{port: 443, protocol: TCP}]}]}}`,
    ],
    ["Zero to JupyterHub, Security: the key of charts before 2.0", "rbac-enabled", `rbac: {enabled: false}`],
    [
      "Zero to JupyterHub, Security: port 80 stays open beside TLS at the load balancer",
      "https-effective",
      `proxy: {https: {enabled: true, type: offload}, service: {annotations: {service.beta.kubernetes.io/aws-load-balancer-ssl-cert: "arn:aws:acm:us-east-1:1234567891011:certificate/uuid", service.beta.kubernetes.io/aws-load-balancer-backend-protocol: tcp, service.beta.kubernetes.io/aws-load-balancer-ssl-ports: https, service.beta.kubernetes.io/aws-load-balancer-connection-idle-timeout: "3600"}}}`,
    ],
    [
      "Zero to JupyterHub, Security: TLS at the load balancer without a policy",
      "tls-modern",
      `proxy: {https: {enabled: true, type: offload}, service: {disableHttpPort: true, annotations: {service.beta.kubernetes.io/aws-load-balancer-ssl-cert: "arn:aws:acm:us-east-1:1234567891011:certificate/uuid", service.beta.kubernetes.io/aws-load-balancer-ssl-ports: https}}}`,
    ],
    [
      "Zero to JupyterHub, Security: a fixed address, which AWS ignores",
      "static-address-effective",
      `proxy: {service: {loadBalancerIP: 203.0.113.9}}`,
    ],
    [
      "JupyterHub, Security settings: a cookie secret without a word of its length",
      "cookie-secret-strong",
      `hub: {cookieSecret: deadbeef}`,
    ],
  ])("%s (%s)", (_mistake, control, yaml, version = "4.4.0") => {
    expect(verdictsOf([hub(parse(yaml) as ValueMap, { version })]).get(control)).toBe("fail");
  });

  test("Zero to JupyterHub, Security: an A record with the name of a load balancer", () =>
    expect(verdictsOf([hub({}), record]).get("dns-record-fits-target")).toBe("fail"));

  test("the same egress rules leave the metadata server open where nothing else blocks it", () => {
    const values = parse(
      `singleuser: {cloudMetadata: {blockWithIptables: false}, networkPolicy: {egress: [{ports: [{port: 80, protocol: TCP}]}]}}`,
    ) as ValueMap;
    const assumed = { settings: { assume: { networkPolicyEnforced: true } } };
    expect(verdictsOf([hub(values)], assumed).get("user-pod-metadata-blocked")).toBe("fail");
  });
});
