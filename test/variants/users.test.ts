import { expect } from "vitest";
import { deploys } from "./variant";

const digest = `sha256:${"a".repeat(64)}`;
const release = "kubernetes:helm.sh/v3:Release";

deploys([
  {
    name: "untrusted users, each with a host name of their own",
    settings: { users: { trust: "untrusted" } },
    deployed: ({ inputs, outputs }) => {
      const names = inputs("aws:route53/record:Record").map(({ name }) => name);
      expect(names).toContain("*.hub-variant.local-cloud.test");
      expect(inputs(release)).toContainEqual(
        expect.objectContaining({
          values: expect.objectContaining({
            singleuser: expect.objectContaining({ cmd: ["/usr/local/bin/jupyterhub-singleuser"] }),
          }),
        }),
      );
      expect(outputs.posture).toMatchObject({
        users: "untrusted: a host name for each user, servers that their users cannot change, no sharing",
      });
    },
  },
  {
    name: "profiles, an AWS role, and an allow-list of destinations",
    settings: {
      users: {
        profiles: [
          { name: "Small" },
          { name: "Large", cpu: { limit: 8 }, memory: { guarantee: "8G", limit: "16G" } },
          { name: "GPU", image: { name: "quay.io/acme/gpu", digest }, gpu: 1, allowedGroups: ["physics"] },
        ],
        groups: { physics: ["ada"] },
        namedServers: { perUser: 2 },
        egress: { kind: "allow-list", to: [{ cidr: "198.51.100.0/24" }, { cidr: "10.0.7.0/24", ports: [5432] }] },
        awsAccess: {
          buckets: [{ name: "acme-data", prefix: "team", access: "read-write", perUser: true }],
          policyArns: ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"],
        },
      },
    },
    deployed: ({ inputs }) => {
      const accounts = inputs("aws:eks/podIdentityAssociation:PodIdentityAssociation").map(
        ({ serviceAccount }) => serviceAccount,
      );
      expect(accounts).toContain("user-server");
      expect(inputs("kubernetes:core/v1:ServiceAccount")).toContainEqual(
        expect.objectContaining({ automountServiceAccountToken: false }),
      );
      expect(inputs("aws:ecr/repository:Repository").map(({ name }) => name)).toContain("hub-variant/quay/acme/gpu");
    },
  },
  {
    name: "an image by digest from a registry that wants a login",
    settings: {
      users: { image: { name: "registry.acme.science/lab", tag: "7", digest } },
      images: {
        pullSecret: {
          kind: "create",
          registry: "registry.acme.science",
          username: "hub",
          password: { secure: "not-a-secret-of-anybody" },
        },
      },
    },
    deployed: ({ inputs }) => {
      expect(inputs("kubernetes:core/v1:Secret").map(({ type }) => type)).toEqual(["kubernetes.io/dockerconfigjson"]);
      expect(inputs("aws:ecr/repository:Repository").map(({ name }) => name)).not.toContain(
        expect.stringContaining("lab"),
      );
    },
  },
]);
