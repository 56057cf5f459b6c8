import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { action, type Refusals, type Standing, standing } from "./standing";
import type { Instance, World } from "./world";

describe("the aws stand-in, for load balancers and domains", () => {
  let world: World;
  let aws: Instance;
  let s: Standing;
  beforeAll(async () => {
    ({ world, aws, s } = await standing());
  });
  afterAll(() => world.end());

  const https = (more: object) => ({
    loadBalancerArn: s.balancer.id,
    port: 443,
    protocol: "HTTPS",
    defaultActions: action("forward", { targetGroupArn: s.targetGroup.id }),
    ...more,
  });

  const refusals: Refusals = [
    [
      "a target group with a long name",
      "aws:lb/targetGroup:TargetGroup",
      () => ({ name: "x".repeat(33), port: 80, protocol: "HTTP", vpcId: s.vpc.id }),
      /at most 32 letters/,
    ],
    [
      "a load balancer in one zone",
      "aws:lb/loadBalancer:LoadBalancer",
      () => ({ subnets: s.subnetIds.slice(0, 1) }),
      /At least two subnets in two different Availability Zones must be specified/,
    ],
    [
      "a listener on a target group that is not there",
      "aws:lb/listener:Listener",
      () => ({
        loadBalancerArn: s.balancer.id,
        port: 81,
        protocol: "HTTP",
        defaultActions: action("forward", { targetGroupArn: "arn:aws:elasticloadbalancing:x" }),
      }),
      /TargetGroupNotFound/,
    ],
    [
      "a second listener on a port",
      "aws:lb/listener:Listener",
      () => ({
        loadBalancerArn: s.balancer.id,
        port: 80,
        protocol: "HTTP",
        defaultActions: action("redirect", { redirect: { statusCode: "HTTP_301" } }),
      }),
      /DuplicateListener/,
    ],
    [
      "HTTPS without a certificate",
      "aws:lb/listener:Listener",
      () => https({}),
      /CertificateNotFound: A certificate must be specified for HTTPS listeners/,
    ],
    [
      "HTTPS with a certificate that is not validated",
      "aws:lb/listener:Listener",
      () => https({ certificateArn: s.certificate.id }),
      /UnsupportedCertificate.*PENDING_VALIDATION/,
    ],
    [
      "HTTPS with a certificate of another region",
      "aws:lb/listener:Listener",
      async () => {
        const certificate = await (await world.aws("us-east-1")).make("aws:acm/certificate:Certificate", "far", {
          domainName: "x.local-cloud.test",
          validationMethod: "DNS",
        });
        return https({ certificateArn: certificate.id });
      },
      /CertificateNotFound/,
    ],
    [
      "a TLS policy that ELB does not know",
      "aws:lb/listener:Listener",
      async () => {
        const certificate = await aws.make("aws:acm/certificate:Certificate", "valid", {
          domainName: "v.local-cloud.test",
          validationMethod: "DNS",
        });
        const [option] = certificate.outputs.domainValidationOptions as {
          resourceRecordName: string;
          resourceRecordValue: string;
        }[];
        await aws.make("aws:route53/record:Record", "valid", {
          zoneId: s.zoneId,
          name: option?.resourceRecordName ?? "",
          type: "CNAME",
          ttl: 60,
          records: [option?.resourceRecordValue ?? ""],
        });
        return https({ certificateArn: certificate.id, sslPolicy: "ELBSecurityPolicy-TLS-9-9" });
      },
      /SSLPolicyNotFound/,
    ],
    [
      "a record in a zone that is not there",
      "aws:route53/record:Record",
      () => ({ zoneId: "Z0", name: "a", type: "A", ttl: 60, records: ["192.0.2.1"] }),
      /NoSuchHostedZone: No hosted zone found with ID: Z0/,
    ],
    [
      "a record that exists, by its full name",
      "aws:route53/record:Record",
      () => ({ zoneId: s.zoneId, name: "a.local-cloud.test.", type: "A", ttl: 60, records: ["192.0.2.2"] }),
      /Tried to create resource record set \[name='a\.local-cloud\.test\.', type='A'\] but it already exists/,
    ],
    [
      "a CNAME beside an address",
      "aws:route53/record:Record",
      () => ({ zoneId: s.zoneId, name: "a", type: "CNAME", ttl: 60, records: ["x.example"] }),
      /conflicting RRSet/,
    ],
  ];

  it.each(refusals)("refuses %s", async (_what, type, inputs, words) => {
    await expect(aws.make(type, "refused", (await inputs()) as never)).rejects.toThrow(words);
  });

  it("fails a look-up of a zone that is not there", async () => {
    await expect(aws.invoke("aws:route53/getZone:getZone", { name: "nowhere.test" })).rejects.toThrow(
      "no matching Route 53 Hosted Zone found",
    );
  });
});
