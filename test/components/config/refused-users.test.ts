import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { problemsOf, settings } from "../../support/refusals";

const digest = `sha256:${"0".repeat(64)}`;

describe("settings of users that are refused, with the words that say what to do", () => {
  test.each<[string, Record<string, unknown>, string]>([
    [
      "untrusted users on one host name",
      { "users.trust": "untrusted", "users.subdomains": false },
      "users.subdomains is false: users.trust is untrusted, and on one host name the page of one user acts in the browser of another; leave this out, or set users.trust to semi-trusted",
    ],
    [
      "a server that is looked up in PATH for untrusted users",
      { "users.trust": "untrusted", "users.image": { tag: "7" } },
      "users.serverCommand is missing: users.trust is untrusted, so the server's program is not looked up in PATH; expected its absolute path in your images, for example /opt/jupyterhub/bin/jupyterhub-singleuser",
    ],
    [
      "a relative path",
      { "users.serverCommand": "bin/jupyterhub-singleuser" },
      'users.serverCommand is "bin/jupyterhub-singleuser": expected an absolute path, for example /opt/jupyterhub/bin/jupyterhub-singleuser',
    ],
    [
      "a program that users could replace",
      { "users.serverCommand": "/home/jovyan/bin/jupyterhub-singleuser" },
      'users.serverCommand is "/home/jovyan/bin/jupyterhub-singleuser": that lies where users write; expected the path of a program that the image alone brings, for example /opt/jupyterhub/bin/jupyterhub-singleuser',
    ],
    [
      "a roundabout path to such a program",
      { "users.serverCommand": "/opt/../home/jovyan/jupyterhub-singleuser" },
      'users.serverCommand is "/opt/../home/jovyan/jupyterhub-singleuser": expected an absolute path, for example /opt/jupyterhub/bin/jupyterhub-singleuser',
    ],
    [
      "a way out to all of the hub's network",
      { "users.egress": { kind: "allow-list", to: [{ cidr: "10.0.0.0/9" }] } },
      "users.egress.to is a list: 10.0.0.0/9 opens the hub's whole network (network.cidr is 10.0.0.0/16): the API server, databases, other users' pods; list the part that users need, for example 10.0.0.0/28",
    ],
    [
      "a profile whose name has no letter",
      { "users.profiles": [{ name: "!!!" }] },
      'users.profiles[0].name is "!!!": expected letters or digits, because KubeSpawner makes a key of them, for example Large memory',
    ],
    [
      "profiles that differ in an accent",
      { "users.profiles": [{ name: "Genève" }, { name: "Geneve" }] },
      'users.profiles is a list: two profiles are called "Geneve"; expected a name of its own for each',
    ],
    [
      "a group that no scope can name",
      { "users.groups": { "physics lab": ["ada"] } },
      'users.groups.physics lab is "physics lab": expected at most 255 characters without spaces and !, because scopes name groups, for example physics',
    ],
    [
      "a registry for a repository",
      { "images.registry": { kind: "existing", repositoryUrl: "123456789012.dkr.ecr.eu-central-1.amazonaws.com" } },
      'images.registry.repositoryUrl is "123456789012.dkr.ecr.eu-central-1.amazonaws.com": expected an image in lower case without scheme, for example 123456789012.dkr.ecr.eu-central-1.amazonaws.com/hub',
    ],
    [
      "an address for a bucket",
      { "users.awsAccess": { buckets: [{ name: "192.168.1.1" }] } },
      'users.awsAccess.buckets[0].name is "192.168.1.1": expected the name of a bucket, for example acme-datasets',
    ],
    [
      "two policies of one name",
      {
        "users.awsAccess": {
          policyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::123456789012:policy/lab/ReadOnlyAccess"],
        },
      },
      'users.awsAccess.policyArns[1] is "arn:aws:iam::123456789012:policy/lab/ReadOnlyAccess": a policy ReadOnlyAccess is in the list already; expected each name once, so put what both allow into one policy',
    ],
    [
      "servers that end before they can be idle",
      { "users.maximumAgeSeconds": 600 },
      "users.maximumAgeSeconds is 600: expected at least users.idleTimeoutSeconds (3600)",
    ],
    [
      "no named server",
      { "users.namedServers": { perUser: 0 } },
      "users.namedServers.perUser is 0: expected at least 1, for example 3",
    ],
    [
      "an image without tag and digest",
      { "users.image": {} },
      "users.image is an object: expected a tag, a digest or both, for example {tag: 2026-11-02}",
    ],
    [
      "an image with its tag in the name",
      { "users.image": { name: "quay.io/jupyter/scipy-notebook:7", tag: "7" } },
      'users.image.name is "quay.io/jupyter/scipy-notebook:7": tag and digest are settings of their own; expected the name alone, for example quay.io/jupyter/scipy-notebook',
    ],
    [
      "an image as a URL",
      { "users.image": { name: "https://quay.io/Lab", digest } },
      'users.image.name is "https://quay.io/Lab": expected an image in lower case without scheme, for example quay.io/jupyter/scipy-notebook',
    ],
    [
      "a moving tag",
      { "users.image": { tag: "latest" } },
      'users.image.tag is "latest": that is another image tomorrow; expected a tag that stays, for example 2026-11-02',
    ],
    [
      "half a digest",
      { "users.image": { digest: "sha256:0123" } },
      'users.image.digest is "sha256:0123": expected a digest, as `docker push` prints it, for example sha256:9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65',
    ],
    [
      "two profiles that KubeSpawner cannot tell apart",
      { "users.profiles": [{ name: "Large memory" }, { name: "large-memory" }] },
      'users.profiles is a list: two profiles are called "large-memory"; expected a name of its own for each',
    ],
    [
      "profiles that leave somebody without any",
      { "users.profiles": [{ name: "GPU", allowedGroups: ["physics"] }] },
      "users.profiles is a list: each profile is for groups only, so that others could choose none; expected one without allowedGroups",
    ],
    [
      "a profile below what everybody is guaranteed",
      { "users.profiles": [{ name: "Small", memory: { limit: "500M" } }] },
      'users.profiles is a list: the profile "Small" has a memory limit below its guarantee; expected at least that',
    ],
    [
      "a profile whose CPU limit is below its guarantee",
      { "users.profiles": [{ name: "Odd", cpu: { guarantee: 3 } }] },
      'users.profiles is a list: the profile "Odd" has a CPU limit below its guarantee; expected at least that',
    ],
    [
      "a free choice of images",
      { "users.profiles": [{ name: "Own", unlistedChoice: true }] },
      "users.profiles[0].unlistedChoice is not a setting; there are name, description, image, cpu, memory, gpu, allowedGroups",
    ],
    [
      "a role of JupyterHub's own",
      { "users.roles": [{ name: "user", scopes: ["list:users"], users: ["ada"] }] },
      'users.roles[0].name is "user": that is a role of JupyterHub\'s own; choose another name, for example physics-teachers',
    ],
    [
      "groups of two sources",
      {
        auth: {
          provider: "entra-id",
          tenantId: "00000000-1111-2222-3333-444444444444",
          clientId: "55555555-6666-7777-8888-999999999999",
          clientSecret: pulumi.secret("canary"),
          allowedGroups: ["66666666-7777-8888-9999-000000000000"],
        },
        "users.groups": { physics: ["ada"] },
      },
      "users.groups is an object: auth.allowedGroups is set, so groups come from the login provider, and JupyterHub does not start with a second source of them; leave this out, and put people into groups there",
    ],
    [
      "an AWS role in a cluster without a name",
      {
        cluster: { kind: "kubeconfig", kubeconfig: pulumi.secret("canary"), securityGroupId: "sg-0a1b2c3d4e5f67890" },
        network: {
          kind: "existing",
          vpcId: "vpc-0a1b2c3d4e5f67890",
          privateSubnetIds: ["subnet-0a1b2c3d4e5f67890", "subnet-0a1b2c3d4e5f67891"],
          publicSubnetIds: ["subnet-0a1b2c3d4e5f67892", "subnet-0a1b2c3d4e5f67893"],
        },
        nodePools: { kind: "existing", autoscalingGroupNames: ["nodes"] },
        networkPolicyEngine: { kind: "external", enforcedBy: "Calico 3.30, by the platform team" },
        "users.storageClass": "gp3",
        "users.awsAccess": { buckets: [{ name: "acme-data" }] },
      },
      "users.awsAccess is an object: cluster.kind is kubeconfig, and Pod Identity needs the cluster's name in EKS; leave this out, or name the cluster: cluster.kind existing",
    ],
    [
      "a role that nobody holds",
      { "users.roles": [{ name: "readers", scopes: ["list:users"] }] },
      "users.roles is a list: nobody holds the role readers; expected users or groups in it",
    ],
    [
      "everybody's servers",
      { "users.roles": [{ name: "helpers", scopes: ["access:servers"], users: ["ada"] }] },
      'users.roles[0].scopes[0] is "access:servers": that reaches everybody\'s servers; name whose, for example access:servers!group=physics',
    ],
    [
      "servers of others among untrusted users",
      {
        "users.trust": "untrusted",
        "users.roles": [{ name: "helpers", scopes: ["access:servers!group=physics"], users: ["ada"] }],
      },
      "users.roles is a list: the role helpers opens servers of others (access:servers), and users.trust is untrusted: whoever opens a server runs its owner's pages; take one of the two back",
    ],
    [
      "a way out for AWS and none at all",
      { "users.egress": { kind: "none" }, "users.awsAccess": { buckets: [{ name: "acme-data" }] } },
      'users.egress.kind is "none": users.awsAccess is set, and servers without a way out reach no AWS service; choose internet, or allow-list with the addresses of that service',
    ],
    [
      "AWS access to nothing",
      { "users.awsAccess": {} },
      "users.awsAccess is an object: expected buckets or policyArns, for example {buckets: [{name: acme-datasets}]}",
    ],
    [
      "administrators of the account",
      { "users.awsAccess": { policyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"] } },
      'users.awsAccess.policyArns[0] is "arn:aws:iam::aws:policy/AdministratorAccess": that makes every user an administrator of the account; name a policy with what users need, for example arn:aws:iam::aws:policy/AmazonAthenaFullAccess',
    ],
    [
      "a policy twice",
      {
        "users.awsAccess": {
          policyArns: [
            "arn:aws:iam::aws:policy/AmazonAthenaFullAccess",
            "arn:aws:iam::aws:policy/AmazonAthenaFullAccess",
          ],
        },
      },
      'users.awsAccess.policyArns[1] is "arn:aws:iam::aws:policy/AmazonAthenaFullAccess": a policy AmazonAthenaFullAccess is in the list already; expected each name once, so put what both allow into one policy',
    ],
    [
      "a bucket with a wildcard",
      { "users.awsAccess": { buckets: [{ name: "acme-*" }] } },
      'users.awsAccess.buckets[0].name is "acme-*": expected the name of a bucket, for example acme-datasets',
    ],
    [
      "keys with a wildcard",
      { "users.awsAccess": { buckets: [{ name: "acme-data", prefix: "a/*" }] } },
      'users.awsAccess.buckets[0].prefix is "a/*": expected the beginning of a key without wildcards, for example datasets/2026',
    ],
    [
      "a pull secret for ECR",
      {
        "images.pullSecret": {
          kind: "create",
          registry: "123456789012.dkr.ecr.eu-central-1.amazonaws.com",
          username: "AWS",
          password: pulumi.secret("canary"),
        },
      },
      'images.pullSecret.registry is "123456789012.dkr.ecr.eu-central-1.amazonaws.com": nodes pull from ECR with their role, and a password for it dies after 12 hours; leave images.pullSecret out, or name another registry, for example registry.acme.science',
    ],
    [
      "a registry with a path",
      {
        "images.pullSecret": {
          kind: "create",
          registry: "registry.acme.science/hub",
          username: "hub",
          password: pulumi.secret("canary"),
        },
      },
      'images.pullSecret.registry is "registry.acme.science/hub": expected the host of a registry without scheme and path, for example registry.acme.science',
    ],
  ])("%s", (_, changes, message) => expect(problemsOf(settings(changes))).toEqual([message]));

  test("a password in plain text, which is not shown", () => {
    const pullSecret = { kind: "create", registry: "registry.acme.science", username: "hub", password: "canary" };
    expect(problemsOf(settings({ "images.pullSecret": pullSecret }))).toEqual([
      "images.pullSecret.password is plain text: expected a secret, for example by `pulumi config set --secret --path images.pullSecret.password`",
    ]);
  });

  test.each([
    "admin:users",
    "admin:users!group=physics",
    "admin:servers",
    "admin:groups!group=physics",
    "shares",
    "shares!user=ada",
    "users:shares",
    "tokens",
    "proxy",
    "shutdown",
    "admin-ui",
    "groups",
    "inherit",
    "self",
    "custom:x",
    "no:scope",
  ])("a role with the scope %s", (scope) =>
    expect(problemsOf(settings({ "users.roles": [{ name: "helpers", scopes: [scope], users: ["ada"] }] }))).toEqual([
      expect.stringMatching(
        /^users\.roles\[0\]\.scopes\[0\] is .*expected a scope that neither administers the hub nor/,
      ),
    ]),
  );
});

test("names of profiles in any script", () =>
  expect(problemsOf(settings({ "users.profiles": [{ name: "物理" }, { name: "化学" }, { name: "Физика" }] }))).toEqual(
    [],
  ));

test("memory of less than one unit", () =>
  expect(problemsOf(settings({ "users.memory": { guarantee: "0.5G", limit: "1G" } }))).toEqual([]));

describe("destinations of user servers", () => {
  const problems = (cidr: string, ports?: unknown) =>
    problemsOf(
      settings({ "users.egress": { kind: "allow-list", to: [{ cidr, ...(ports !== undefined && { ports }) }] } }),
    );

  test.each(["198.51.100.0/24", "10.0.7.0/24", "172.20.0.0/16", "100.64.0.0/10", "8.8.8.8/32"])("%s is fine", (cidr) =>
    expect(problems(cidr)).toEqual([]),
  );

  test.each(["169.254.169.254/32", "169.254.170.23/32", "169.254.0.0/16", "0.0.0.0/0", "128.0.0.0/1", "168.0.0.0/7"])(
    "%s holds the instance metadata or its neighbours",
    (cidr) => expect(problems(cidr)[0]).toContain("instance metadata (169.254.169.254)"),
  );

  test.each(["8.0.0.0/6", "192.0.0.0/8", "172.0.0.0/8"])("%s opens private addresses beside others", (cidr) =>
    expect(problems(cidr)).toEqual([expect.stringContaining("that also opens private addresses")]),
  );

  test.each(["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"])("%s is a whole private network", (cidr) =>
    expect(problems(cidr)).toEqual([expect.stringContaining("that opens a whole private network")]),
  );

  test.each([[[]], [[0]], [[65_536]], [[1.5]], [["https"]]])("ports %j are none", (ports) =>
    expect(problems("198.51.100.0/24", ports)[0]).toMatch(/^users\.egress\.to\[0\]\.ports/),
  );

  test("a list without destinations", () =>
    expect(problemsOf(settings({ "users.egress": { kind: "allow-list", to: [] } }))).toEqual([
      'users.egress.to is an empty list: expected at least one destination, or kind none for none at all, for example [{"cidr":"203.0.113.7/32"}]',
    ]));
});
