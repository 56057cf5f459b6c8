import { expect } from "vitest";
import { deploys } from "./variant";

const balancer = "aws:lb/loadBalancer:LoadBalancer";
const listener = "aws:lb/listener:Listener";
const release = "kubernetes:helm.sh/v3:Release";

deploys([
  {
    name: "TLS at a network load balancer with fixed addresses",
    settings: { https: { loadBalancer: "nlb" }, exposure: { fixedAddresses: true } },
    deployed: ({ inputs, outputs }) => {
      expect(inputs(balancer)).toMatchObject([{ loadBalancerType: "network" }]);
      expect(inputs(listener).map(({ port, protocol }) => [port, protocol])).toEqual([[443, "TLS"]]);
      expect(outputs.fixedAddresses).toHaveLength(2);
    },
  },
  {
    name: "an internal application load balancer for one network, with a web ACL and access logs",
    program: "web-acl.ts",
    settings: { exposure: { kind: "internal", sourceCidrs: ["10.8.0.0/16"], accessLogs: { retentionDays: 30 } } },
    deployed: ({ inputs }) => {
      expect(inputs(balancer)).toMatchObject([{ internal: true, accessLogs: { enabled: true } }]);
      expect(inputs("aws:wafv2/webAclAssociation:WebAclAssociation")).toHaveLength(1);
    },
  },
  {
    name: "Let's Encrypt in the cluster",
    settings: { https: { kind: "letsencrypt", contactEmail: "it@acme.science" } },
    deployed: ({ inputs }) => {
      expect(
        inputs(listener)
          .map(({ port, protocol }) => [port, protocol])
          .sort(),
      ).toEqual([
        [443, "TCP"],
        [80, "TCP"],
      ]);
      expect(inputs("aws:acm/certificate:Certificate")).toEqual([]);
      expect(JSON.stringify(inputs(release))).toContain("wait-for-dns");
    },
  },
  {
    name: "the chart's own service, for which the cluster makes the load balancer",
    program: "own-service.ts",
    deployed: ({ inputs, outputs }) => {
      expect(inputs(balancer)).toEqual([]);
      expect(outputs.loadBalancerAddress).toMatch(/\.elb\.eu-central-1\.amazonaws\.com$/);
      expect(inputs("aws:route53/record:Record")).toContainEqual(
        expect.objectContaining({
          name: "hub-variant.local-cloud.test",
          aliases: [expect.objectContaining({ name: outputs.loadBalancerAddress })],
        }),
      );
    },
  },
]);
