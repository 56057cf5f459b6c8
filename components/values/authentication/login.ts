import type { Output } from "@pulumi/pulumi";

/** Text that is known now or later. */
export type Text = string | Output<string>;

/** Who is let in, and who administers, by name. */
export interface People {
  /** Accounts that may log in. */
  readonly allowedUsers: readonly string[];
  /** Accounts that administer the hub; they may log in, too. */
  readonly adminUsers: readonly string[];
}

/** Who is let in, and who administers, by group of the provider's. */
export interface Groups {
  /** Groups whose members may log in. */
  readonly allowedGroups: readonly string[];
  /** Groups whose members administer the hub; they may log in, too. */
  readonly adminGroups: readonly string[];
}

/** By what the hub identifies itself at the login provider: ID and secret, or a Secret with the keys `clientId` and `clientSecret`. */
export type LoginClient =
  | { readonly clientId: Text; readonly clientSecret: Output<string> }
  | { readonly clientCredentials: { readonly kind: "kubernetes-secret"; readonly name: Text } };
