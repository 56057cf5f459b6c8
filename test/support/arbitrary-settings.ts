import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import type { SettingsInput } from "../../components";
import { clientSecret } from "./hub-settings";

const label = fc.stringMatching(/^[a-z][a-z0-9]{0,9}$/);
const account = fc
  .stringMatching(/^[a-z][a-z0-9-]{0,9}[a-z0-9]$/)
  .filter((name) => !/^your-|placeholder|changeme/.test(name));
const accounts = fc.array(account, { maxLength: 3 });
const ordered = <Value>(one: fc.Arbitrary<Value>, size: (value: Value) => number) =>
  fc.tuple(one, one).map((pair) => pair.sort((a, b) => size(a) - size(b)));

const nodePool = fc
  .record({
    instanceType: fc.constantFrom("t3.large", "m6i.xlarge", "g4dn.2xlarge"),
    zones: fc.integer({ min: 1, max: 2 }),
    sizes: ordered(fc.integer({ min: 1, max: 20 }), Number),
    diskSizeGiB: fc.integer({ min: 20, max: 500 }),
  })
  .map(({ sizes: [minSize, maxSize], ...pool }) => ({
    ...pool,
    minSize: minSize as number,
    maxSize: maxSize as number,
  }));

const profile = fc.record(
  {
    name: label,
    description: label,
    image: fc.record({ name: fc.constantFrom("quay.io/acme/gpu", "registry.acme.science/lab"), tag: label }),
    gpu: fc.integer({ min: 1, max: 8 }),
    memory: fc.constant({ guarantee: "64G", limit: "128G" }),
  },
  { requiredKeys: ["name"] },
);

const egress = fc.oneof(
  fc.constant({ kind: "internet" as const }),
  fc.constant({ kind: "none" as const }),
  fc
    .array(
      fc.record({
        cidr: fc.constantFrom("198.51.100.0/24", "10.0.7.0/24", "203.0.113.7/32"),
        ports: fc.array(fc.integer({ min: 1, max: 65_535 }), { minLength: 1, maxLength: 3 }),
      }),
      { minLength: 1, maxLength: 3 },
    )
    .map((to) => ({ kind: "allow-list" as const, to })),
);

const users = fc
  .record({
    image: fc.option(fc.record({ name: fc.constantFrom("quay.io/acme/lab", "lab"), tag: label }), { nil: undefined }),
    cpu: ordered(fc.integer({ min: 1, max: 64 }), Number),
    memory: ordered(fc.integer({ min: 1, max: 64 }), Number),
    homeSize: fc.integer({ min: 1, max: 900 }).map((size) => `${size}Gi`),
    idleTimeoutSeconds: fc.integer({ min: 300, max: 100_000 }),
    trust: fc.constantFrom("semi-trusted" as const, "untrusted" as const),
    profiles: fc.uniqueArray(profile, { maxLength: 3, selector: ({ name }) => name }),
    egress,
    inAws: fc.boolean(),
  })
  .map(({ image, cpu, memory, inAws, ...others }) => ({
    ...others,
    ...(image && { image }),
    ...(inAws && others.egress.kind !== "none" && { awsAccess: { buckets: [{ name: "acme-data", perUser: true }] } }),
    serverCommand: "/opt/jupyterhub/bin/jupyterhub-singleuser",
    cpu: { guarantee: cpu[0] as number, limit: cpu[1] as number },
    memory: { guarantee: `${memory[0]}G`, limit: `${memory[1]}G` },
  }));

/** Settings that a hub accepts, of every shape. */
export const validSettings: fc.Arbitrary<SettingsInput> = fc.record(
  {
    domain: fc.tuple(label, label).map(([host, zone]) => `${host}.${zone}.science`),
    auth: fc
      .record({
        clientId: fc.stringMatching(/^[A-Za-z0-9]{1,20}$/).filter((id) => !/changeme|placeholder/i.test(id)),
        allowedOrganizations: accounts,
        allowedUsers: accounts,
        adminUsers: accounts,
      })
      .filter((auth) => auth.allowedOrganizations.length + auth.allowedUsers.length > 0)
      .map((auth) => ({ ...auth, provider: "github" as const, clientSecret: pulumi.secret(clientSecret) })),
    cluster: fc.record({
      publicAccessCidrs: fc.array(
        fc.integer({ min: 0, max: 255 }).map((last) => `203.0.113.${last}/32`),
        { minLength: 1, maxLength: 3 },
      ),
      logRetentionDays: fc.constantFrom(1, 30, 365),
    }),
    network: fc.record({
      cidr: fc.constantFrom("10.0.0.0/16", "10.20.0.0/18", "192.168.0.0/20"),
      zones: fc.integer({ min: 2, max: 6 }),
      natGateways: fc.constantFrom("single" as const, "per-zone" as const),
    }),
    nodePools: fc.record({ core: nodePool, user: nodePool }),
    users,
    hub: fc.record({
      namespace: label.filter((name) => !/^(default|kube-|calico-)/.test(name)),
      secretRotation: fc.integer({ min: 1, max: 9 }),
      nodePorts: fc
        .uniqueArray(fc.integer({ min: 30_000, max: 32_767 }), { minLength: 2, maxLength: 2 })
        .map(([https, http]) => ({ https: https as number, http: http as number })),
    }),
    tags: fc.dictionary(label, label, { maxKeys: 3, noNullPrototype: true }),
  },
  { requiredKeys: ["domain", "auth", "cluster"] },
);
