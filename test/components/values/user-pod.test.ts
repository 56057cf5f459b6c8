import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mergeHelmValues } from "../../../chart/helm-merge";
import { chartDefaults } from "../../../chart/releases";
import type { ValueMap } from "../../../chart/values";
import { hubValues } from "../../../components/values/hub-values";
import { withPlaceholders } from "../../../components/values/value";
import { validSettings } from "../../support/arbitrary-settings";
import { hubSettings } from "../../support/hub-settings";
import { restrictedObjections, userPod, userPodFacts } from "../../support/user-pod";

if (userPodFacts === undefined)
  console.warn(
    "SKIPPED: ../shared/data/user-pod-settings.json is missing, so no user pod can be derived from the values",
  );

const defaults = chartDefaults("4.4.0").values;
const effective = (given: ValueMap) => mergeHelmValues(defaults, given);

describe.skipIf(userPodFacts === undefined)("the pod that KubeSpawner makes for a user", () => {
  const pod = (values: ValueMap) => userPod(userPodFacts as NonNullable<typeof userPodFacts>, values);

  test("passes Pod Security `restricted`, has no API credentials and no way to the metadata's init container", () =>
    fc.assert(
      fc.property(validSettings, (input) => {
        const { spec } = pod(effective(withPlaceholders(hubValues(hubSettings(input))) as ValueMap));
        expect(restrictedObjections({ spec })).toEqual([]);
        expect(spec.automountServiceAccountToken).toBe(false);
        expect(spec.serviceAccountName).toBe(input.users?.awsAccess ? "user-server" : undefined);
        expect(spec.initContainers).toEqual([]);
        expect(spec.enableServiceLinks).toBe(false);
      }),
      { numRuns: 30 },
    ));

  test("would not with the chart's defaults", () =>
    expect(restrictedObjections(pod(effective({})))).toEqual([
      "block-cloud-metadata: privileged",
      "block-cloud-metadata: allowPrivilegeEscalation",
      "block-cloud-metadata: runAsNonRoot",
      "block-cloud-metadata: runAsUser",
      "block-cloud-metadata: seccompProfile",
      "block-cloud-metadata: capabilities.drop",
      "block-cloud-metadata: capabilities.add",
      "notebook: runAsNonRoot",
      "notebook: seccompProfile",
      "notebook: capabilities.drop",
    ]));

  test("would not without the metadata block alone", () =>
    expect(
      restrictedObjections(pod(effective({ singleuser: { cloudMetadata: { blockWithIptables: false } } }))),
    ).toEqual(["notebook: runAsNonRoot", "notebook: seccompProfile", "notebook: capabilities.drop"]));

  test("would carry credentials with a service account of its own", () =>
    expect(
      pod(effective({ singleuser: { serviceAccountName: "user" } })).spec.automountServiceAccountToken,
    ).toBeUndefined());
});
