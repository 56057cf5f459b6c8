import { z } from "zod";
import { brokenRelations } from "../relations";
import { auth, authRelations, authSecrets } from "./auth";
import { cluster, clusterRelations } from "./cluster";
import { domain, domainRelations, hostedZone } from "./domain";
import { exposure, exposureRelations } from "./exposure";
import { extraValues, extraValuesRelations } from "./extra-values";
import { https, httpsRelations } from "./https";
import { hub, hubRelations } from "./hub";
import { imageRelations, images } from "./images";
import { network, networkRelations } from "./network";
import { networkPolicyEngine, networkPolicyEngineRelations } from "./network-policy-engine";
import { nodePoolRelations, nodePools } from "./node-pools";
import { certificateRelations } from "./own-certificate";
import { tags } from "./tags";
import { userRelations, users } from "./users";

const shape = z.strictObject({
  domain,
  hostedZone,
  https,
  exposure,
  auth,
  cluster,
  network,
  nodePools,
  networkPolicyEngine,
  users,
  images,
  hub,
  extraValues,
  tags,
});

/** What has to hold between settings. */
const relations = [
  ...domainRelations,
  ...httpsRelations,
  ...certificateRelations,
  ...exposureRelations,
  ...authRelations,
  ...clusterRelations,
  ...networkRelations,
  ...nodePoolRelations,
  ...networkPolicyEngineRelations,
  ...userRelations,
  ...imageRelations,
  ...hubRelations,
  ...extraValuesRelations,
];

/** One home for every setting of a hub: names, types, defaults, and what is refused. Each section is a file beside this one. */
export const settingsSchema = shape.superRefine(
  (settings, context) => {
    for (const issue of brokenRelations(relations, settings, context.issues)) context.addIssue(issue);
  },
  // Also where single settings are wrong, so that all problems show at once.
  { when: () => true },
);

/** What a user sets: only what has no default is required. */
export type SettingsInput = z.input<typeof settingsSchema>;
/** Every setting with its default filled in. */
export type Settings = z.output<typeof shape>;

/** Where secrets are, for whoever reads settings from plain text. */
export const secretSettings: readonly (readonly string[])[] = [
  ...authSecrets,
  ["https", "key"],
  ["cluster", "kubeconfig"],
  ["hub", "secrets", "proxyToken"],
  ["hub", "secrets", "cookieSecret"],
  ["hub", "secrets", "cryptKey"],
  ["images", "pullSecret", "password"],
];
