import { at, type Found, own, UNKNOWN, type Value, type ValueMap } from "../../chart/values";
import { type Control, describe, type Finding, fail, notApplicable, pass, unknown } from "../control";
import { isOff, isOn } from "../evidence/aws";
import { hubTypes, onHub } from "../evidence/hub";
import { configured, firstGiven } from "../evidence/hub-config";
import { isTemplate } from "../evidence/truth";
import { otherChart } from "../example";

// ---- the connection ------------------------------------------------------------------------------------------------------

const postgres = (url: Value): ValueMap => ({ hub: { db: { type: "postgres", url, password: UNKNOWN } } });

export const hubDatabaseConnectionProtected: Control = {
  name: "hub-database-connection-protected",
  title: "The hub reaches its database over TLS, with a password that stands apart from the address",
  reference: ["SEC-07"],
  severity: "medium",
  pack: "security",
  why: "the database says who is who and which tokens count; an address is printed in logs, a password in it too",
  source: "JupyterHub, Security settings: read access to the database",
  remediation:
    'set hub.db.url without a password and with TLS, for example "postgresql+psycopg2://hub@<host>:5432/hub?sslmode=verify-full", and hub.db.password from a Pulumi secret',
  types: hubTypes,
  scope: "resource",
  examples: [
    { title: "a volume of the hub's own", verdict: "pass", values: {} },
    {
      title: "TLS, password apart",
      verdict: "pass",
      values: postgres("postgresql+psycopg2://hub@db:5432/hub?sslmode=verify-full"),
    },
    {
      title: "the password in the address",
      verdict: "fail",
      values: postgres("postgresql+psycopg2://hub:made-up@db:5432/hub?sslmode=require"),
    },
    {
      title: "the password behind the address",
      verdict: "fail",
      values: postgres("postgresql://hub@db:5432/hub?sslmode=require&password=made-up"),
    },
    { title: "TLS only if the server likes", verdict: "fail", values: postgres("postgresql://hub@db:5432/hub") },
    { title: "no address", verdict: "fail", values: { hub: { db: { type: "postgres" } } } },
    {
      title: "the hub's own setting wins",
      verdict: "fail",
      values: { hub: { config: { JupyterHub: { db_url: "mysql+pymysql://hub@db/hub" } } } },
    },
    { title: "an address not known yet", verdict: "unknown", values: postgres(UNKNOWN) },
    otherChart,
  ],
  evaluate: onHub((hub) => {
    const url = configured(hub, "JupyterHub", "db_url");
    if (firstGiven(url)) return judgeUrl(url.value, url.path);
    const type = at(hub.values, "hub.db.type");
    if (type === UNKNOWN) return unknown("hub.db.type", describe(type), "sqlite-pvc, or a database over TLS");
    if (type === undefined || type === null || type === "sqlite-pvc" || type === "sqlite-memory")
      return pass("hub.db.type", "a file that only the hub reads");
    return judgeUrl(at(hub.values, "hub.db.url"), "hub.db.url");
  }),
};

/** What asks for TLS, by the scheme of the address. */
const asksForTls: readonly (readonly [RegExp, RegExp])[] = [
  [/^(postgres|cockroachdb)/i, /(^|&)sslmode=(require|verify-ca|verify-full)(&|$)/i],
  [
    /^(mysql|mariadb)/i,
    /(^|&)(ssl_ca|ssl|ssl_mode|ssl_verify_cert|ssl_verify_identity)=(?!false|disabled|preferred|0)/i,
  ],
];

/** Judges by the text, because a driver's name in the scheme is nothing that a URL parser knows. */
function judgeUrl(url: Found, path: string): Finding {
  const expected = "an address with TLS and without a password";
  if (url === UNKNOWN) return unknown(path, describe(url), expected);
  if (typeof url !== "string" || url.trim() === "") return fail(path, describe(url), expected);
  if (/^sqlite/i.test(url)) return pass(path, "a file that only the hub reads");
  const parts = /^[\w+]+:\/\/(?:[^:@/]*(:[^@]*)?@)?[^?]*(?:\?(.*))?$/.exec(url.trim());
  if (!parts && isTemplate(url)) return unknown(path, "a text that something else has to fill in", expected);
  if (!parts) return fail(path, "a text that is no address of a database", expected);
  const [, password, query = ""] = parts;
  const inQuery = /(^|&)(password|passwd)=[^&]/i.test(query);
  if (inQuery || (password !== undefined && password !== ":"))
    return fail(path, "an address with a password in it", expected);
  const secure = asksForTls.find(([scheme]) => scheme.test(url))?.[1];
  if (!secure) return unknown(path, "an address of a database that this pack does not know", expected);
  return secure.test(query)
    ? pass(path, "TLS, and no password")
    : fail(path, "an address that does not ask for TLS", expected);
}

// ---- the server ----------------------------------------------------------------------------------------------------------

const instanceTypes = [
  "aws:rds/instance:Instance",
  "aws:rds/clusterInstance:ClusterInstance",
  "aws:rds/cluster:Cluster",
];

export const databasePrivateAndEncrypted: Control = {
  name: "database-private-and-encrypted",
  title: "Databases are encrypted and not reachable from the internet",
  reference: ["SEC-07", "EKS-28"],
  severity: "high",
  pack: "security",
  why: "whoever reads the hub's database learns who its users are and finds hashes of their tokens",
  source: "JupyterHub, Security settings: read access to the database",
  remediation: "set storageEncrypted: true and publiclyAccessible: false",
  types: instanceTypes,
  scope: "resource",
  examples: [
    {
      title: "encrypted and private",
      verdict: "pass",
      resources: [
        { type: "aws:rds/instance:Instance", properties: { storageEncrypted: true, publiclyAccessible: false } },
      ],
    },
    { title: "nothing said", verdict: "fail", resources: [{ type: "aws:rds/instance:Instance", properties: {} }] },
    {
      title: "public",
      verdict: "fail",
      resources: [
        { type: "aws:rds/instance:Instance", properties: { storageEncrypted: true, publiclyAccessible: "true" } },
      ],
    },
    {
      title: "not known yet",
      verdict: "unknown",
      resources: [{ type: "aws:rds/cluster:Cluster", properties: { storageEncrypted: UNKNOWN } }],
    },
    otherChart,
  ],
  evaluate: ({ type, properties }) => {
    const open = own(properties, "publiclyAccessible");
    const restored = ["snapshotIdentifier", "replicateSourceDb"].some((key) => own(properties, key) !== undefined);
    const encrypted = own(properties, "storageEncrypted");
    const findings: Finding[] = [];
    if (type !== "aws:rds/cluster:Cluster")
      findings.push(
        open === UNKNOWN
          ? unknown("publiclyAccessible", describe(open), "false")
          : isOn(open) === true
            ? fail("publiclyAccessible", "true", "false")
            : pass("publiclyAccessible", "false"),
      );
    // An instance of a cluster stores nothing itself; a copy is encrypted when its original is.
    if (type === "aws:rds/clusterInstance:ClusterInstance") return findings;
    if (isOn(encrypted) === true) return [...findings, pass("storageEncrypted", "true")];
    const undecided = encrypted === UNKNOWN || (restored && isOff(encrypted) !== true);
    return [...findings, (undecided ? unknown : fail)("storageEncrypted", describe(encrypted), "true")];
  },
};

// ---- volumes -------------------------------------------------------------------------------------------------------------

export const volumesEncrypted: Control = {
  name: "volumes-encrypted",
  title: "Volumes of the hub's database and of home directories are encrypted",
  reference: ["SEC-07", "EKS-24"],
  severity: "medium",
  pack: "security",
  why: "a snapshot or a disk that leaves the account shows what users wrote, and the hub's database",
  source:
    "JupyterHub, Security settings: read access to the database; Amazon EKS Best Practices, Security: data encryption",
  remediation: 'set parameters: { encrypted: "true" } of the StorageClass, a text',
  types: ["kubernetes:storage.k8s.io/v1:StorageClass"],
  scope: "resource",
  examples: [
    {
      title: "encrypted",
      verdict: "pass",
      resources: [
        {
          type: "kubernetes:storage.k8s.io/v1:StorageClass",
          properties: { provisioner: "ebs.csi.aws.com", parameters: { type: "gp3", encrypted: "true" } },
        },
      ],
    },
    {
      title: "nothing said",
      verdict: "fail",
      resources: [
        {
          type: "kubernetes:storage.k8s.io/v1:StorageClass",
          properties: { provisioner: "ebs.csi.aws.com", parameters: { type: "gp3" } },
        },
      ],
    },
    {
      title: "the class that old clusters have",
      verdict: "fail",
      resources: [
        { type: "kubernetes:storage.k8s.io/v1:StorageClass", properties: { provisioner: "kubernetes.io/aws-ebs" } },
      ],
    },
    {
      title: "not known yet",
      verdict: "unknown",
      resources: [
        {
          type: "kubernetes:storage.k8s.io/v1:StorageClass",
          properties: { provisioner: "ebs.csi.aws.com", parameters: { encrypted: UNKNOWN } },
        },
      ],
    },
    {
      title: "no disks of AWS",
      verdict: "notApplicable",
      resources: [
        { type: "kubernetes:storage.k8s.io/v1:StorageClass", properties: { provisioner: "efs.csi.aws.com" } },
      ],
    },
  ],
  evaluate: ({ properties }) => {
    const provisioner = own(properties, "provisioner");
    if (provisioner === UNKNOWN) return unknown("provisioner", describe(provisioner), "a class of encrypted volumes");
    if (
      typeof provisioner !== "string" ||
      !/^(ebs\.csi\.(eks\.)?(aws|amazonaws)\.com|kubernetes\.io\/aws-ebs)$/.test(provisioner)
    )
      return notApplicable("it makes no EBS volumes");
    const path = "parameters.encrypted";
    const value = at(properties, path);
    if (value === UNKNOWN) return unknown(path, describe(value), '"true"');
    return isOn(value) === true ? pass(path, "true") : fail(path, describe(value), '"true"');
  },
};
