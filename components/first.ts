import type * as pulumi from "@pulumi/pulumi";

/** The first of a list that AWS never leaves empty. */
export function first<Item>(list: pulumi.Output<Item[]>): pulumi.Output<Item> {
  return list.apply((items) => items?.[0] as Item);
}
