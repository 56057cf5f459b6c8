import { z } from "zod";
import { filledIn, kubernetesName, orOutput, secretArn } from "../../formats";
import type { Relation } from "../../relations";
import { secret } from "../secret";

/** In AWS Secrets Manager, read at each deployment: the secret's text is `{"clientId": "...", "clientSecret": "..."}`. */
const secretsManager = z.strictObject({
  kind: z.literal("secrets-manager"),
  /** ARN of the secret, in the stack's region. */
  secretArn: orOutput(secretArn, "expected the ARN of a secret, as text or as an output"),
});

/** In a Secret of the hub's namespace, which only the hub reads. It must be there before the hub is. */
const kubernetesSecret = z.strictObject({
  kind: z.literal("kubernetes-secret"),
  /** Name of the Secret; it has the keys `clientId` and `clientSecret`. */
  name: orOutput(kubernetesName, "expected the name of a Secret, as text or as an output"),
});

/** By what the hub identifies itself at the login provider. Either both are given, or where they are kept. */
export const client = {
  /** ID of the client that is registered at the provider. */
  clientId: orOutput(
    filledIn("Ov23liAbCdEfGhIjKlMn"),
    "expected the client's ID, as text or as an output, for example Ov23liAbCdEfGhIjKlMn",
  ).optional(),
  /** Secret of the client. */
  clientSecret: secret("auth.clientSecret").optional(),
  /** Where ID and secret are kept, if not in the settings. */
  clientCredentials: z.discriminatedUnion("kind", [secretsManager, kubernetesSecret]).optional(),
};

/** Providers that need no client of somebody else's making. */
const withoutClient: readonly unknown[] = ["cognito", "custom", "dummy", undefined];

const kept = "or set auth.clientCredentials, if AWS Secrets Manager or a Kubernetes secret keeps both";

const missing = (setting: "clientId" | "clientSecret", expected: string): Relation => ({
  path: ["auth", setting],
  broken: ({ auth } = {}, isRefused) => {
    const { [setting]: value, clientCredentials } = (auth ?? {}) as Record<string, unknown>;
    const isGiven = [value, clientCredentials].some((each) => each !== undefined);
    const isOpen = isRefused("auth", setting) || isRefused("auth", "clientCredentials");
    return !withoutClient.includes(auth?.provider) && !isGiven && !isOpen && `expected ${expected}; ${kept}`;
  },
});

export const clientRelations: readonly Relation[] = [
  missing(
    "clientId",
    "the ID of the client that is registered at the provider, for example by `pulumi config set --path auth.clientId Ov23liAbCdEfGhIjKlMn`",
  ),
  missing(
    "clientSecret",
    "the secret of that client, for example by `pulumi config set --secret --path auth.clientSecret`",
  ),
  {
    path: ["auth", "clientCredentials"],
    broken: ({ auth } = {}) => {
      const { clientId, clientSecret, clientCredentials } = (auth ?? {}) as Record<string, unknown>;
      const isTwice = clientCredentials !== undefined && [clientId, clientSecret].some((each) => each !== undefined);
      return (
        isTwice && "auth.clientId or auth.clientSecret is set, too; expected one of the two ways, so remove the other"
      );
    },
  },
  {
    path: ["auth", "clientCredentials"],
    broken: ({ auth, hub } = {}) => {
      const { clientCredentials } = (auth ?? {}) as { clientCredentials?: { kind?: string } };
      return (
        clientCredentials?.kind === "kubernetes-secret" &&
        hub?.createNamespace === true &&
        "the Secret has to be there before the hub, but hub.createNamespace makes its namespace together with the hub; make the namespace and the Secret first, and set hub.createNamespace: false"
      );
    },
  },
];
