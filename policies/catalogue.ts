import type { Control } from "./control";

/** A recommendation of the articles that no program can check. */
export interface Uncheckable {
  /** Row of the control catalogue. */
  readonly id: string;
  readonly recommendation: string;
  /** Why no program can tell. */
  readonly reason: string;
  /** What to do about it. */
  readonly instead: string;
}

/** Rows of the catalogue by area: how many recommendations the articles make. */
const areas = { TLS: 15, EXP: 2, AUTH: 10, SEC: 8, IMG: 11, RBAC: 9, META: 5, NET: 6, USR: 13, SUP: 10 } as const;

/** Every recommendation of the articles, in the catalogue's order. */
export const recommendations: readonly string[] = Object.entries(areas).flatMap(([area, count]) =>
  Array.from({ length: count }, (_, index) => `${area}-${String(index + 1).padStart(2, "0")}`),
);

export const uncheckable: readonly Uncheckable[] = [
  {
    id: "TLS-04",
    recommendation: "Wait until the name leads to the load balancer before HTTPS is turned on",
    reason: "it is an order in time: the release makes the load balancer whose name the record needs",
    instead:
      "make load balancer, record and certificate before the release, as this library does, or deploy once without and once with HTTPS",
  },
  {
    id: "SEC-06",
    recommendation: "Keep secrets safely, not in plain configuration",
    reason:
      "a policy is given every value in plain text and cannot tell whether it was a secret (pulumi-policy issue 241)",
    instead:
      "set secrets by `pulumi config set --secret`, keep the state in a backend that encrypts, and search the exported stack for known secrets in CI",
  },
  {
    id: "SEC-08",
    recommendation: "A registry's password is hidden in kubectl's description of the Secret",
    reason: "hidden is not encrypted: whoever may read Secrets decodes it; no setting of a deployment changes that",
    instead:
      "encrypt Secrets with an own key (cluster-secrets-encrypted), limit who may read them (roles-minimal), and pull from ECR by the nodes' role",
  },
  {
    id: "IMG-11",
    recommendation: "Log in to the registry with a token that lives briefly when you push images",
    reason: "images are pushed by a person or a pipeline, which no deployment shows",
    instead: "push from CI with a role that OpenID Connect gives it, and keep no registry password anywhere",
  },
  {
    id: "USR-01",
    recommendation: "Decide whether users trust each other",
    reason: "it is a decision about people",
    instead: "set settings.profile to untrusted-users where they do not: the controls about users then demand more",
  },
  {
    id: "USR-10",
    recommendation: "Use virtual environments without access to the system's packages",
    reason: "how the server's Python is installed is inside of the image",
    instead: "build the image with a root-owned environment, and test in CI that its user cannot write to it",
  },
  {
    id: "SUP-04",
    recommendation: "Review security at regular intervals",
    reason: "it is a habit of people",
    instead:
      "run `jupyterhub-eks audit` and `pulumi policy analyze` in CI every week, and put a review into the calendar",
  },
  {
    id: "SUP-05",
    recommendation: "Report vulnerabilities in private",
    reason: "it is about what people do with what they find",
    instead:
      "write to security@ipython.org or use GitHub's private reports of the JupyterHub projects, and publish how to reach you",
  },
  {
    id: "SUP-08",
    recommendation: "Keep a record of release name, namespace and version",
    reason: "whether a record is kept is not part of what is deployed",
    instead: "keep the program in version control: it is the record",
  },
  {
    id: "SUP-09",
    recommendation: "On premises more has to be done",
    reason: "it is about machines that nobody deploys through a cloud",
    instead: "nothing on Amazon EKS; elsewhere follow the platform's own hardening guide",
  },
  {
    id: "SUP-10",
    recommendation: "Establish security before users log in",
    reason: "it is an order in time",
    instead: "run the first deployment with the security pack, whose controls are mandatory by default",
  },
];

/** Which controls cover each recommendation; none cover those that no program can check. */
export function coverage(controls: readonly Control[]): ReadonlyMap<string, readonly Control[]> {
  return new Map(recommendations.map((id) => [id, controls.filter(({ reference }) => reference.includes(id))]));
}
