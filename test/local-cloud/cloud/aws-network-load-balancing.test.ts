import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { action, type Refusals, type Standing, standing } from "./standing";
import type { Instance, Made, World } from "./world";

const balancerType = "aws:lb/loadBalancer:LoadBalancer";
const listenerType = "aws:lb/listener:Listener";
const associationType = "aws:wafv2/webAclAssociation:WebAclAssociation";

describe("the aws stand-in, for network load balancers, firewalls and access logs", () => {
  let world: World;
  let aws: Instance;
  let s: Standing;
  let nlb: Made;
  let tcp: Made;
  let address: Made;
  let acl: Made;
  beforeAll(async () => {
    ({ world, aws, s } = await standing());
    address = await aws.make("aws:ec2/eip:Eip", "a", { domain: "vpc" });
    nlb = await aws.make(balancerType, "nlb", {
      loadBalancerType: "network",
      subnetMappings: [{ subnetId: s.subnetIds[0] as string, allocationId: address.id }],
      securityGroups: [s.group.id],
    });
    tcp = await aws.make("aws:lb/targetGroup:TargetGroup", "tcp", { vpcId: s.vpc.id, port: 30_443, protocol: "TCP" });
    acl = await aws.make("aws:wafv2/webAcl:WebAcl", "acl", {
      scope: "REGIONAL",
      defaultAction: { allow: {} },
      visibilityConfig: { cloudwatchMetricsEnabled: false, metricName: "acl", sampledRequestsEnabled: false },
    });
  });
  afterAll(() => world.end());

  const passing = (more: object) => ({
    loadBalancerArn: nlb.id,
    port: 443,
    protocol: "TCP",
    defaultActions: action("forward", { targetGroupArn: tcp.id }),
    ...more,
  });

  const refusals: Refusals = [
    [
      "a redirect by a network load balancer",
      listenerType,
      () => passing({ port: 80, defaultActions: action("redirect", { redirect: { statusCode: "HTTP_301" } }) }),
      /Actions of type 'redirect' are not supported on load balancers of type 'network'/,
    ],
    [
      "HTTPS at a network load balancer",
      listenerType,
      () => passing({ protocol: "HTTPS" }),
      /Listener protocol 'HTTPS' is not supported by load balancers of type 'network'/,
    ],
    [
      "TCP at an application load balancer",
      listenerType,
      () => passing({ loadBalancerArn: s.balancer.id, port: 444 }),
      /Listener protocol 'TCP' is not supported by load balancers of type 'application'/,
    ],
    [
      "TCP to a group that speaks HTTP",
      listenerType,
      () => passing({ defaultActions: action("forward", { targetGroupArn: s.targetGroup.id }) }),
      /not supported with a target group with the protocol 'HTTP'/,
    ],
    [
      "TLS without a certificate",
      listenerType,
      () => passing({ protocol: "TLS" }),
      /A certificate must be specified for TLS listeners/,
    ],
    [
      "an address that is in use already",
      balancerType,
      () => ({ loadBalancerType: "network", subnetMappings: nlb.inputs.subnetMappings ?? [] }),
      /ResourceInUse: The allocation IDs are not available for use/,
    ],
    [
      "fixed addresses of an application load balancer",
      balancerType,
      () => ({
        subnetMappings: s.subnetIds.map((subnetId) => ({ subnetId, allocationId: address.id })),
      }),
      /Elastic IPs are not supported for load balancers with type 'application'/,
    ],
    [
      "a firewall before a network load balancer",
      associationType,
      () => ({ webAclArn: acl.outputs.arn as string, resourceArn: nlb.id }),
      /WAFInvalidParameterException.*field: RESOURCE_ARN/,
    ],
    [
      "a firewall that is not there",
      associationType,
      () => ({ webAclArn: `${acl.outputs.arn}0`, resourceArn: s.balancer.id }),
      /WAFNonexistentItemException/,
    ],
    [
      "access logs to no bucket",
      balancerType,
      () => ({ subnets: s.subnetIds, accessLogs: { enabled: true, bucket: "nowhere" } }),
      /S3 bucket 'nowhere' does not exist/,
    ],
  ];
  it.each(refusals)("refuses %s", async (_, type, inputs, words) => {
    await expect(aws.make(type, "x", (await inputs()) as never)).rejects.toThrow(words);
  });

  it("releases an address only when its load balancer is gone", async () => {
    await expect(aws.remove(address)).rejects.toThrow(/is associated/);
  });

  it("keeps a web ACL as long as it looks at something", async () => {
    const association = await aws.make(associationType, "w", {
      webAclArn: acl.outputs.arn as string,
      resourceArn: s.balancer.id,
    });
    await expect(aws.remove(acl)).rejects.toThrow(/WAFAssociatedItemException/);
    await aws.remove(association);
    await aws.remove(acl);
  });

  it("has host names of network load balancers, which aliases can lead to", async () => {
    expect(nlb.outputs.dnsName).toMatch(/^nlb-.+\.elb\.eu-central-1\.amazonaws\.com$/);
    await aws.make("aws:route53/record:Record", "nlb", {
      zoneId: s.zoneId,
      name: "nlb.local-cloud.test",
      type: "A",
      aliases: [
        { name: nlb.outputs.dnsName as string, zoneId: nlb.outputs.zoneId as string, evaluateTargetHealth: false },
      ],
    });
  });

  describe("access logs", () => {
    const writer = "logdelivery.elasticloadbalancing.amazonaws.com";
    const policyFor = (bucket: string, service: string, account = "123456789012") =>
      JSON.stringify({
        Statement: [
          {
            Effect: "Allow",
            Principal: { Service: service },
            Action: "s3:PutObject",
            Resource: `arn:aws:s3:::${bucket}/AWSLogs/${account}/*`,
          },
        ],
      });
    const logging = (bucket: string, more: object = {}) =>
      ({ subnets: s.subnetIds, accessLogs: { enabled: true, bucket }, ...more }) as never;

    it.each([
      ["nobody", undefined],
      ["another service", "s3.amazonaws.com"],
    ])("are refused where the bucket lets in %s", async (_, service) => {
      const bucket = `closed-${service === undefined ? "a" : "b"}`;
      await aws.make("aws:s3/bucket:Bucket", bucket, { bucket });
      if (service !== undefined)
        await aws.make("aws:s3/bucketPolicy:BucketPolicy", bucket, { bucket, policy: policyFor(bucket, service) });
      await expect(aws.make(balancerType, "l", logging(bucket))).rejects.toThrow(/Access Denied for bucket/);
    });

    it("are refused where a KMS key is demanded", async () => {
      await aws.make("aws:s3/bucket:Bucket", "kms", { bucket: "kms-bucket" });
      await aws.make("aws:s3/bucketPolicy:BucketPolicy", "kms", {
        bucket: "kms-bucket",
        policy: policyFor("kms-bucket", writer),
      });
      await aws.make("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", "kms", {
        bucket: "kms-bucket",
        rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms" } }],
      });
      await expect(aws.make(balancerType, "k", logging("kms-bucket"))).rejects.toThrow(/only SSE-S3 is supported/);
    });

    it.each([
      [false, /BucketNotEmpty/],
      [true, undefined],
    ])("leave a file, with which a bucket goes only if that is wanted (%s)", async (forceDestroy, words) => {
      const name = `logs-${forceDestroy}`;
      const bucket = await aws.make("aws:s3/bucket:Bucket", name, { bucket: name, forceDestroy });
      await aws.make("aws:s3/bucketPolicy:BucketPolicy", name, { bucket: name, policy: policyFor(name, writer) });
      await aws.remove(await aws.make(balancerType, name, logging(name)));
      if (words) await expect(aws.remove(bucket)).rejects.toThrow(words);
      else await aws.remove(bucket);
    });

    it("refuses a public policy where these are blocked", async () => {
      await aws.make("aws:s3/bucket:Bucket", "open", { bucket: "open-bucket" });
      await aws.make("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "open", {
        bucket: "open-bucket",
        blockPublicPolicy: true,
      });
      const policy = JSON.stringify({
        Statement: [
          { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::open-bucket/*" },
        ],
      });
      await expect(
        aws.make("aws:s3/bucketPolicy:BucketPolicy", "open", { bucket: "open-bucket", policy }),
      ).rejects.toThrow(/public policies are blocked/);
    });
  });
});
