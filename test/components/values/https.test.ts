import { spawnSync } from "node:child_process";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { schemaProblems } from "../../../components/values/chart-schema";
import { endsInCluster, type Https, httpsValues } from "../../../components/values/https";
import { type ProxyService, proxyService } from "../../../components/values/proxy-service";
import { join, type Values } from "../../../components/values/value";

const host = "lab.acme.science";
const image = "quay.io/jupyterhub/k8s-secret-sync:4.4.0";
const nodePorts = { https: 31_000, http: 31_001 };
const behindNodePort: ProxyService = { kind: "node-port", nodePorts };
const letsEncrypt: Https = {
  kind: "letsencrypt",
  contactEmail: "it@acme.science",
  server: "production",
  loadBalancerAddress: "lb.elb.amazonaws.com",
};
const kinds: Record<string, Https> = {
  offload: { kind: "offload" },
  letsencrypt: letsEncrypt,
  secret: { kind: "secret", secretName: pulumi.output("hub-tls") },
};
const valuesOf = (https: Https, service: ProxyService): Values =>
  join(httpsValues(https, host, image), proxyService(service, endsInCluster(https)));
// biome-ignore lint/suspicious/noExplicitAny: trees of values are looked into
const inside = (values: Values): any => values;

describe.each(Object.entries(kinds))("HTTPS of kind %s", (_, https) => {
  const values = inside(valuesOf(https, behindNodePort));

  test("the hub knows that browsers speak HTTPS, so that cookies are Secure", () => {
    expect(values.hub.config.JupyterHub.public_url).toBe("https://lab.acme.science/");
    // The chart renders the flag as a bare YAML scalar: a space would make a map of it.
    expect(values.proxy.chp.extraCommandLineFlags).toEqual(["--custom-header=X-Scheme:https"]);
  });

  test("the chart accepts it", () => {
    expect(values.proxy.https).toMatchObject({ enabled: true, hosts: [host] });
    expect(schemaProblems("4.4.0", values)).toEqual([]);
  });
});

describe("node ports", () => {
  test("without TLS of its own the proxy gets no plain port, because nothing redirects from there", () =>
    expect(inside(valuesOf({ kind: "offload" }, behindNodePort)).proxy.service).toEqual({
      type: "NodePort",
      disableHttpPort: true,
      nodePorts: { https: 31_000 },
    }));

  test.each(["letsencrypt", "secret"])("with it (%s) both are there: one redirects to the other", (kind) =>
    expect(inside(valuesOf(kinds[kind] as Https, behindNodePort)).proxy.service).toEqual({
      type: "NodePort",
      disableHttpPort: false,
      nodePorts,
    }),
  );
});

test("a Secret is named, and no key is in the values", () => {
  const { https } = inside(httpsValues(kinds.secret as Https, host, image)).proxy;
  expect(https).toMatchObject({
    type: "secret",
    secret: { name: (kinds.secret as { secretName: unknown }).secretName },
  });
  expect(https).not.toHaveProperty("manual");
});

describe("Let's Encrypt", () => {
  const values = inside(httpsValues(letsEncrypt, host, image));
  const [container] = values.proxy.traefik.extraInitContainers;

  test.each([
    ["production", "https://acme-v02.api.letsencrypt.org/directory"],
    ["staging", "https://acme-staging-v02.api.letsencrypt.org/directory"],
  ] as const)("%s", (server, acmeServer) =>
    expect(inside(httpsValues({ ...letsEncrypt, server }, host, image)).proxy.https).toMatchObject({
      type: "letsencrypt",
      letsencrypt: { contactEmail: "it@acme.science", acmeServer },
    }),
  );

  // Kubernetes, Pod Security Standards: restricted.
  test("what waits for DNS is pinned and admitted by Pod Security restricted", () => {
    expect(container.image).toBe(image);
    expect(container.securityContext).toMatchObject({
      runAsNonRoot: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      seccompProfile: { type: "RuntimeDefault" },
    });
  });

  test("Traefik lets the load balancer find it before it asks", () =>
    expect(values.proxy.traefik.extraStaticConfig).toEqual({
      // Two checks, 15 seconds apart, and one that may have just been.
      certificatesResolvers: { default: { acme: { httpChallenge: { delay: "45s" } } } },
    }));

  const python = spawnSync("python3", ["--version"]).status === 0;

  describe.skipIf(!python)("the script that waits", () => {
    const run = (publicName: string, loadBalancer: string) =>
      spawnSync(container.command[0], container.command.slice(1), {
        encoding: "utf8",
        env: { ...process.env, PUBLIC_NAME: publicName, LOAD_BALANCER: loadBalancer, LIMIT_SECONDS: "-1" },
      });

    test("goes on when the name leads to the load balancer", () => {
      const { status, stdout } = run("localhost", "127.0.0.1");
      expect(stdout).toBe("localhost leads to the load balancer: a certificate can be requested.\n");
      expect(status).toBe(0);
    });

    test("ends in time and says what to do when it leads elsewhere", () => {
      const { status, stderr } = run("127.0.0.2", "127.0.0.1");
      expect(status).not.toBe(0);
      expect(stderr).toMatch(
        /127\.0\.0\.2 has 127\.0\.0\.2, the load balancer 127\.0\.0\.1 has 127\.0\.0\.1\. Let's Encrypt would refuse/,
      );
    });

    test("ends in time when it leads nowhere", () => {
      const { status, stderr } = run("nowhere.invalid", "127.0.0.1");
      expect(status).not.toBe(0);
      expect(stderr).toMatch(/nowhere\.invalid has no address/);
    });
  });

  test("the limit comes before the release gives up", () =>
    expect(container.env).toContainEqual({ name: "LIMIT_SECONDS", value: "600" }));
});

describe("the chart's own service", () => {
  const prefix = "service.beta.kubernetes.io/aws-load-balancer-";
  const arn = "arn:aws:acm:eu-central-1:123456789012:certificate/mine";
  const service: ProxyService = {
    kind: "load-balancer",
    exposure: "internet",
    sourceCidrs: ["203.0.113.0/24"],
    subnetIds: ["subnet-1", "subnet-2"],
    certificateArn: arn,
    accessLogsBucket: "logs",
    tags: { team: "research", cost: "7" },
  };
  const serviceOf = (https: Https, changes: object = {}) =>
    inside(valuesOf(https, { ...service, ...changes })).proxy.service;

  // "AWS Load Balancer Controller, Service annotations".
  test("tells the controller all that its own defaults get wrong", async () => {
    const { type, disableHttpPort, loadBalancerSourceRanges, annotations } = serviceOf({ kind: "offload" });
    expect({ type, disableHttpPort, loadBalancerSourceRanges }).toEqual({
      type: "LoadBalancer",
      disableHttpPort: true,
      loadBalancerSourceRanges: ["203.0.113.0/24"],
    });
    const known = await new Promise((resolve) => pulumi.output(annotations).apply(resolve));
    expect(known).toEqual({
      [`${prefix}type`]: "external",
      [`${prefix}scheme`]: "internet-facing",
      [`${prefix}nlb-target-type`]: "ip",
      [`${prefix}subnets`]: "subnet-1,subnet-2",
      [`${prefix}attributes`]:
        "load_balancing.cross_zone.enabled=true,access_logs.s3.enabled=true,access_logs.s3.bucket=logs",
      [`${prefix}additional-resource-tags`]: "team=research,cost=7",
      [`${prefix}ssl-cert`]: arn,
      [`${prefix}ssl-ports`]: "443",
      [`${prefix}ssl-negotiation-policy`]: "ELBSecurityPolicy-TLS13-1-2-2021-06",
      [`${prefix}backend-protocol`]: "tcp",
      [`${prefix}healthcheck-protocol`]: "http",
      [`${prefix}healthcheck-path`]: "/_chp_healthz",
    });
  });

  test("inside", () =>
    expect(serviceOf({ kind: "offload" }, { exposure: "internal" }).annotations[`${prefix}scheme`]).toBe("internal"));

  test("TLS in the cluster: TCP passes through, for as long as a websocket is silent", () => {
    const { annotations, disableHttpPort } = serviceOf(kinds.secret as Https, { accessLogsBucket: undefined });
    expect(disableHttpPort).toBe(false);
    expect(annotations[`${prefix}listener-attributes.TCP-443`]).toBe("tcp.idle_timeout.seconds=3600");
    expect(Object.keys(annotations).filter((key) => key.includes("ssl-"))).toEqual([]);
  });

  test("TLS without a certificate is a mistake of the program", () =>
    expect(() => serviceOf({ kind: "offload" }, { certificateArn: undefined })).toThrow(/needs a certificate/));

  test("the chart accepts it", () =>
    expect(schemaProblems("4.4.0", valuesOf({ kind: "offload" }, service))).toEqual([]));
});
